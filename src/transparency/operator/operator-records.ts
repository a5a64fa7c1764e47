/**
 * What an operator stores of a log, as bytes: declared like the structures of the draft, read as strictly. Bytes that
 * are not what was written are a damaged store.
 */

import { type Codec, decode, encode, fixedBytes, struct, uint32, uint64, vector } from '../../bytes/codec.js';
import { presentIf } from '../../bytes/variants.js';
import { DecodeError, StateError } from '../../errors.js';
import { RESULTS_MAX } from '../../prefix/proof.js';
import { type PrefixLeaf, prefixLeafCodec } from '../wire/proofs.js';
import { type UpdateValue, updateValueCodec } from '../wire/update.js';
import { HASH_BYTES, isMode, openingCodec, signatureCodec, type WireContext } from '../wire/wire-context.js';

/** A log entry, and under which position its prefix tree is stored. */
export interface EntryRecord {
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  readonly prefixTree: { readonly position: number; readonly root: Uint8Array };
}

/** The newest head that was signed. */
export interface HeadRecord {
  readonly treeSize: number;
  readonly signature: Uint8Array;
}

/** Versions of a label that one log entry inserted. */
export interface InsertionRecord {
  readonly position: number;
  /** 1 or more, those that were skipped among them. */
  readonly count: number;
  /** How many of them, the first, were skipped; exactly in a log with a third-party manager. */
  readonly skipped: number | undefined;
}

/** A version: what every answer about it needs. */
export interface VersionRecord {
  /** Zeros for a version that was skipped. */
  readonly commitment: Uint8Array;
  readonly vrfOutput: Uint8Array;
  readonly vrfProof: Uint8Array;
}

/** What opens a version's commitment. */
export interface OpeningRecord {
  readonly opening: Uint8Array;
  readonly update: UpdateValue;
}

/** How far the prefix trees are pruned. */
export interface PruningRecord {
  /** The first position whose tree may be read. */
  readonly readableFrom: number;
  /** The first position whose pages may still have to be deleted: behind that, unless deleting was cut short. */
  readonly prunedTo: number;
}

const hash: Codec<Uint8Array> = /* @__PURE__ */ fixedBytes(HASH_BYTES);

export const entryRecord: Codec<EntryRecord> = /* @__PURE__ */ struct<EntryRecord>({
  timestampMs: uint64,
  prefixTree: /* @__PURE__ */ struct<EntryRecord['prefixTree']>({ position: uint64, root: hash }),
});

export const headRecord: Codec<HeadRecord> = /* @__PURE__ */ struct<HeadRecord>({
  treeSize: uint64,
  signature: signatureCodec,
});

/** The leaves that a log entry adds, in ascending order: as many as an AuditorUpdate can prove. */
export const changesRecord: Codec<readonly PrefixLeaf[]> = /* @__PURE__ */ vector(prefixLeafCodec, {
  min: 0,
  ceiling: RESULTS_MAX,
  upFront: true,
});

export const pruningRecord: Codec<PruningRecord> = /* @__PURE__ */ struct<PruningRecord>({
  readableFrom: uint64,
  prunedTo: uint64,
});

/** The insertions of a label. */
export function labelRecord(context: WireContext): Codec<readonly InsertionRecord[]> {
  const skipped = presentIf(isMode(context, 'thirdPartyManagement'), uint32);
  return vector(struct<InsertionRecord>({ position: uint64, count: uint32, skipped }), {
    min: 1,
    ceiling: 2 ** 32 - 1,
    upFront: true,
  });
}

/** An opening, with the value and what the log's mode has beside it. */
export function openingRecord(context: WireContext): Codec<OpeningRecord> {
  return struct<OpeningRecord>({ opening: openingCodec, update: updateValueCodec(context) });
}

/** Of the log's suite, whose proofs have this length. */
export function versionRecord(vrfProofBytes: number): Codec<VersionRecord> {
  return struct<VersionRecord>({
    commitment: hash,
    vrfOutput: hash,
    vrfProof: fixedBytes(vrfProofBytes),
  });
}

/** A record as bytes, fresh. */
export function encodeRecord<T>(codec: Codec<T>, record: T): Uint8Array {
  return encode(codec, record);
}

/**
 * A record from what the store gave.
 * @throws StateError `ERR_STORED_STATE` nothing is there, or something else than was written
 */
export function openRecord<T>(codec: Codec<T>, bytes: Uint8Array | undefined, what: string): T {
  if (!(bytes instanceof Uint8Array)) throw new StateError('ERR_STORED_STATE', `the store lacks ${what}`);
  try {
    return decode(codec, bytes, what, Infinity);
  } catch (error) {
    if (error instanceof DecodeError)
      throw new StateError('ERR_STORED_STATE', `the store has a damaged ${what}`);
    throw error;
  }
}
