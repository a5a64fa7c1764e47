/**
 * The published vectors against the library: every valid case gives its output, every invalid one its code. Trees and
 * tiles run over every engine, lists with what is stored as bytes and as a value; how code sessions come to published
 * nonces stands in `library-codes.ts`.
 */
import { createTypeScriptHasher, type TreeHasher } from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../support/accounts.js';
import { type Fields, PUBLISHED, type PublishedFile } from './files.js';
import { BATCH_JUDGES } from './library-batches.js';
import { CODE_JUDGES } from './library-codes.js';
import { DIRECTORY_JUDGES } from './library-directory.js';
import { EVIDENCE_JUDGES } from './library-evidence.js';
import { KEY_JUDGES, type StoredAs } from './library-keys.js';
import { NOTE_JUDGES } from './library-notes.js';
import { SUITE_JUDGES } from './library-suites.js';
import { PREFIX_JUDGES } from './library-prefix.js';
import { TILE_FORM_JUDGES, TILE_JUDGES } from './library-tiles.js';
import { WIRE_JUDGES } from './library-transparency.js';
import { TREE_JUDGES } from './library-trees.js';

type Judge = (input: Fields) => Fields;

const ENGINES: readonly TreeHasher[] = [
  createTypeScriptHasher(),
  createWasmHasher(),
  createWasmHasher({ simd: 'off' }),
];
const STORED_AS: readonly StoredAs[] = ['bytes', 'value'];

/**
 * Judged by functions that no door exports, in `test/unit`: `sas-transcript-vectors.test.ts`, `vrf-steps.test.ts`,
 * `transparency-order-vectors.test.ts` and `transparency-searches-vectors.test.ts`; judged over a node store:
 * `prefix-trees.test.ts` and `managers.test.ts`; judged as stories, one exchange or audit after the other:
 * `transparency-exchanges-vectors.test.ts` and `auditor-vectors.test.ts`; in part over stores:
 * `head-log-vectors.test.ts`; over states that are made for it:
 * `credentials-vectors.test.ts`; asynchronous, and with secrets that no door takes: `transfer-vectors.test.ts`.
 */
const ELSEWHERE = new Set(['SasTranscript', 'VrfSteps', 'PrefixHistory', 'PrefixProofOf']);
const FILES_ELSEWHERE = new Set([
  'keytrans-order',
  'keytrans-searches',
  'keytrans-monitoring',
  'keytrans-owners',
  'keytrans-label-updates',
  'keytrans-management',
  'keytrans-distinguished',
  'keytrans-audits',
  'keytrans-witnessed-heads',
  'keytrans-credentials',
  'transfer',
]);
const FILES = PUBLISHED.filter(({ file }) => !FILES_ELSEWHERE.has(file));

/** Every way in which the library judges a structure. */
function waysOf(structure: string): readonly (readonly [way: string, judge: Judge])[] {
  const tree =
    TREE_JUDGES[structure] ?? TILE_JUDGES[structure] ?? BATCH_JUDGES[structure] ?? PREFIX_JUDGES[structure];
  if (tree !== undefined) return ENGINES.map((engine) => [engine.name, (input) => tree(input, engine)]);
  if (ELSEWHERE.has(structure)) return [];
  const other =
    CODE_JUDGES[structure] ??
    DIRECTORY_JUDGES[structure] ??
    EVIDENCE_JUDGES[structure] ??
    NOTE_JUDGES[structure] ??
    TILE_FORM_JUDGES[structure] ??
    SUITE_JUDGES[structure] ??
    WIRE_JUDGES[structure];
  if (other !== undefined) return [['', other]];
  const key = KEY_JUDGES[structure];
  if (key === undefined) throw new Error(`nothing judges ${structure}`);
  return structure === 'NextList'
    ? STORED_AS.map((storedAs) => [`stored as ${storedAs}`, (input) => key(input, storedAs)])
    : [['', (input) => key(input, 'bytes')]];
}

test('the engines are three', () => {
  expect(ENGINES.map(({ name }) => name)).toEqual(['typescript', 'wasm-simd', 'wasm-scalar']);
});

const ways = <Case extends { structure: string }>(
  cases: readonly Case[],
): (Case & { way: string; judge: Judge })[] =>
  cases.flatMap((one) => waysOf(one.structure).map(([way, judge]) => ({ ...one, way, judge })));

/** A value that was never accepted cannot be stored as one. */
const isPossible = ({ code, way }: { code: string; way: string }): boolean =>
  !(code === 'ERR_STORED_STATE' && way === 'stored as value');

describe.each(FILES)('$file', ({ valid }: PublishedFile) => {
  test.each(ways(valid))('$structure accepts: $name $way', ({ input, output, judge }) => {
    expect(judge(input)).toEqual(output);
  });
});

describe.each(FILES.filter(({ invalid }) => invalid.length > 0))('$file', ({ invalid }: PublishedFile) => {
  test.each(ways(invalid).filter(isPossible))('$structure refuses: $name $way', ({ input, code, judge }) => {
    expect(codeOf(() => judge(input))).toBe(code);
  });
});
