/**
 * What decides how the structures of the draft are read, beside their own bytes: the log's cipher suite and its
 * deployment mode. Both stand in its configuration, so a `Configuration` is a `WireContext`.
 *
 * The third decider, whether a SearchRequest named a version, is an argument of `parseSearchResponse`.
 */

import { assertObject } from '../../bytes/arguments.js';
import { type Codec, fixedBytes, opaque, vector } from '../../bytes/codec.js';
import type { CipherSuiteId } from '../../crypto/cipher-suite.js';
import { ArgumentRangeError } from '../../errors.js';
import { LABEL_MAX_BYTES, VALUE_MAX_BYTES } from './wire-bounds.js';

export type { CipherSuiteId };

/** The revision of draft-ietf-keytrans-protocol that is implemented: the editor's copy, just past -05. */
export const KEYTRANS_REVISION = '526cc8a';

/** How a log is deployed, by the draft's names (draft, "Tree Head Signature"). */
export type DeploymentMode = 'contactMonitoring' | 'thirdPartyManagement' | 'thirdPartyAuditing';

/** What of a log's configuration decides how its structures are read. Every `Configuration` is one. */
export interface WireContext {
  readonly ciphersuite: CipherSuiteId;
  readonly mode: DeploymentMode;
}

/** Sizes in bytes that a cipher suite fixes on the wire. */
export interface SuiteSizes {
  readonly signaturePublicKey: number;
  readonly vrfPublicKey: number;
  /** `VRF.Np` */
  readonly vrfProof: number;
}

/** `Hash.Nh` and `VRF.Nh`: both suites have SHA-256 and VRF outputs of 32 bytes, and so does every tree of ours. */
export const HASH_BYTES = 32;
/** `Nc` of both suites. */
const OPENING_BYTES = 16;

const P256: SuiteSizes = /* @__PURE__ */ Object.freeze({
  signaturePublicKey: 65,
  vrfPublicKey: 33,
  vrfProof: 81,
});
const ED25519: SuiteSizes = /* @__PURE__ */ Object.freeze({
  signaturePublicKey: 32,
  vrfPublicKey: 32,
  vrfProof: 80,
});

/** The sizes of a suite, or undefined where it is unknown. */
export function suiteSizes(ciphersuite: number): SuiteSizes | undefined {
  return ciphersuite === 0x0001 ? P256 : ciphersuite === 0x0002 ? ED25519 : undefined;
}

const isKnown = (mode: DeploymentMode): boolean =>
  mode === 'contactMonitoring' || mode === 'thirdPartyManagement' || mode === 'thirdPartyAuditing';

/** The sizes of the context's suite; refuses what is no context. */
export function sizesOf(context: WireContext): SuiteSizes {
  assertObject(context, 'the context');
  const sizes = suiteSizes(context.ciphersuite);
  if (sizes === undefined) throw new ArgumentRangeError('the context has an unknown cipher suite');
  if (!isKnown(context.mode)) throw new ArgumentRangeError('the context has an unknown mode');
  return sizes;
}

/** Whether the log has this mode; refuses what is no context. */
export function isMode(context: WireContext, mode: DeploymentMode): boolean {
  sizesOf(context);
  return context.mode === mode;
}

/** `opaque HashValue[Hash.Nh]`, and every other hash and VRF output. */
export const hashCodec: Codec<Uint8Array> = /* @__PURE__ */ fixedBytes(HASH_BYTES);
/** `opaque opening[Nc]` */
export const openingCodec: Codec<Uint8Array> = /* @__PURE__ */ fixedBytes(OPENING_BYTES);
/** `opaque signature<0..2^16-1>`. Which length a signature has, the suite says when it verifies. */
export const signatureCodec: Codec<Uint8Array> = /* @__PURE__ */ opaque(0, 2 ** 16 - 1);
/** `opaque label<0..2^8-1>` */
export const labelCodec: Codec<Uint8Array> = /* @__PURE__ */ opaque(0, LABEL_MAX_BYTES);
/** `opaque value<0..2^32-1>`, of which `VALUE_MAX_BYTES` are accepted. */
export const valueCodec: Codec<Uint8Array> = /* @__PURE__ */ opaque(0, 2 ** 32 - 1, VALUE_MAX_BYTES);

/** `T name<0..2^8-1>` */
export function vector8<T>(element: Codec<T>): Codec<readonly T[]> {
  return vector(element, { min: 0, ceiling: 2 ** 8 - 1, upFront: true });
}

/** `T name<0..2^16-1>` */
export function vector16<T>(element: Codec<T>): Codec<readonly T[]> {
  return vector(element, { min: 0, ceiling: 2 ** 16 - 1, upFront: true });
}
