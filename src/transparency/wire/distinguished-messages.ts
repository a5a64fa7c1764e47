/**
 * Walking the distinguished heads, and what is exchanged to detect forks (draft, "Walking Distinguished Heads" and
 * "Detecting Forks"). Nothing that is parsed here is verified.
 */

import { type Codec, decode, encode, struct, uint64 } from '../../bytes/codec.js';
import { optional } from '../../bytes/variants.js';
import { MESSAGE_MAX_BYTES, REQUEST_MAX_BYTES } from './wire-bounds.js';
import { type CombinedTreeProof, combinedTreeProofCodec } from './proofs.js';
import { lastCodec } from './search-messages.js';
import { type FullTreeHead, fullTreeHeadCodec } from './tree-head.js';
import { hashCodec, vector8, type WireContext } from './wire-context.js';

/** `DistinguishedRequest` (draft, "Walking Distinguished Heads"). */
export interface DistinguishedRequest {
  /** Tree size of the newest head that the user verified. */
  readonly last: number | undefined;
  /** Index of the log entry to stop at. */
  readonly stop: number | undefined;
}

/** `DistinguishedResponse` (draft, "Walking Distinguished Heads"). */
export interface DistinguishedResponse {
  readonly fullTreeHead: FullTreeHead;
  readonly distinguished: CombinedTreeProof;
}

/** `DistinguishedHead` (draft, "Detecting Forks"): what two users compare over a channel that the log does not control. */
export interface DistinguishedHead {
  /** Roots of the log tree, left to right, each where a distinguished log entry was the newest. At most 255. */
  readonly heads: readonly Uint8Array[];
}

const distinguishedRequestCodec: Codec<DistinguishedRequest> = /* @__PURE__ */ struct<DistinguishedRequest>({
  last: lastCodec,
  stop: /* @__PURE__ */ optional(uint64),
});

function distinguishedResponseCodec(context: WireContext): Codec<DistinguishedResponse> {
  return struct<DistinguishedResponse>({
    fullTreeHead: fullTreeHeadCodec(context),
    distinguished: combinedTreeProofCodec,
  });
}

const distinguishedHeadCodec: Codec<DistinguishedHead> = /* @__PURE__ */ struct<DistinguishedHead>({
  heads: /* @__PURE__ */ vector8(hashCodec),
});

/**
 * `DistinguishedRequest` (draft, "Walking Distinguished Heads") from bytes.
 * @param bytes at most 4,096; not changed
 * @returns frozen, its bytes fresh
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseDistinguishedRequest(bytes: Uint8Array): DistinguishedRequest {
  return decode(distinguishedRequestCodec, bytes, 'DistinguishedRequest', REQUEST_MAX_BYTES);
}

/**
 * `DistinguishedRequest` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeDistinguishedRequest(request: DistinguishedRequest): Uint8Array {
  return encode(distinguishedRequestCodec, request, REQUEST_MAX_BYTES);
}

/**
 * `DistinguishedResponse` (draft, "Walking Distinguished Heads") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; nothing is proven yet
 * @throws DecodeError a code of the wire. ArgumentTypeError, ArgumentRangeError: what is no context
 */
export function parseDistinguishedResponse(bytes: Uint8Array, context: WireContext): DistinguishedResponse {
  return decode(distinguishedResponseCodec(context), bytes, 'DistinguishedResponse', MESSAGE_MAX_BYTES);
}

/**
 * `DistinguishedResponse` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError; also where a part is missing, or has no place
 */
export function encodeDistinguishedResponse(
  response: DistinguishedResponse,
  context: WireContext,
): Uint8Array {
  return encode(distinguishedResponseCodec(context), response, MESSAGE_MAX_BYTES);
}

/**
 * `DistinguishedHead` (draft, "Detecting Forks") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; whoever sent it vouches for it, nobody else
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseDistinguishedHead(bytes: Uint8Array): DistinguishedHead {
  return decode(distinguishedHeadCodec, bytes, 'DistinguishedHead', MESSAGE_MAX_BYTES);
}

/**
 * `DistinguishedHead` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeDistinguishedHead(head: DistinguishedHead): Uint8Array {
  return encode(distinguishedHeadCodec, head, MESSAGE_MAX_BYTES);
}
