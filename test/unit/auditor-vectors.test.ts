/**
 * The published audits. An auditor is led through each story from its beginning, since its state is a form of its own; what
 * it holds after a case must be what the file says that an auditor keeps.
 */

import { describe, expect, test } from 'vitest';
import { createAuditor } from '../../src/auditor.js';
import { createTypeScriptHasher, type TreeHasher } from '../../src/log.js';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256, SecretBytes } from '../../src/suites.js';
import { decodeAuditorState } from '../../src/transparency/auditor/auditor-state-encoding.js';
import { openLog } from '../../src/transparency/verifier/trusted-log.js';
import { parseConfiguration } from '../../src/transparency/wire/configuration.js';
import { createWasmHasher } from '../../src/wasm.js';
import { codeOf } from '../support/accounts.js';
import {
  byteList,
  bytes,
  type Fields,
  hex,
  number,
  PUBLISHED,
  type PublishedFile,
  text,
  type ValidCase,
} from '../vectors/files.js';

const FILE = PUBLISHED.find(({ file }) => file === 'keytrans-audits') as PublishedFile;
const SUITES = { 1: KT_128_SHA256_P256, 2: KT_128_SHA256_Ed25519 };
const ENGINES: readonly TreeHasher[] = [
  createTypeScriptHasher(),
  createWasmHasher(),
  createWasmHasher({ simd: 'off' }),
];

const orUndefined = (field: unknown): Uint8Array | undefined => (field === null ? undefined : bytes(field));

function stateFields(configuration: Uint8Array, state: Uint8Array): Fields {
  const { ciphersuite, ...config } = parseConfiguration(configuration);
  if (config.mode !== 'thirdPartyAuditing') throw new Error('a log without an auditor');
  const log = openLog(configuration, SUITES[ciphersuite]);
  const { treeSize, fullSubtrees, frontier, prefixTree, memory } = decodeAuditorState(log, state);
  expect(memory.from).toBe(config.auditorStartPos);
  return {
    treeSize,
    fullSubtrees: fullSubtrees.map(hex),
    frontier,
    prefixTree: hex(prefixTree),
    insertions: memory.insertions.map(({ position, keys }) => ({ position, keys: hex(keys) })),
  };
}

/** States after the cases, by name: what comes next builds upon them. */
function judgeWith(hasher: TreeHasher): (input: Fields) => Fields {
  const ends = new Map<string, Uint8Array>();
  const caseOf = (name: string): ValidCase => FILE.valid.find((one) => one.name === name) as ValidCase;

  function stateBefore(input: Fields): Uint8Array | undefined {
    if (input['before'] === null) return undefined;
    const name = text(input['before']);
    const state = ends.get(name) ?? run(caseOf(name).input).after;
    ends.set(name, state);
    return state;
  }

  function run(input: Fields) {
    const configuration = bytes(input['configuration']);
    const suite = SUITES[parseConfiguration(configuration).ciphersuite];
    const secret = new SecretBytes(bytes(input['secret']));
    const auditor = createAuditor(configuration, {
      suite,
      hasher,
      signer: (tbs) => suite.signatures.sign(secret, tbs),
      state: stateBefore(input),
      start: orUndefined(input['start']),
      newestHead: orUndefined(input['newestHead']),
    });
    const clock = input['nowMs'] === null ? {} : { nowMs: number(input['nowMs']) };
    return auditor.apply(byteList(input['updates']), clock);
  }

  return (input) => {
    const { root, head, after } = run(input);
    return {
      root: hex(root),
      head: head === undefined ? null : hex(head),
      after: stateFields(bytes(input['configuration']), after),
    };
  };
}

describe.each(ENGINES)('$name', (engine) => {
  const judge = judgeWith(engine);

  test.each(FILE.valid)('$structure accepts: $name', ({ input, output }) => {
    expect(judge(input)).toEqual(output);
  });

  test.each(FILE.invalid)('$structure refuses: $name', ({ input, code }) => {
    expect(codeOf(() => judge(input))).toBe(code);
  });
});

test('there are audits from the beginning and from the middle, and at least 35 damages', () => {
  const begins = FILE.valid.filter(({ input }) => input['before'] === null);
  expect(new Set(begins.map(({ input }) => input['start'] === null))).toEqual(new Set([true, false]));
  expect(FILE.invalid.length).toBeGreaterThanOrEqual(35);
});
