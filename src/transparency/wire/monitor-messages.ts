/** Contact monitoring: the request and its response (draft, "Contact Monitor"). Nothing that is parsed here is verified. */

import { type Codec, decode, encode, struct, uint32, uint64 } from '../../bytes/codec.js';
import { MESSAGE_MAX_BYTES, REQUEST_MAX_BYTES } from './wire-bounds.js';
import { type CombinedTreeProof, combinedTreeProofCodec } from './proofs.js';
import { lastCodec } from './search-messages.js';
import { type FullTreeHead, fullTreeHeadCodec } from './tree-head.js';
import { labelCodec, vector8, type WireContext } from './wire-context.js';

/** `MonitorMapEntry` (draft, "Contact Monitor"): a version that is watched, and the log entry it was last seen in. */
export interface MonitorMapEntry {
  /** Index of a log entry. */
  readonly position: number;
  readonly version: number;
}

/** `ContactMonitorRequest` (draft, "Contact Monitor"). */
export interface ContactMonitorRequest {
  /** Tree size of the newest head that the user verified. */
  readonly last: number | undefined;
  readonly label: Uint8Array;
  /** At most 255. The log checks their order; this reader does not. */
  readonly entries: readonly MonitorMapEntry[];
}

/** `ContactMonitorResponse` (draft, "Contact Monitor"). */
export interface ContactMonitorResponse {
  readonly fullTreeHead: FullTreeHead;
  readonly monitor: CombinedTreeProof;
}

export const monitorMapCodec: Codec<readonly MonitorMapEntry[]> = /* @__PURE__ */ vector8(
  /* @__PURE__ */ struct<MonitorMapEntry>({ position: uint64, version: uint32 }),
);

const contactMonitorRequestCodec: Codec<ContactMonitorRequest> =
  /* @__PURE__ */ struct<ContactMonitorRequest>({
    last: lastCodec,
    label: labelCodec,
    entries: monitorMapCodec,
  });

function contactMonitorResponseCodec(context: WireContext): Codec<ContactMonitorResponse> {
  return struct<ContactMonitorResponse>({
    fullTreeHead: fullTreeHeadCodec(context),
    monitor: combinedTreeProofCodec,
  });
}

/**
 * `ContactMonitorRequest` (draft, "Contact Monitor") from bytes.
 * @param bytes at most 4,096; not changed
 * @returns frozen, its bytes fresh
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseContactMonitorRequest(bytes: Uint8Array): ContactMonitorRequest {
  return decode(contactMonitorRequestCodec, bytes, 'ContactMonitorRequest', REQUEST_MAX_BYTES);
}

/**
 * `ContactMonitorRequest` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeContactMonitorRequest(request: ContactMonitorRequest): Uint8Array {
  return encode(contactMonitorRequestCodec, request, REQUEST_MAX_BYTES);
}

/**
 * `ContactMonitorResponse` (draft, "Contact Monitor") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; nothing is proven yet
 * @throws DecodeError a code of the wire. ArgumentTypeError, ArgumentRangeError: what is no context
 */
export function parseContactMonitorResponse(bytes: Uint8Array, context: WireContext): ContactMonitorResponse {
  return decode(contactMonitorResponseCodec(context), bytes, 'ContactMonitorResponse', MESSAGE_MAX_BYTES);
}

/**
 * `ContactMonitorResponse` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError; also where a part is missing, or has no place
 */
export function encodeContactMonitorResponse(
  response: ContactMonitorResponse,
  context: WireContext,
): Uint8Array {
  return encode(contactMonitorResponseCodec(context), response, MESSAGE_MAX_BYTES);
}
