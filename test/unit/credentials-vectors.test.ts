/**
 * The published credentials. What a user knows stands in a client's state, which is a form of this library's own: it is
 * made for each case, with a head that ends where the knowledge ends.
 */

import { describe, expect, test } from 'vitest';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import { EMPTY_STATE } from '../../src/transparency/client/client-state.js';
import { encodeState } from '../../src/transparency/client/state-encoding.js';
import { createCredentialReader } from '../../src/transparency/credentials/create-credential-reader.js';
import type { CredentialReader } from '../../src/transparency/credentials/credential-reader.js';
import { encodePending } from '../../src/transparency/credentials/pending-credential.js';
import type { ProvisionalCredential } from '../../src/transparency/credentials/provisional-credential.js';
import { openLog, type TrustedLog } from '../../src/transparency/verifier/trusted-log.js';
import type { TreeView } from '../../src/transparency/verifier/tree-view.js';
import { parseConfiguration } from '../../src/transparency/wire/configuration.js';
import { parseCredential } from '../../src/transparency/wire/credential.js';
import { codeOf } from '../support/accounts.js';
import { bytes, type Fields, hex, number, PUBLISHED } from '../vectors/files.js';

const FILE = PUBLISHED.find(({ file }) => file === 'keytrans-credentials');
const SUITES = { 1: KT_128_SHA256_P256, 2: KT_128_SHA256_Ed25519 };

function viewOf(field: Fields): TreeView {
  const { treeSize, fullSubtrees, frontier } = field;
  return {
    treeSize: number(treeSize),
    fullSubtrees: (fullSubtrees as readonly string[]).map(bytes),
    frontier: (frontier as readonly Fields[]).map(({ position, timestampMs, prefixTree }) => ({
      position: number(position),
      timestampMs: number(timestampMs),
      prefixTree: bytes(prefixTree),
    })),
  };
}

/** A log, and a reader of what its user knows. */
function openCase(input: Fields): { readonly log: TrustedLog; readonly reader: CredentialReader } {
  const configuration = bytes(input['configuration']);
  const suite = SUITES[parseConfiguration(configuration).ciphersuite];
  const log = openLog(configuration, suite);
  const known = (input['known'] as readonly Fields[]).map(viewOf);
  const view = known.at(-1);
  if (view === undefined) return { log, reader: createCredentialReader(configuration, { suite }) };
  const { treeSize } = view;
  const signature = new Uint8Array(64);
  const isAudited = log.configuration.mode === 'thirdPartyAuditing';
  const auditorTreeHead = isAudited ? { timestampMs: 0, treeSize, signature } : undefined;
  const state = encodeState(log, {
    ...EMPTY_STATE,
    head: { treeHead: { treeSize, signature }, auditorTreeHead, view },
    distinguished: known.map((each) => ({ view: each })),
  });
  return { log, reader: createCredentialReader(configuration, { suite, state }) };
}

const JUDGES: Readonly<Record<string, (input: Fields) => Fields>> = {
  CredentialVerification(input) {
    const { reader } = openCase(input);
    const found = reader.verify(bytes(input['credential']), { label: bytes(input['label']) });
    const { kind, version, value, position, timestampMs } = found;
    const unsettled = found.kind === 'provisional' ? reader.settle(found.pending) : undefined;
    const terminal =
      unsettled === undefined || unsettled.outcome === 'verified' ? null : unsettled.needed.terminal;
    return { kind, version, value: hex(value), position, timestampMs, terminal };
  },
  CredentialSettlement(input) {
    const { log, reader } = openCase(input);
    const credential = bytes(input['credential']);
    const pending = encodePending(log, {
      bytes: credential,
      credential: parseCredential(credential, log.configuration) as ProvisionalCredential,
      base: viewOf(input['base'] as Fields),
      update: undefined,
    });
    const { update } = input;
    const settled = reader.settle(pending, { update: update === null ? undefined : bytes(update) });
    return { isVerified: settled.outcome === 'verified' };
  },
};

describe('the published credentials', () => {
  test.each((FILE?.valid ?? []).map((each) => [each.name, each] as const))(
    '%s',
    (_, { structure, input, output }) => {
      expect(JUDGES[structure]?.(input)).toEqual(output);
    },
  );

  test.each((FILE?.invalid ?? []).map((each) => [each.name, each] as const))(
    '%s',
    (_, { structure, input, code }) => {
      expect(codeOf(() => JUDGES[structure]?.(input))).toBe(code);
    },
  );

  test('are there, of both kinds, in all modes and suites', () => {
    expect(FILE?.valid.length).toBe(66);
    expect(FILE?.invalid.length).toBeGreaterThan(40);
  });
});
