/**
 * New versions of a label: the owner's request, as it is forwarded to a manager, and the response (draft, "Updating a
 * Label" and "Management"). Nothing that is parsed here is verified.
 */

import { type Codec, decode, encode, struct, uint32, uint64 } from '../../bytes/codec.js';
import { optional, presentIf } from '../../bytes/variants.js';
import { ArgumentRangeError } from '../../errors.js';
import { MESSAGE_MAX_BYTES } from './wire-bounds.js';
import { type CombinedTreeProof, combinedTreeProofCodec } from './proofs.js';
import { type BinaryLadderStep, binaryLadderStepCodec, lastCodec } from './search-messages.js';
import { type FullTreeHead, fullTreeHeadCodec } from './tree-head.js';
import { type UpdateSuffix, updateSuffixCodec, type UpdateValue, updateValueCodec } from './update.js';
import { isMode, labelCodec, openingCodec, valueCodec, vector8, type WireContext } from './wire-context.js';

/** `LabelValue` (draft, "Updating a Label"). */
export interface LabelValue {
  readonly value: Uint8Array;
}

/** `UpdateRequest` (draft, "Updating a Label"). */
export interface UpdateRequest {
  /** Tree size of the newest head that the user verified. */
  readonly last: number | undefined;
  readonly label: Uint8Array;
  /** The greatest version that the owner knows of; undefined: none. */
  readonly greatestVersion: number | undefined;
  /** At most 255; none to be told of versions that exist. */
  readonly values: readonly LabelValue[];
}

/** `UpdateInfo` (draft, "Updating a Label"): what was chosen for one new version. */
export interface UpdateInfo {
  /** 16 bytes. */
  readonly opening: Uint8Array;
  readonly suffix: UpdateSuffix;
}

/** `UpdateResponse` (draft, "Updating a Label"). */
export interface UpdateResponse {
  readonly fullTreeHead: FullTreeHead;
  /** Index of the log entry that has the new versions. */
  readonly position: number;
  /** Exactly in a log with a third-party manager: how many versions were skipped before the new ones. */
  readonly skippedVersions: number | undefined;
  /** Values that the request did not bring; none where those of the request were taken. */
  readonly values: readonly LabelValue[];
  readonly info: readonly UpdateInfo[];
  readonly binaryLadder: readonly BinaryLadderStep[];
  readonly update: CombinedTreeProof;
}

/** `ManagerUpdateRequest` (draft, "Management"). */
export interface ManagerUpdateRequest {
  /** As the owner's request has it. */
  readonly last: number | undefined;
  readonly label: Uint8Array;
  /** As the owner's request has it. */
  readonly greatestVersion: number | undefined;
  /** At most 255, each with the service operator's signature. */
  readonly values: readonly UpdateValue[];
  /** The version that the signature over the first value names; 0 without values. */
  readonly signedVersion: number;
}

const labelValues: Codec<readonly LabelValue[]> = /* @__PURE__ */ vector8(
  /* @__PURE__ */ struct<LabelValue>({ value: valueCodec }),
);
const greatestVersion: Codec<number | undefined> = /* @__PURE__ */ optional(uint32);

const updateRequestCodec: Codec<UpdateRequest> = /* @__PURE__ */ struct<UpdateRequest>({
  last: lastCodec,
  label: labelCodec,
  greatestVersion,
  values: labelValues,
});

function updateInfoCodec(context: WireContext): Codec<UpdateInfo> {
  return struct<UpdateInfo>({ opening: openingCodec, suffix: updateSuffixCodec(context) });
}

function updateResponseCodec(context: WireContext): Codec<UpdateResponse> {
  return struct<UpdateResponse>({
    fullTreeHead: fullTreeHeadCodec(context),
    position: uint64,
    skippedVersions: presentIf(isMode(context, 'thirdPartyManagement'), uint32),
    values: labelValues,
    info: vector8(updateInfoCodec(context)),
    binaryLadder: vector8(binaryLadderStepCodec(context)),
    update: combinedTreeProofCodec,
  });
}

/** The draft sends it in one mode only, and there each value has its signature. */
function managerUpdateRequestCodec(context: WireContext): Codec<ManagerUpdateRequest> {
  if (!isMode(context, 'thirdPartyManagement'))
    throw new ArgumentRangeError('only a log with a third-party manager has manager update requests');
  return struct<ManagerUpdateRequest>({
    last: lastCodec,
    label: labelCodec,
    greatestVersion,
    values: vector8(updateValueCodec(context)),
    signedVersion: uint32,
  });
}

/**
 * `UpdateRequest` (draft, "Updating a Label") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseUpdateRequest(bytes: Uint8Array): UpdateRequest {
  return decode(updateRequestCodec, bytes, 'UpdateRequest', MESSAGE_MAX_BYTES);
}

/**
 * `UpdateRequest` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeUpdateRequest(request: UpdateRequest): Uint8Array {
  return encode(updateRequestCodec, request, MESSAGE_MAX_BYTES);
}

/**
 * `UpdateResponse` (draft, "Updating a Label") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; nothing is proven yet
 * @throws DecodeError a code of the wire. ArgumentTypeError, ArgumentRangeError: what is no context
 */
export function parseUpdateResponse(bytes: Uint8Array, context: WireContext): UpdateResponse {
  return decode(updateResponseCodec(context), bytes, 'UpdateResponse', MESSAGE_MAX_BYTES);
}

/**
 * `UpdateResponse` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError; also where a part is missing, or has no place
 */
export function encodeUpdateResponse(response: UpdateResponse, context: WireContext): Uint8Array {
  return encode(updateResponseCodec(context), response, MESSAGE_MAX_BYTES);
}

/**
 * `ManagerUpdateRequest` (draft, "Management") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; no signature is verified
 * @throws DecodeError a code of the wire. ArgumentTypeError, ArgumentRangeError: what is no context of a log
 *   with a third-party manager
 */
export function parseManagerUpdateRequest(bytes: Uint8Array, context: WireContext): ManagerUpdateRequest {
  return decode(managerUpdateRequestCodec(context), bytes, 'ManagerUpdateRequest', MESSAGE_MAX_BYTES);
}

/**
 * `ManagerUpdateRequest` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError; also where a part is missing, or has no place
 */
export function encodeManagerUpdateRequest(request: ManagerUpdateRequest, context: WireContext): Uint8Array {
  return encode(managerUpdateRequestCodec(context), request, MESSAGE_MAX_BYTES);
}
