/** Search: the request and its response (draft, "Search"). Nothing that is parsed here is verified. */

import { assertObject } from '../../bytes/arguments.js';
import { type Codec, decode, encode, fixedBytes, struct, uint32, uint64 } from '../../bytes/codec.js';
import { optional, presentIf } from '../../bytes/variants.js';
import { MESSAGE_MAX_BYTES, REQUEST_MAX_BYTES } from './wire-bounds.js';
import { type CombinedTreeProof, combinedTreeProofCodec } from './proofs.js';
import { type FullTreeHead, fullTreeHeadCodec } from './tree-head.js';
import { type UpdateValue, updateValueCodec } from './update.js';
import { hashCodec, labelCodec, openingCodec, sizesOf, vector8, type WireContext } from './wire-context.js';

/** `SearchRequest` (draft, "Search"). */
export interface SearchRequest {
  /** Tree size of the newest head that the user verified. */
  readonly last: number | undefined;
  readonly label: Uint8Array;
  /** The version that is wanted; undefined: the greatest. */
  readonly version: number | undefined;
}

/** `BinaryLadderStep` (draft, "Search"): one version of the label in a ladder. */
export interface BinaryLadderStep {
  /** The VRF proof: 81 bytes with P-256, 80 with Ed25519. */
  readonly proof: Uint8Array;
  /** 32 bytes. Left out for versions that do not exist, and for the one that is opened. */
  readonly commitment: Uint8Array | undefined;
}

/** `SearchResponse` (draft, "Search"). */
export interface SearchResponse {
  readonly fullTreeHead: FullTreeHead;
  /** The greatest version; exactly if the request named none. */
  readonly version: number | undefined;
  /** 16 bytes. */
  readonly opening: Uint8Array;
  readonly value: UpdateValue;
  readonly binaryLadder: readonly BinaryLadderStep[];
  readonly search: CombinedTreeProof;
}

/** `optional<uint64> last;` of every request. */
export const lastCodec: Codec<number | undefined> = /* @__PURE__ */ optional(uint64);

const searchRequestCodec: Codec<SearchRequest> = /* @__PURE__ */ struct<SearchRequest>({
  last: lastCodec,
  label: labelCodec,
  version: /* @__PURE__ */ optional(uint32),
});

export function binaryLadderStepCodec(context: WireContext): Codec<BinaryLadderStep> {
  return struct<BinaryLadderStep>({
    proof: fixedBytes(sizesOf(context).vrfProof),
    commitment: optional(hashCodec),
  });
}

/** What of the request decides the response's form. */
type Asked = Pick<SearchRequest, 'version'>;

function searchResponseCodec(context: WireContext, request: Asked): Codec<SearchResponse> {
  assertObject(request, 'the request that is answered');
  return struct<SearchResponse>({
    fullTreeHead: fullTreeHeadCodec(context),
    version: presentIf(request.version === undefined, uint32),
    opening: openingCodec,
    value: updateValueCodec(context),
    binaryLadder: vector8(binaryLadderStepCodec(context)),
    search: combinedTreeProofCodec,
  });
}

/**
 * `SearchRequest` (draft, "Search") from bytes.
 * @param bytes at most 4,096; not changed
 * @returns frozen, its bytes fresh
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseSearchRequest(bytes: Uint8Array): SearchRequest {
  return decode(searchRequestCodec, bytes, 'SearchRequest', REQUEST_MAX_BYTES);
}

/**
 * `SearchRequest` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const request = { last: 50, label: encodeUtf8('alice'), version: undefined }; // the greatest version
 * const bytes = encodeSearchRequest(request);
 */
export function encodeSearchRequest(request: SearchRequest): Uint8Array {
  return encode(searchRequestCodec, request, REQUEST_MAX_BYTES);
}

/**
 * `SearchResponse` (draft, "Search") from bytes.
 * @param bytes at most 2^24; not changed
 * @param request the request that is answered: the response has a `version` exactly if it named none
 * @returns frozen, its bytes fresh; nothing is proven yet
 * @throws DecodeError a code of the wire. ArgumentTypeError, ArgumentRangeError: what is no context, or no request
 * @example
 * const { fullTreeHead, version, search } = parseSearchResponse(bytes, configuration, request);
 */
export function parseSearchResponse(
  bytes: Uint8Array,
  context: WireContext,
  request: Pick<SearchRequest, 'version'>,
): SearchResponse {
  return decode(searchResponseCodec(context, request), bytes, 'SearchResponse', MESSAGE_MAX_BYTES);
}

/**
 * `SearchResponse` as bytes.
 * @param request the request that is answered
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError; also where a part is missing, or has no place
 */
export function encodeSearchResponse(
  response: SearchResponse,
  context: WireContext,
  request: Pick<SearchRequest, 'version'>,
): Uint8Array {
  return encode(searchResponseCodec(context, request), response, MESSAGE_MAX_BYTES);
}
