/**
 * Owners of a label: taking it over, and monitoring it (draft, "Owner Initialization" and "Owner Monitoring"). Nothing
 * that is parsed here is verified.
 */

import { type Codec, decode, encode, struct, uint32, uint64 } from '../../bytes/codec.js';
import { optional } from '../../bytes/variants.js';
import { MESSAGE_MAX_BYTES, REQUEST_MAX_BYTES } from './wire-bounds.js';
import { monitorMapCodec, type MonitorMapEntry } from './monitor-messages.js';
import { type CombinedTreeProof, combinedTreeProofCodec } from './proofs.js';
import { type BinaryLadderStep, binaryLadderStepCodec, lastCodec } from './search-messages.js';
import { type FullTreeHead, fullTreeHeadCodec } from './tree-head.js';
import { labelCodec, vector16, vector8, type WireContext } from './wire-context.js';

/** `OwnerInitRequest` (draft, "Owner Initialization"). */
export interface OwnerInitRequest {
  /** Tree size of the newest head that the user verified. */
  readonly last: number | undefined;
  readonly label: Uint8Array;
  /** Index of a distinguished log entry, where ownership begins. */
  readonly start: number;
}

/** `OwnerInitResponse` (draft, "Owner Initialization"). */
export interface OwnerInitResponse {
  readonly fullTreeHead: FullTreeHead;
  /** At most 255. The order is checked with the proof; not by this reader. */
  readonly greatestVersions: readonly number[];
  /** At most 65,535, unlike every other ladder: one step for each version of several ladders. */
  readonly binaryLadder: readonly BinaryLadderStep[];
  readonly init: CombinedTreeProof;
}

/** `OwnerMonitorRequest` (draft, "Owner Monitoring"). */
export interface OwnerMonitorRequest {
  /** Tree size of the newest head that the user verified. */
  readonly last: number | undefined;
  readonly label: Uint8Array;
  /** At most 255: versions not yet seen in a distinguished log entry. */
  readonly entries: readonly MonitorMapEntry[];
  /** Index of the rightmost distinguished log entry that the owner verified. */
  readonly start: number;
  /** The greatest version that the owner knows of; undefined: none. */
  readonly greatestVersion: number | undefined;
}

/** `OwnerMonitorResponse` (draft, "Owner Monitoring"). */
export interface OwnerMonitorResponse {
  readonly fullTreeHead: FullTreeHead;
  readonly monitor: CombinedTreeProof;
}

const ownerInitRequestCodec: Codec<OwnerInitRequest> = /* @__PURE__ */ struct<OwnerInitRequest>({
  last: lastCodec,
  label: labelCodec,
  start: uint64,
});

function ownerInitResponseCodec(context: WireContext): Codec<OwnerInitResponse> {
  return struct<OwnerInitResponse>({
    fullTreeHead: fullTreeHeadCodec(context),
    greatestVersions: vector8(uint32),
    binaryLadder: vector16(binaryLadderStepCodec(context)),
    init: combinedTreeProofCodec,
  });
}

const ownerMonitorRequestCodec: Codec<OwnerMonitorRequest> = /* @__PURE__ */ struct<OwnerMonitorRequest>({
  last: lastCodec,
  label: labelCodec,
  entries: monitorMapCodec,
  start: uint64,
  greatestVersion: /* @__PURE__ */ optional(uint32),
});

function ownerMonitorResponseCodec(context: WireContext): Codec<OwnerMonitorResponse> {
  return struct<OwnerMonitorResponse>({
    fullTreeHead: fullTreeHeadCodec(context),
    monitor: combinedTreeProofCodec,
  });
}

/**
 * `OwnerInitRequest` (draft, "Owner Initialization") from bytes.
 * @param bytes at most 4,096; not changed
 * @returns frozen, its bytes fresh
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseOwnerInitRequest(bytes: Uint8Array): OwnerInitRequest {
  return decode(ownerInitRequestCodec, bytes, 'OwnerInitRequest', REQUEST_MAX_BYTES);
}

/**
 * `OwnerInitRequest` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeOwnerInitRequest(request: OwnerInitRequest): Uint8Array {
  return encode(ownerInitRequestCodec, request, REQUEST_MAX_BYTES);
}

/**
 * `OwnerInitResponse` (draft, "Owner Initialization") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; nothing is proven yet
 * @throws DecodeError a code of the wire. ArgumentTypeError, ArgumentRangeError: what is no context
 */
export function parseOwnerInitResponse(bytes: Uint8Array, context: WireContext): OwnerInitResponse {
  return decode(ownerInitResponseCodec(context), bytes, 'OwnerInitResponse', MESSAGE_MAX_BYTES);
}

/**
 * `OwnerInitResponse` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError; also where a part is missing, or has no place
 */
export function encodeOwnerInitResponse(response: OwnerInitResponse, context: WireContext): Uint8Array {
  return encode(ownerInitResponseCodec(context), response, MESSAGE_MAX_BYTES);
}

/**
 * `OwnerMonitorRequest` (draft, "Owner Monitoring") from bytes.
 * @param bytes at most 4,096; not changed
 * @returns frozen, its bytes fresh
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseOwnerMonitorRequest(bytes: Uint8Array): OwnerMonitorRequest {
  return decode(ownerMonitorRequestCodec, bytes, 'OwnerMonitorRequest', REQUEST_MAX_BYTES);
}

/**
 * `OwnerMonitorRequest` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeOwnerMonitorRequest(request: OwnerMonitorRequest): Uint8Array {
  return encode(ownerMonitorRequestCodec, request, REQUEST_MAX_BYTES);
}

/**
 * `OwnerMonitorResponse` (draft, "Owner Monitoring") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; nothing is proven yet
 * @throws DecodeError a code of the wire. ArgumentTypeError, ArgumentRangeError: what is no context
 */
export function parseOwnerMonitorResponse(bytes: Uint8Array, context: WireContext): OwnerMonitorResponse {
  return decode(ownerMonitorResponseCodec(context), bytes, 'OwnerMonitorResponse', MESSAGE_MAX_BYTES);
}

/**
 * `OwnerMonitorResponse` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError; also where a part is missing, or has no place
 */
export function encodeOwnerMonitorResponse(response: OwnerMonitorResponse, context: WireContext): Uint8Array {
  return encode(ownerMonitorResponseCodec(context), response, MESSAGE_MAX_BYTES);
}
