/**
 * What a code session computes: its nonces, the commitment, and the 8 digits (CKV/1, "The 8-digit code").
 *
 * Nothing here is exported by the door. A function from two keys to 8 digits would let a man in the middle
 * search for keys that collide; these take nonces that nobody could choose with the other's in view.
 */

import { type Codec, encode, opaque, struct } from '../bytes/codec.js';
import { concatBytes } from '../bytes/compare.js';
import { hmacSha256 } from '../crypto/hash.js';
import { encodeLabelled, hashLabelled } from '../crypto/label.js';
import type { SecretBytes } from '../crypto/secret-bytes.js';
import { nonceCodec, purposeCodec, type SasPurpose, sasVersion, sessionIdCodec } from './sas-message.js';

/** What both sides must agree on besides the nonces. */
export interface SasContext {
  readonly purpose: SasPurpose;
  readonly sessionId: Uint8Array;
  /** Encoded subject of the initiator. */
  readonly initiator: Uint8Array;
  /** Encoded subject of the responder. */
  readonly responder: Uint8Array;
}

/** `opaque Subject<1..2^16-1>`. */
export const subjectCodec: Codec<Uint8Array> = /* @__PURE__ */ opaque(1, 2 ** 16 - 1);

const committedCodec: Codec<{
  readonly version: 1;
  readonly purpose: SasPurpose;
  readonly sessionId: Uint8Array;
  readonly initiator: Uint8Array;
  readonly nonce: Uint8Array;
}> = /* @__PURE__ */ struct({
  version: sasVersion,
  purpose: purposeCodec,
  sessionId: sessionIdCodec,
  initiator: subjectCodec,
  nonce: nonceCodec,
});

const comparedCodec: Codec<{
  readonly version: 1;
  readonly purpose: SasPurpose;
  readonly sessionId: Uint8Array;
  readonly initiator: Uint8Array;
  readonly responder: Uint8Array;
  readonly commitment: Uint8Array;
}> = /* @__PURE__ */ struct({
  version: sasVersion,
  purpose: purposeCodec,
  sessionId: sessionIdCodec,
  initiator: subjectCodec,
  responder: subjectCodec,
  commitment: nonceCodec,
});

/**
 * A nonce of this side: HMAC-SHA256 under the session's seed of what the nonce is for, which is the session id
 * (initiator) or the start it answers (responder).
 *
 * CKV/1 asks for a fresh 256-bit nonce, and under a fresh 256-bit seed that is one. Deriving instead of drawing
 * buys two things for a state that apps store and restore: the same message always gets the same answer, so a
 * crash between storing and sending does no harm; and an *old* state that is restored by mistake answers another
 * start with an unrelated nonce, so that nobody can choose a commitment with the answer to it in view.
 */
export function deriveNonce(seed: SecretBytes, use: Uint8Array): Uint8Array {
  return seed.use((bytes) => hmacSha256(bytes, encodeLabelled('sas nonce', use)));
}

/** The commitment to the initiator's nonce. It covers the initiator's subject, not the responder's. */
export function deriveCommitment(context: Omit<SasContext, 'responder'>, nonce: Uint8Array): Uint8Array {
  const { purpose, sessionId, initiator } = context;
  return hashLabelled(
    'sas commitment',
    encode(committedCodec, { version: 1, purpose, sessionId, initiator, nonce }),
  );
}

/** 8 decimal digits. */
export function deriveCode(
  context: SasContext,
  initiatorNonce: Uint8Array,
  responderNonce: Uint8Array,
): string {
  const commitment = deriveCommitment(context, initiatorNonce);
  const mac = hmacSha256(
    concatBytes(initiatorNonce, responderNonce),
    encodeLabelled('sas code', encode(comparedCodec, { version: 1, ...context, commitment })),
  );
  // Horner's scheme over the big-endian bytes: every step stays below 256 * 10^8, far from 2^53.
  let value = 0;
  for (const byte of mac.subarray(0, 8)) value = (value * 256 + byte) % 10 ** 8;
  return String(value).padStart(8, '0');
}
