import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

import base from '../../vitest.config.js';

type Groups = Readonly<Record<string, { readonly tests: readonly string[] }>>;

const groups = JSON.parse(readFileSync(new URL('./groups.json', import.meta.url), 'utf8')) as Groups;
const group = groups[process.env['CKV_MUTATION'] ?? 'walks'];
const fewCases = fileURLToPath(new URL('./few-cases.ts', import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      ...((base.resolve?.alias ?? []) as { find: RegExp; replacement: string }[]),
      { find: /^.+\/support\/property\.js$/, replacement: fewCases },
    ],
  },
  test: { include: [...(group?.tests ?? [])], testTimeout: 120_000 },
});
