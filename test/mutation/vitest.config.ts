import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';

import base from '../../vitest.config.js';
import { groups } from './groups.js';

const group = groups[process.env['CKV_MUTATION'] ?? 'walks'];

const config = mergeConfig(base, {
  resolve: {
    alias: [
      {
        find: /^.+\/support\/property\.js$/,
        replacement: fileURLToPath(new URL('./few-cases.ts', import.meta.url)),
      },
    ],
  },
});

export default defineConfig({ ...config, test: { ...config.test, include: [...(group?.tests ?? [])] } });
