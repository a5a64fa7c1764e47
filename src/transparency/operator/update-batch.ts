/**
 * The changes of a log entry: for each label some new versions, each with a commitment and its opening, a place in the
 * prefix tree, and records to be stored before the entry is.
 *
 * In a log with a third-party manager versions can be skipped (draft, "Management"): such a "dummy" has a place in the
 * prefix tree, zeros for a commitment, and nothing that opens it.
 *
 * | bound of a log entry | value | why |
 * | --- | --- | --- |
 * | new versions of one label, skipped ones too | 191 | an UpdateResponse proves each of them beside a ladder of 64, and counts to 255 |
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
import { encodeCommitmentValue, type UpdateValue } from '../wire/update.js';
import type { VersionBook } from './version-book.js';
import { LABEL_MAX_BYTES, VALUE_MAX_BYTES } from '../wire/wire-bounds.js';
import { HASH_BYTES } from '../wire/wire-context.js';

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

/** New versions of one label, as the log takes them: first those that are skipped, then one for each value. */
export interface NewVersions {
  readonly label: Uint8Array;
  /** Exactly in a log with a third-party manager. */
  readonly skipped: number | undefined;
  /** 1 or more; with the skipped ones at most 191. */
  readonly values: readonly UpdateValue[];
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
 * Refuses what no log entry can hold. With a third-party manager that is every value without the service operator's
 * signature, and here are none.
 * @throws ArgumentTypeError, ArgumentRangeError a label twice, without values, or out of bounds
 * @throws PolicyError `ERR_ENTRY_FULL` more new versions than the entry can hold provably
 */
export function assertUpdates(updates: readonly LabelUpdate[], { mode }: Pick<Configuration, 'mode'>): void {
  assertArray(updates, 'updates');
  if (mode === 'thirdPartyManagement' && updates.length > 0) {
    throw new ArgumentRangeError('a manager has no values of its own: they come signed, in update requests');
  }
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

/** Updates of a log without a third-party manager, as the log takes them. */
export function unsigned(updates: readonly LabelUpdate[]): readonly NewVersions[] {
  const suffix = { signature: undefined };
  return updates.map(({ label, values }) => ({
    label,
    skipped: undefined,
    values: values.map((value) => ({ value, suffix })),
  }));
}

/** @returns what a log entry has no room for, as an error */
export function full(): PolicyError {
  return new PolicyError('ERR_ENTRY_FULL', 'more new versions than one log entry can hold');
}

/**
 * Makes a batch. Its bounds, and signatures, are checked already.
 * @param position of the log entry to come: the size of the tree before
 * @throws StateError `ERR_STORED_STATE`; what the store throws
 */
export async function prepareBatch(
  parts: BatchParts,
  updates: readonly NewVersions[],
  position: number,
): Promise<PreparedBatch> {
  const names = updates.map(({ label }) => labelName(label));
  const stored = await parts.store.getMany(names.map(labelKey));
  const insertionsOf = labelRecord(parts.configuration);
  const leaves: PrefixLeaf[] = [];
  const records: NodeEntry[] = [];
  for (const [i, { label, skipped, values }] of updates.entries()) {
    const name = names[i] as string;
    const known = openInsertions(parts.configuration, stored[i]);
    const { greatest } = labelHistory(known, position);
    const first = greatest === undefined ? 0 : greatest + 1;
    const all = [...Array<undefined>(skipped ?? 0).fill(undefined), ...values];
    const insertions = withInsertion(known, { position, count: all.length, skipped });
    records.push({ key: labelKey(name), value: encodeRecord(insertionsOf, insertions) });
    for (const [j, update] of all.entries()) {
      const version = first + j;
      const made = makeVersion(parts, label, version, update);
      leaves.push(made.leaf);
      records.push({ key: versionKey(name, version), value: made.version });
      if (made.opening !== undefined) {
        records.push({ key: openingKey(name, version), value: made.opening });
      }
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
export function openInsertions(
  configuration: Configuration,
  bytes: Uint8Array | undefined,
): readonly InsertionRecord[] {
  return bytes === undefined ? [] : openRecord(labelRecord(configuration), bytes, 'label');
}

/** A version's leaf and records. */
interface MadeVersion {
  readonly leaf: PrefixLeaf;
  readonly version: Uint8Array;
  /** `undefined` for a version that is skipped. */
  readonly opening: Uint8Array | undefined;
}

/** @param update `undefined` for a version that is skipped */

function makeVersion(
  { configuration, suite, book }: BatchParts,
  label: Uint8Array,
  version: number,
  update: UpdateValue | undefined,
): MadeVersion {
  const { output: vrfOutput, proof: vrfProof } = book.prove(label, version);
  const made = (commitment: Uint8Array): Omit<MadeVersion, 'opening'> => ({
    leaf: { vrfOutput, commitment },
    version: encodeRecord(versionRecord(suite.vrf.proofLength), { commitment, vrfOutput, vrfProof }),
  });
  if (update === undefined) return { ...made(new Uint8Array(HASH_BYTES)), opening: undefined };
  const opening = suite.generateOpening();
  const commitment = suite.commit(encodeCommitmentValue({ opening, label, version, update }, configuration));
  return {
    ...made(commitment),
    opening: encodeRecord(openingRecord(configuration), { opening, update }),
  };
}
