import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests and examples import the public specifiers; under test these are the sources.
    alias: [
      { find: /^contact-key-verification$/, replacement: source('index.ts') },
      { find: /^contact-key-verification\/(.+)\.js$/, replacement: source('$1.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    // By itself the runner leaves one core idle, which is half of a small machine.
    maxWorkers: '100%',
  },
});
