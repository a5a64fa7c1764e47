/**
 * Heads of the log, and what is signed of them (draft, "Tree Head Signature", "Auditor Tree Head Signature", "Full
 * Tree Head Verification"). Nothing that is parsed here is verified.
 */

import { type Codec, decode, encode, struct, uint64 } from '../../bytes/codec.js';
import { presentIf, type Tagged, tagged } from '../../bytes/variants.js';
import { MESSAGE_MAX_BYTES } from './wire-bounds.js';
import { type Configuration, configurationCodec } from './configuration.js';
import { hashCodec, isMode, signatureCodec, type WireContext } from './wire-context.js';

/** `TreeHead` (draft, "Tree Head Signature"). */
export interface SignedTreeHead {
  /** Number of log entries. */
  readonly treeSize: number;
  /** Over a `TreeHeadTbs`; by the manager where there is one, otherwise by the service operator. */
  readonly signature: Uint8Array;
}

/** `TreeHeadTBS` (draft, "Tree Head Signature"): what is signed. */
export interface TreeHeadTbs {
  readonly config: Configuration;
  readonly treeSize: number;
  /** Root of the log tree with `treeSize` leaves, 32 bytes. */
  readonly root: Uint8Array;
}

/** `AuditorTreeHead` (draft, "Auditor Tree Head Signature"). */
export interface AuditorTreeHead {
  /** Milliseconds since 1970: that of the newest log entry the auditor processed. */
  readonly timestampMs: number;
  /** Number of log entries. */
  readonly treeSize: number;
  /** The auditor's, over an `AuditorTreeHeadTbs`. */
  readonly signature: Uint8Array;
}

/** `AuditorTreeHeadTBS` (draft, "Auditor Tree Head Signature"): what an auditor signs. */
export interface AuditorTreeHeadTbs {
  readonly config: Configuration;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  readonly treeSize: number;
  /** Root of the log tree when it had `treeSize` leaves, 32 bytes. */
  readonly root: Uint8Array;
}

/** What follows each `FullTreeHeadType`. */
type FullTreeHeadCases = {
  readonly same: object;
  readonly updated: {
    readonly treeHead: SignedTreeHead;
    /** Exactly in a log with a third-party auditor. */
    readonly auditorTreeHead: AuditorTreeHead | undefined;
  };
};

/** `FullTreeHead` (draft, "Full Tree Head Verification"): the head that the user has, or a newer one. */
export type FullTreeHead = Tagged<'headType', FullTreeHeadCases>;

export const treeHeadCodec: Codec<SignedTreeHead> = /* @__PURE__ */ struct<SignedTreeHead>({
  treeSize: uint64,
  signature: signatureCodec,
});

const treeHeadTbsCodec: Codec<TreeHeadTbs> = /* @__PURE__ */ struct<TreeHeadTbs>({
  config: configurationCodec,
  treeSize: uint64,
  root: hashCodec,
});

export const auditorTreeHeadCodec: Codec<AuditorTreeHead> = /* @__PURE__ */ struct<AuditorTreeHead>({
  timestampMs: uint64,
  treeSize: uint64,
  signature: signatureCodec,
});

const auditorTreeHeadTbsCodec: Codec<AuditorTreeHeadTbs> = /* @__PURE__ */ struct<AuditorTreeHeadTbs>({
  config: configurationCodec,
  timestampMs: uint64,
  treeSize: uint64,
  root: hashCodec,
});

export function fullTreeHeadCodec(context: WireContext): Codec<FullTreeHead> {
  const audited = isMode(context, 'thirdPartyAuditing');
  return tagged<'headType', FullTreeHeadCases>('headType', {
    same: { number: 1, rest: struct<object>({}) },
    updated: {
      number: 2,
      rest: struct({
        treeHead: treeHeadCodec,
        auditorTreeHead: presentIf(audited, auditorTreeHeadCodec),
      }),
    },
  });
}

/**
 * `FullTreeHead` (draft, "Full Tree Head Verification") from bytes, as it stands first in every response.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; no signature is verified
 * @throws DecodeError a code of the wire. ArgumentTypeError, ArgumentRangeError: what is no context
 */
export function parseFullTreeHead(bytes: Uint8Array, context: WireContext): FullTreeHead {
  return decode(fullTreeHeadCodec(context), bytes, 'FullTreeHead', MESSAGE_MAX_BYTES);
}

/**
 * `FullTreeHead` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError; also where an auditor's head is missing, or has no place
 */
export function encodeFullTreeHead(head: FullTreeHead, context: WireContext): Uint8Array {
  return encode(fullTreeHeadCodec(context), head, MESSAGE_MAX_BYTES);
}

/**
 * `AuditorTreeHead` (draft, "Auditor Tree Head Signature") from bytes, as an auditor hands it to the operator.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; the signature is not verified
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseAuditorTreeHead(bytes: Uint8Array): AuditorTreeHead {
  return decode(auditorTreeHeadCodec, bytes, 'AuditorTreeHead', MESSAGE_MAX_BYTES);
}

/**
 * `AuditorTreeHead` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeAuditorTreeHead(head: AuditorTreeHead): Uint8Array {
  return encode(auditorTreeHeadCodec, head, MESSAGE_MAX_BYTES);
}

/**
 * `TreeHeadTBS` (draft, "Tree Head Signature") from bytes: what a signer is asked to sign.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh
 * @throws as `parseConfiguration`. DecodeError a code of the wire
 */
export function parseTreeHeadTbs(bytes: Uint8Array): TreeHeadTbs {
  return decode(treeHeadTbsCodec, bytes, 'TreeHeadTbs', MESSAGE_MAX_BYTES);
}

/**
 * `TreeHeadTBS` as bytes: what the operator, or the manager, signs of a head.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeTreeHeadTbs(head: TreeHeadTbs): Uint8Array {
  return encode(treeHeadTbsCodec, head, MESSAGE_MAX_BYTES);
}

/**
 * `AuditorTreeHeadTBS` (draft, "Auditor Tree Head Signature") from bytes: what an auditor's signer is asked to sign.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh
 * @throws as `parseConfiguration`. DecodeError a code of the wire
 */
export function parseAuditorTreeHeadTbs(bytes: Uint8Array): AuditorTreeHeadTbs {
  return decode(auditorTreeHeadTbsCodec, bytes, 'AuditorTreeHeadTbs', MESSAGE_MAX_BYTES);
}

/**
 * `AuditorTreeHeadTBS` as bytes: what an auditor signs.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeAuditorTreeHeadTbs(head: AuditorTreeHeadTbs): Uint8Array {
  return encode(auditorTreeHeadTbsCodec, head, MESSAGE_MAX_BYTES);
}
