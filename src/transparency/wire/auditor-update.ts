/** What an auditor gets for each log entry (draft, "Auditing"). Nothing that is parsed here is verified. */

import { type Codec, decode, encode, struct, uint64 } from '../../bytes/codec.js';
import { MESSAGE_MAX_BYTES } from './wire-bounds.js';
import { type PrefixLeaf, prefixLeafCodec, type PrefixProof, prefixProofCodec } from './proofs.js';
import { vector16 } from './wire-context.js';

/** `AuditorUpdate` (draft, "Auditing"): one log entry and the changes it made to the prefix tree. */
export interface AuditorUpdate {
  /** The log entry's, milliseconds since 1970. */
  readonly timestampMs: number;
  /**
   * At most 65,535 by their count, but with `removed` at most 255 in truth: `proof` has a result for each. Their order
   * is checked by the auditor; not by this reader.
   */
  readonly added: readonly PrefixLeaf[];
  readonly removed: readonly PrefixLeaf[];
  /** Searches in the prefix tree of the entry before: for each of `added`, then for each of `removed`. */
  readonly proof: PrefixProof;
}

const leaves: Codec<readonly PrefixLeaf[]> = /* @__PURE__ */ vector16(prefixLeafCodec);

const auditorUpdateCodec: Codec<AuditorUpdate> = /* @__PURE__ */ struct<AuditorUpdate>({
  timestampMs: uint64,
  added: leaves,
  removed: leaves,
  proof: prefixProofCodec,
});

/**
 * `AuditorUpdate` (draft, "Auditing") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; nothing is proven yet
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseAuditorUpdate(bytes: Uint8Array): AuditorUpdate {
  return decode(auditorUpdateCodec, bytes, 'AuditorUpdate', MESSAGE_MAX_BYTES);
}

/**
 * `AuditorUpdate` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeAuditorUpdate(update: AuditorUpdate): Uint8Array {
  return encode(auditorUpdateCodec, update, MESSAGE_MAX_BYTES);
}
