/**
 * The changes of a log entry: for each label some new versions, each with a commitment and its opening, a place in the
 * prefix tree, and records to be stored before the entry is.
 *
 * | bound of a log entry | value | why |
 * | --- | --- | --- |
 * | new versions of one label | 191 | an UpdateResponse proves each of them beside a ladder of 64, and counts to 255 |
 * | new versions in all, in a log with an auditor | 255 | an AuditorUpdate has one prefix proof for them, which counts to 255 |
 */

import { assertArray } from '../../bytes/arguments.js';
import type { CipherSuite } from '../../crypto/cipher-suite.js';
import { assertBytes, compareBytes } from '../../bytes/compare.js';
import { ArgumentRangeError, PolicyError } from '../../errors.js';
import type { NodeEntry } from '../../prefix/node-store.js';
import type { PrefixLeaf } from '../../prefix/proof.js';
import type { Configuration } from '../wire/configuration.js';
import { labelHistory, withInsertion } from './label-index.js';
import {
  changesRecord,
  encodeRecord,
  type InsertionRecord,
  labelRecord,
  openingRecord,
  openRecord,
  versionRecord,
} from './operator-records.js';
import {
  changesKey,
  labelKey,
  labelName,
  openingKey,
  type OperatorStore,
  versionKey,
} from './operator-store.js';
import { encodeCommitmentValue } from '../wire/update.js';
import type { VersionBook } from './version-book.js';
import { LABEL_MAX_BYTES, VALUE_MAX_BYTES } from '../wire/wire-bounds.js';

/** New versions of a label in one log entry, at most. */
export const LABEL_VERSIONS_MAX = 191;
/** New versions in one log entry of a log with an auditor, at most. */
export const AUDITED_VERSIONS_MAX = 255;

/** New versions of one label. */
export interface LabelUpdate {
  /** At most 255 bytes. */
  readonly label: Uint8Array;
  /** For one new version each, in order: 1 to 191, of at most 2^20 bytes. */
  readonly values: readonly Uint8Array[];
}

/** What a log entry changes. */
export interface PreparedBatch {
  readonly leaves: readonly PrefixLeaf[];
  /** To be stored before the log entry. */
  readonly records: readonly NodeEntry[];
}

/** What preparing a batch needs. */
export interface BatchParts {
  readonly configuration: Configuration;
  readonly suite: CipherSuite;
  readonly store: OperatorStore;
  readonly book: VersionBook;
}

/**
 * Refuses what no log entry can hold.
 * @throws ArgumentTypeError, ArgumentRangeError a label twice, without values, or out of bounds
 * @throws PolicyError `ERR_ENTRY_FULL` more new versions than the entry can hold provably
 */
export function assertUpdates(updates: readonly LabelUpdate[], { mode }: Pick<Configuration, 'mode'>): void {
  assertArray(updates, 'updates');
  const names = new Set<string>();
  let versions = 0;
  for (const { label, values } of updates as readonly LabelUpdate[]) {
    assertBytes(label, 'a label');
    if (label.length > LABEL_MAX_BYTES) throw new ArgumentRangeError('a label has at most 255 bytes');
    assertArray(values, 'values');
    if (values.length === 0) throw new ArgumentRangeError('a label without values');
    if (values.length > LABEL_VERSIONS_MAX) throw full();
    for (const value of values as readonly Uint8Array[]) {
      assertBytes(value, 'a value');
      if (value.length > VALUE_MAX_BYTES) throw new ArgumentRangeError('a value has at most 2^20 bytes');
    }
    names.add(labelName(label));
    versions += values.length;
  }
  if (names.size !== updates.length) throw new ArgumentRangeError('a label comes twice');
  if (mode === 'thirdPartyAuditing' && versions > AUDITED_VERSIONS_MAX) throw full();
}

/** @returns what a log entry has no room for, as an error */
export function full(): PolicyError {
  return new PolicyError('ERR_ENTRY_FULL', 'more new versions than one log entry can hold');
}

/**
 * Makes a batch of updates that {@link assertUpdates} let pass.
 * @param position of the log entry to come: the size of the tree before
 * @throws StateError `ERR_STORED_STATE`; what the store throws
 */
export async function prepareBatch(
  parts: BatchParts,
  updates: readonly LabelUpdate[],
  position: number,
): Promise<PreparedBatch> {
  const names = updates.map(({ label }) => labelName(label));
  const stored = await parts.store.getMany(names.map(labelKey));
  const leaves: PrefixLeaf[] = [];
  const records: NodeEntry[] = [];
  for (const [i, { label, values }] of updates.entries()) {
    const name = names[i] as string;
    const known = openInsertions(stored[i]);
    const { greatest } = labelHistory(known, position);
    const first = greatest === undefined ? 0 : greatest + 1;
    const insertions = withInsertion(known, position, values.length);
    records.push({ key: labelKey(name), value: encodeRecord(labelRecord, insertions) });
    for (const [j, value] of values.entries()) {
      const version = first + j;
      const made = makeVersion(parts, label, version, value);
      leaves.push(made.leaf);
      records.push({ key: versionKey(name, version), value: made.version });
      records.push({ key: openingKey(name, version), value: made.opening });
    }
  }
  if (parts.configuration.mode === 'thirdPartyAuditing') {
    // The order in which an AuditorUpdate lists them.
    leaves.sort((a, b) => compareBytes(a.vrfOutput, b.vrfOutput));
    records.push({ key: changesKey(position), value: encodeRecord(changesRecord, leaves) });
  }
  return { leaves, records };
}

/** A label's insertions as the store has them: none for a label without a record. */
export function openInsertions(bytes: Uint8Array | undefined): readonly InsertionRecord[] {
  return bytes === undefined ? [] : openRecord(labelRecord, bytes, 'label');
}

function makeVersion(
  { configuration, suite, book }: BatchParts,
  label: Uint8Array,
  version: number,
  value: Uint8Array,
): { readonly leaf: PrefixLeaf; readonly version: Uint8Array; readonly opening: Uint8Array } {
  const { output: vrfOutput, proof: vrfProof } = book.prove(label, version);
  const opening = suite.generateOpening();
  const update = { value, suffix: { signature: undefined } };
  const commitment = suite.commit(encodeCommitmentValue({ opening, label, version, update }, configuration));
  return {
    leaf: { vrfOutput, commitment },
    version: encodeRecord(versionRecord(suite.vrf.proofLength), { commitment, vrfOutput, vrfProof }),
    opening: encodeRecord(openingRecord, { opening, value }),
  };
}
