/**
 * Mutation testing: Stryker changes the source in one place at a time, and some test must notice. See README.md here.
 *
 *     CKV_MUTATION=walks npm run mutation              one group of files
 *     npm run mutation -- --mutate 'src/transparency/auditor/*.ts'     any files, with the tests of the group
 */

import { readFileSync } from 'node:fs';

/** Which files are mutated together, and the tests that must notice. */
const groups = JSON.parse(readFileSync(new URL('./groups.json', import.meta.url), 'utf8'));

const name = process.env.CKV_MUTATION ?? 'walks';
const group = groups[name];
if (group === undefined) throw new Error(`CKV_MUTATION must be one of ${Object.keys(groups).join(', ')}`);

const reports = `coverage/mutation/${name}`;

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: group.files.map((file) => `${group.folder ?? 'src/transparency'}/${file}.ts`),
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner', './test/mutation/ignore-messages.js'],
  ignorers: ['messages'],
  coverageAnalysis: 'perTest',
  // Stryker rewrites a tsconfig with TypeScript's older interface, which version 7 does not have: it finds none.
  tsconfigFile: 'tsconfig.none.json',
  // A machine is often shared. `--concurrency 4` where it is not.
  concurrency: 1,
  timeoutMS: 10_000,
  tempDirName: 'coverage/mutation/sandbox',
  ignorePatterns: ['/build', '/dist', '/bench', '/examples', '/coverage', '**/thirdparty'],
  incremental: true,
  incrementalFile: `${reports}/incremental.json`,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `${reports}/report.json` },
};
