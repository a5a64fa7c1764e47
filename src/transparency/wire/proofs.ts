/**
 * Proofs as they travel (draft, "Log Tree" and "Tree Proofs"). What is here is form alone: which log entry, which
 * lookup and which node an element belongs to, only the algorithms say that consume it.
 */

import { type Codec, decode, encode, struct, uint64, uint8 } from '../../bytes/codec.js';
import { tagged } from '../../bytes/variants.js';
import type { PrefixLeaf, PrefixProof, PrefixSearchResult } from '../../prefix/proof.js';
import { MESSAGE_MAX_BYTES } from './wire-bounds.js';
import { hashCodec, vector16, vector8 } from './wire-context.js';

/** What the prefix tree proves with is what travels. */
export type { PrefixLeaf, PrefixProof, PrefixSearchResult };

/** `LogEntry` (draft, "Log Tree"): its hash is a leaf of the log tree. */
export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  /** Root of the prefix tree after the entry's changes, 32 bytes. */
  readonly prefixTree: Uint8Array;
}

/** `InclusionProof` (draft, "Tree Proofs", "Log Tree"): heads of balanced subtrees of the log tree, left to right. */
export interface InclusionProof {
  readonly elements: readonly Uint8Array[];
}

/** What follows each `PrefixSearchResultType`. */
type SearchResultCases = {
  readonly inclusion: { readonly depth: number };
  readonly nonInclusionLeaf: { readonly leaf: PrefixLeaf; readonly depth: number };
  readonly nonInclusionParent: { readonly depth: number };
};

/** `CombinedTreeProof` (draft, "Combined Tree"): queues that the algorithms of an operation consume. */
export interface CombinedTreeProof {
  /** Milliseconds since 1970, at most 255. */
  readonly timestampsMs: readonly number[];
  /** At most 255. */
  readonly prefixProofs: readonly PrefixProof[];
  /** At most 255. */
  readonly prefixRoots: readonly Uint8Array[];
  readonly inclusion: InclusionProof;
}

export const logEntryCodec: Codec<LogEntry> = /* @__PURE__ */ struct<LogEntry>({
  timestampMs: uint64,
  prefixTree: hashCodec,
});

const hashes8: Codec<readonly Uint8Array[]> = /* @__PURE__ */ vector8(hashCodec);
const hashes16: Codec<readonly Uint8Array[]> = /* @__PURE__ */ vector16(hashCodec);

const inclusionProofCodec: Codec<InclusionProof> = /* @__PURE__ */ struct<InclusionProof>({
  elements: hashes16,
});

export const prefixLeafCodec: Codec<PrefixLeaf> = /* @__PURE__ */ struct<PrefixLeaf>({
  vrfOutput: hashCodec,
  commitment: hashCodec,
});

const prefixSearchResultCodec: Codec<PrefixSearchResult> = /* @__PURE__ */ tagged<
  'resultType',
  SearchResultCases
>('resultType', {
  inclusion: { number: 1, rest: /* @__PURE__ */ struct({ depth: uint8 }) },
  nonInclusionLeaf: { number: 2, rest: /* @__PURE__ */ struct({ leaf: prefixLeafCodec, depth: uint8 }) },
  nonInclusionParent: { number: 3, rest: /* @__PURE__ */ struct({ depth: uint8 }) },
});

export const prefixProofCodec: Codec<PrefixProof> = /* @__PURE__ */ struct<PrefixProof>({
  results: /* @__PURE__ */ vector8(prefixSearchResultCodec),
  elements: hashes16,
});

export const combinedTreeProofCodec: Codec<CombinedTreeProof> = /* @__PURE__ */ struct<CombinedTreeProof>({
  timestampsMs: /* @__PURE__ */ vector8(uint64),
  prefixProofs: /* @__PURE__ */ vector8(prefixProofCodec),
  prefixRoots: hashes8,
  inclusion: inclusionProofCodec,
});

/**
 * `LogEntry` (draft, "Log Tree") from bytes.
 * @param bytes 40; not changed
 * @returns frozen, its bytes fresh
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseLogEntry(bytes: Uint8Array): LogEntry {
  return decode(logEntryCodec, bytes, 'LogEntry', MESSAGE_MAX_BYTES);
}

/**
 * `LogEntry` as bytes: what is hashed for a leaf of the log tree.
 * @returns fresh, 40 bytes
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const leafHash = hashLeaf(encodeLogEntry({ timestampMs, prefixTree }), keytransLog);
 */
export function encodeLogEntry(entry: LogEntry): Uint8Array {
  return encode(logEntryCodec, entry);
}

/**
 * `InclusionProof` (draft, "Tree Proofs", "Log Tree") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; nothing is proven yet
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseInclusionProof(bytes: Uint8Array): InclusionProof {
  return decode(inclusionProofCodec, bytes, 'InclusionProof', MESSAGE_MAX_BYTES);
}

/**
 * `InclusionProof` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeInclusionProof(proof: InclusionProof): Uint8Array {
  return encode(inclusionProofCodec, proof, MESSAGE_MAX_BYTES);
}

/**
 * `PrefixProof` (draft, "Tree Proofs", "Prefix Tree") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; nothing is proven yet: not even that a leaf in the way is another leaf
 * @throws DecodeError a code of the wire. ArgumentTypeError
 * @example
 * const found = verifyPrefixProof(entry.prefixTree, searches, parsePrefixProof(bytes));
 */
export function parsePrefixProof(bytes: Uint8Array): PrefixProof {
  return decode(prefixProofCodec, bytes, 'PrefixProof', MESSAGE_MAX_BYTES);
}

/**
 * `PrefixProof` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodePrefixProof(proof: PrefixProof): Uint8Array {
  return encode(prefixProofCodec, proof, MESSAGE_MAX_BYTES);
}

/**
 * `CombinedTreeProof` (draft, "Combined Tree") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; nothing is proven yet
 * @throws DecodeError a code of the wire. ArgumentTypeError
 * @example
 * const { timestampsMs, prefixProofs, prefixRoots, inclusion } = parseCombinedTreeProof(bytes);
 */
export function parseCombinedTreeProof(bytes: Uint8Array): CombinedTreeProof {
  return decode(combinedTreeProofCodec, bytes, 'CombinedTreeProof', MESSAGE_MAX_BYTES);
}

/**
 * `CombinedTreeProof` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeCombinedTreeProof(proof: CombinedTreeProof): Uint8Array {
  return encode(combinedTreeProofCodec, proof, MESSAGE_MAX_BYTES);
}
