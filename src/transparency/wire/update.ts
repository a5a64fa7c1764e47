/**
 * A value as it stands under a commitment, and what is computed of a label-version pair (draft, "Update Format",
 * "Commitment", "Verifiable Random Function").
 */

import { type Codec, decode, encode, struct, uint32 } from '../../bytes/codec.js';
import { presentIf } from '../../bytes/variants.js';
import { MESSAGE_MAX_BYTES } from './wire-bounds.js';
import { type Configuration, configurationCodec } from './configuration.js';
import {
  isMode,
  labelCodec,
  openingCodec,
  signatureCodec,
  valueCodec,
  type WireContext,
} from './wire-context.js';

/** `UpdateSuffix` (draft, "Update Format"). */
export interface UpdateSuffix {
  /** Exactly in a log with a third-party manager: the service operator's, over an `UpdateTbs`. */
  readonly signature: Uint8Array | undefined;
}

/** `UpdateValue` (draft, "Update Format"): what a commitment opens to. */
export interface UpdateValue {
  readonly value: Uint8Array;
  readonly suffix: UpdateSuffix;
}

/** `UpdateTBS` (draft, "Update Format"): what the service operator signs of a value. */
export interface UpdateTbs {
  readonly config: Configuration;
  readonly label: Uint8Array;
  readonly version: number;
  readonly value: Uint8Array;
}

/** `CommitmentValue` (draft, "Commitment"): the message of the HMAC that is the commitment. */
export interface CommitmentValue {
  /** 16 bytes. */
  readonly opening: Uint8Array;
  readonly label: Uint8Array;
  readonly version: number;
  readonly update: UpdateValue;
}

/** `VrfInput` (draft, "Verifiable Random Function"): its output is the pair's key in the prefix tree. */
export interface VrfInput {
  readonly label: Uint8Array;
  readonly version: number;
}

export function updateSuffixCodec(context: WireContext): Codec<UpdateSuffix> {
  return struct<UpdateSuffix>({
    signature: presentIf(isMode(context, 'thirdPartyManagement'), signatureCodec),
  });
}

export function updateValueCodec(context: WireContext): Codec<UpdateValue> {
  return struct<UpdateValue>({ value: valueCodec, suffix: updateSuffixCodec(context) });
}

const updateTbsCodec: Codec<UpdateTbs> = /* @__PURE__ */ struct<UpdateTbs>({
  config: configurationCodec,
  label: labelCodec,
  version: uint32,
  value: valueCodec,
});

function commitmentValueCodec(context: WireContext): Codec<CommitmentValue> {
  return struct<CommitmentValue>({
    opening: openingCodec,
    label: labelCodec,
    version: uint32,
    update: updateValueCodec(context),
  });
}

const vrfInputCodec: Codec<VrfInput> = /* @__PURE__ */ struct<VrfInput>({
  label: labelCodec,
  version: uint32,
});

/**
 * `UpdateTBS` (draft, "Update Format") from bytes: what the service operator's signer is asked to sign.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh
 * @throws as `parseConfiguration`. DecodeError a code of the wire
 */
export function parseUpdateTbs(bytes: Uint8Array): UpdateTbs {
  return decode(updateTbsCodec, bytes, 'UpdateTbs', MESSAGE_MAX_BYTES);
}

/**
 * `UpdateTBS` as bytes: what the service operator signs of a value.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeUpdateTbs(update: UpdateTbs): Uint8Array {
  return encode(updateTbsCodec, update, MESSAGE_MAX_BYTES);
}

/**
 * `CommitmentValue` (draft, "Commitment") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh
 * @throws DecodeError a code of the wire. ArgumentTypeError, ArgumentRangeError: what is no context
 */
export function parseCommitmentValue(bytes: Uint8Array, context: WireContext): CommitmentValue {
  return decode(commitmentValueCodec(context), bytes, 'CommitmentValue', MESSAGE_MAX_BYTES);
}

/**
 * `CommitmentValue` as bytes: what a commitment is computed over.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError; also where a signature is missing, or has no place
 */
export function encodeCommitmentValue(opened: CommitmentValue, context: WireContext): Uint8Array {
  return encode(commitmentValueCodec(context), opened, MESSAGE_MAX_BYTES);
}

/**
 * `VrfInput` (draft, "Verifiable Random Function") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseVrfInput(bytes: Uint8Array): VrfInput {
  return decode(vrfInputCodec, bytes, 'VrfInput', MESSAGE_MAX_BYTES);
}

/**
 * `VrfInput` as bytes: what the VRF is evaluated on.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeVrfInput(pair: VrfInput): Uint8Array {
  return encode(vrfInputCodec, pair, MESSAGE_MAX_BYTES);
}
