/**
 * Signing a drafted device list, with keys held here or elsewhere, and the pre-keys that stay outside it.
 */

import { assertObject } from '../bytes/arguments.js';
import { VerificationError } from '../errors.js';
import { assertBytes } from '../bytes/compare.js';
import type { Purpose } from '../crypto/label.js';
import { isValidSignature, type PublicKey } from '../crypto/public-key.js';
import { SIGNATURE_LENGTH } from '../crypto/signature-scheme.js';
import type { DeviceList } from './device-list.js';
import { encodeDeviceList, encodeSignedDeviceList, successionContent } from './device-list-encoding.js';
import type { DeviceListDraft } from './draft-rules.js';
import {
  assertSigners,
  type LocalSigner,
  requestSignature,
  type Signer,
  type Signing,
  signLater,
  signNow,
} from './signer.js';
import { type VerifiedDeviceList, verifyDeviceList } from './verify-device-list.js';

const NOTHING = new Uint8Array(0);
/** Stands where a signature will. */
const UNSIGNED = new Uint8Array(SIGNATURE_LENGTH);

/**
 * Signs a draft and verifies the result as a contact would, against the list it follows.
 * @param signers in any order, found by their public keys: the list's account key; the author's signing key,
 *   unless the account key acts alone; on a change of account key also the one that hands over
 * @returns the verified list; publish its `encoded`, compare-and-swap on `sequence`
 * @throws ArgumentTypeError; ArgumentRangeError where a signer is missing or the list is over 65,536 bytes, in
 *   both cases before any signer is asked; VerificationError `ERR_SIGNATURE` (a signer is broken)
 */
export function signDeviceList(draft: DeviceListDraft, signers: readonly LocalSigner[]): VerifiedDeviceList {
  assertSigners(signers, signaturesOf(draft));
  return signNow(listSigning(draft), signers);
}

/** {@link signDeviceList} with signing keys that live elsewhere. */
export async function signDeviceListAsync(
  draft: DeviceListDraft,
  signers: readonly Signer[],
): Promise<VerifiedDeviceList> {
  assertSigners(signers, signaturesOf(draft));
  return signLater(listSigning(draft), signers);
}

/** The signatures a draft needs, in the order they are asked for. */
function signaturesOf(draft: DeviceListDraft): readonly { publicKey: PublicKey; purpose: Purpose }[] {
  assertObject(draft, 'draft');
  assertObject(draft.position, 'draft.position');
  const { position, handsOver, author } = draft;
  const needed: { publicKey: PublicKey; purpose: Purpose }[] = [];
  if (handsOver !== undefined) needed.push({ publicKey: handsOver, purpose: 'succession' });
  needed.push({ publicKey: position.accountKey, purpose: 'device list' });
  if (author !== undefined) needed.push({ publicKey: author.signingKey, purpose: 'device list author' });
  return needed;
}

function* listSigning(draft: DeviceListDraft): Signing<VerifiedDeviceList> {
  const { position, current, handsOver, author } = draft;
  const { identifier, accountKey, sequence } = position;

  // Whatever cannot be encoded is refused before a key signs: all signatures have one length.
  const blank = listOf(draft, UNSIGNED);
  encodeSignedDeviceList({
    list: blank,
    account: UNSIGNED,
    author: author === undefined ? NOTHING : UNSIGNED,
  });

  let list = blank;
  if (handsOver !== undefined) {
    const content = successionContent(identifier, handsOver, accountKey, sequence);
    list = listOf(draft, yield* requestSignature(handsOver, 'succession', content));
  }
  const content = encodeDeviceList(list);
  const account = yield* requestSignature(accountKey, 'device list', content);
  const byAuthor =
    author === undefined
      ? NOTHING
      : yield* requestSignature(author.signingKey, 'device list author', content);
  const encoded = encodeSignedDeviceList({ list, account, author: byAuthor });
  return verifyDeviceList(encoded, { identifier, stored: current });
}

/** The list of a draft. */
function listOf(draft: DeviceListDraft, succession: Uint8Array): DeviceList {
  const { position, current, handsOver, author } = draft;
  const { identifier, accountKey, sequence } = position;
  const added = handsOver === undefined ? [] : [{ key: handsOver, sequence, signature: succession }];
  return {
    version: 1,
    identifier,
    accountKey,
    successions: [...draft.successions, ...added],
    sequence,
    previous: current !== undefined && draft.continues ? current.listId : NOTHING,
    author: author?.id ?? NOTHING,
    verification: draft.verification,
    devices: draft.devices,
  };
}

/**
 * Signs the pre-keys (or whatever short-lived keys) of a device, which change too often for the list.
 * @param signer the device's signing key
 * @returns the signature, 64 bytes, fresh
 */
export function signPreKeys(preKeys: Uint8Array, signer: LocalSigner): Uint8Array {
  return signNow(requestSignature(signer.publicKey, 'pre-keys', preKeys), [signer]);
}

/** {@link signPreKeys} with a signing key that lives elsewhere. */
export function signPreKeysAsync(preKeys: Uint8Array, signer: Signer): Promise<Uint8Array> {
  return signLater(requestSignature(signer.publicKey, 'pre-keys', preKeys), [signer]);
}

/**
 * Verifies pre-keys. It proves that the device signed them at some time, not that they are its newest.
 * @param signingKey of a device in a verified list
 * @returns the pre-keys, fresh
 * @throws VerificationError `ERR_SIGNATURE`
 */
export function verifyPreKeys(preKeys: Uint8Array, signature: Uint8Array, signingKey: PublicKey): Uint8Array {
  assertBytes(preKeys, 'preKeys');
  assertBytes(signature, 'signature');
  if (!isValidSignature(signingKey, 'pre-keys', preKeys, signature)) {
    throw new VerificationError('ERR_SIGNATURE', 'the device did not sign these pre-keys');
  }
  return Uint8Array.from(preKeys);
}
