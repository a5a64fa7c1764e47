/**
 * Credentials: what users send one another instead of asking the log (draft, "Credentials"). Nothing that is parsed here
 * is verified.
 */

import { type Codec, decode, encode, struct, uint32, uint64 } from '../../bytes/codec.js';
import { joined, type Tagged, tagged } from '../../bytes/variants.js';
import { MESSAGE_MAX_BYTES } from './wire-bounds.js';
import {
  type CombinedTreeProof,
  combinedTreeProofCodec,
  type PrefixProof,
  prefixProofCodec,
} from './proofs.js';
import { type BinaryLadderStep, binaryLadderStepCodec } from './search-messages.js';
import { type SignedTreeHead, treeHeadCodec } from './tree-head.js';
import { type UpdateValue, updateValueCodec } from './update.js';
import { labelCodec, openingCodec, vector8, type WireContext } from './wire-context.js';

/** The fields of every credential. */
interface CredentialFields {
  readonly label: Uint8Array;
  readonly version: number;
  /** 16 bytes. */
  readonly opening: Uint8Array;
  readonly value: UpdateValue;
  readonly binaryLadder: readonly BinaryLadderStep[];
  /** Index of the recent distinguished log entry that it rests on. */
  readonly position: number;
}

/** What follows each `CredentialType`. */
type CredentialCases = {
  /** The version stands in the distinguished log entry. */
  readonly standard: { readonly distinguished: PrefixProof };
  /** The version is newer than it. */
  readonly provisional: { readonly treeHead: SignedTreeHead; readonly search: CombinedTreeProof };
};

/** `Credential` (draft, "Credentials"). */
export type Credential = Readonly<CredentialFields & Tagged<'credentialType', CredentialCases>>;

/** `CredentialUpdate` (draft, "Provisional"): what a provisional credential is finally verified with. */
export interface CredentialUpdate {
  readonly monitor: CombinedTreeProof;
}

function credentialCodec(context: WireContext): Codec<Credential> {
  return joined(
    struct<CredentialFields>({
      label: labelCodec,
      version: uint32,
      opening: openingCodec,
      value: updateValueCodec(context),
      binaryLadder: vector8(binaryLadderStepCodec(context)),
      position: uint64,
    }),
    tagged<'credentialType', CredentialCases>('credentialType', {
      standard: { number: 1, rest: struct({ distinguished: prefixProofCodec }) },
      provisional: { number: 2, rest: struct({ treeHead: treeHeadCodec, search: combinedTreeProofCodec }) },
    }),
  );
}

const credentialUpdateCodec: Codec<CredentialUpdate> = /* @__PURE__ */ struct<CredentialUpdate>({
  monitor: combinedTreeProofCodec,
});

/**
 * `Credential` (draft, "Credentials") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; nothing is proven yet
 * @throws DecodeError a code of the wire. ArgumentTypeError, ArgumentRangeError: what is no context
 */
export function parseCredential(bytes: Uint8Array, context: WireContext): Credential {
  return decode(credentialCodec(context), bytes, 'Credential', MESSAGE_MAX_BYTES);
}

/**
 * `Credential` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError; also where a part is missing, or has no place
 */
export function encodeCredential(credential: Credential, context: WireContext): Uint8Array {
  return encode(credentialCodec(context), credential, MESSAGE_MAX_BYTES);
}

/**
 * `CredentialUpdate` (draft, "Provisional") from bytes.
 * @param bytes at most 2^24; not changed
 * @returns frozen, its bytes fresh; nothing is proven yet
 * @throws DecodeError a code of the wire. ArgumentTypeError
 */
export function parseCredentialUpdate(bytes: Uint8Array): CredentialUpdate {
  return decode(credentialUpdateCodec, bytes, 'CredentialUpdate', MESSAGE_MAX_BYTES);
}

/**
 * `CredentialUpdate` as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeCredentialUpdate(update: CredentialUpdate): Uint8Array {
  return encode(credentialUpdateCodec, update, MESSAGE_MAX_BYTES);
}
