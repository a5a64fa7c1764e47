/**
 * The entries of a head log: a key transparency log's heads at its distinguished log entries, one each, in order.
 *
 *     struct {
 *       uint16 version = 1;
 *       opaque log[32];                 suite, mode and keys of the key transparency log
 *       uint64 position;                of the distinguished log entry
 *       uint64 timestamp;               of that entry, milliseconds since 1970
 *       opaque root[32];                of the log tree with position + 1 entries
 *       opaque signature<0..2^16-1>;    the log's, of its TreeHeadTBS for that tree
 *     } WitnessedHead;
 *
 * Why each carries the log's own signature: whoever holds two entries, or an entry and another tree head, that contradict
 * each other, then holds two heads that one key has signed, whoever runs the head log.
 */

import { decode, encode, struct, uint64, version } from '../../bytes/codec.js';
import type { Codec } from '../../bytes/codec.js';
import { equalBytes } from '../../bytes/compare.js';
import { VerificationError } from '../../errors.js';
import { type TrustedLog, verifySignature } from '../verifier/trusted-log.js';
import { encodeTreeHeadTbs } from '../wire/tree-head.js';
import { hashCodec, signatureCodec } from '../wire/wire-context.js';

/** A signature of either suite has 64 bytes; room for one to come. */
const HEAD_MAX_BYTES = 1024;

/** A log as it was when a distinguished entry was its newest. Frozen. */
export interface WitnessedHead {
  /** Of the entry. */
  readonly position: number;
  /** Of the entry, milliseconds since 1970. */
  readonly timestampMs: number;
  /** Of the log tree with `position + 1` entries, 32 bytes. */
  readonly root: Uint8Array;
  /** The log's signature of that tree's head. */
  readonly signature: Uint8Array;
}

interface WireHead extends WitnessedHead {
  readonly version: 1;
  readonly log: Uint8Array;
}

/** An entry of a head log, and as part of a state. */
export const witnessedHeadCodec: Codec<WireHead> = /* @__PURE__ */ struct<WireHead>({
  version: /* @__PURE__ */ version(2, 1),
  log: hashCodec,
  position: uint64,
  timestampMs: uint64,
  root: hashCodec,
  signature: signatureCodec,
});

/** A head as an entry of the head log: fresh. @throws ArgumentTypeError, ArgumentRangeError */
export function encodeWitnessedHead({ id: log }: TrustedLog, head: WitnessedHead): Uint8Array {
  return encode(witnessedHeadCodec, { ...head, version: 1, log }, HEAD_MAX_BYTES);
}

/**
 * A head from an entry of the head log. **Verifies nothing but whose it is**: {@link assertNext} does the rest.
 * @returns frozen, its bytes fresh
 * @throws DecodeError a code of the wire; UnsupportedError `ERR_VERSION`
 * @throws VerificationError `ERR_HEAD_LOG_OTHER` a head of another log
 */
export function parseWitnessedHead({ id }: TrustedLog, entry: Uint8Array): WitnessedHead {
  const { log, position, timestampMs, root, signature } = decode(
    witnessedHeadCodec,
    entry,
    'WitnessedHead',
    HEAD_MAX_BYTES,
  );
  if (!equalBytes(log, id)) throw new VerificationError('ERR_HEAD_LOG_OTHER', 'a head of another log');
  return Object.freeze({ position, timestampMs, root, signature });
}

/**
 * Checks a head that follows another one in the head log.
 * @param before `undefined` for the first
 * @throws VerificationError `ERR_SIGNATURE` the log did not sign it; `ERR_HEAD_MISMATCH` two roots of one size, **a log
 *   that shows two faces**; `ERR_HEAD_LOG_ORDER` no later log entry; `ERR_TIMESTAMP_ORDER` an earlier time
 */
export function assertNext(log: TrustedLog, before: WitnessedHead | undefined, next: WitnessedHead): void {
  const { configuration: config, headKey } = log;
  const tbs = encodeTreeHeadTbs({ config, treeSize: next.position + 1, root: next.root });
  verifySignature(log, headKey, tbs, next.signature, 'ERR_SIGNATURE');
  if (before === undefined) return;
  if (next.position === before.position && !equalBytes(next.root, before.root)) {
    throw new VerificationError('ERR_HEAD_MISMATCH', 'the head log has two heads of one size');
  }
  if (next.position <= before.position) {
    throw new VerificationError('ERR_HEAD_LOG_ORDER', 'an entry of the head log is of no later log entry');
  }
  if (next.timestampMs < before.timestampMs) {
    throw new VerificationError('ERR_TIMESTAMP_ORDER', 'an entry of the head log is of an earlier time');
  }
}
