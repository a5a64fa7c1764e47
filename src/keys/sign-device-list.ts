/**
 * Signing a drafted device list, with keys held here or elsewhere, and the pre-keys that stay outside it.
 */

import { VerificationError } from '../errors.js';
import { assertBytes } from '../bytes/compare.js';
import { isValidSignature, type PublicKey } from '../crypto/public-key.js';
import {
  type DeviceList,
  encodeDeviceList,
  encodeSignedDeviceList,
  successionContent,
} from './device-list.js';
import type { DeviceListDraft } from './list-drafts.js';
import {
  type LocalSigner,
  requestSignature,
  type Signer,
  type Signing,
  signLater,
  signNow,
} from './signer.js';
import { type VerifiedDeviceList, verifyDeviceList } from './verify-device-list.js';

const NOTHING = new Uint8Array(0);

/**
 * Signs a draft and verifies the result as a contact would, against the list it follows.
 * @param signers in any order, found by their public keys: the list's account key; the author's signing key,
 *   unless the account key acts alone; on a change of account key also the one that hands over
 * @returns the verified list; publish its `encoded`, compare-and-swap on `sequence`
 * @throws ArgumentRangeError where a signer is missing or the list is over 65,536 bytes; VerificationError
 *   `ERR_SIGNATURE` (a signer is broken) or what `verifyDeviceList` throws (an entry that is false)
 */
export function signDeviceList(draft: DeviceListDraft, signers: readonly LocalSigner[]): VerifiedDeviceList {
  return signNow(listSigning(draft), signers);
}

/** {@link signDeviceList} with signing keys that live elsewhere. */
export function signDeviceListAsync(
  draft: DeviceListDraft,
  signers: readonly Signer[],
): Promise<VerifiedDeviceList> {
  return signLater(listSigning(draft), signers);
}

function* listSigning(draft: DeviceListDraft): Signing<VerifiedDeviceList> {
  const { position, current, handsOver, author } = draft;
  const { identifier, accountKey, sequence } = position;
  const successions = [...draft.successions];
  if (handsOver !== undefined) {
    const content = successionContent(identifier, handsOver, accountKey, sequence);
    const signature = yield* requestSignature(handsOver, 'succession', content);
    successions.push({ key: handsOver, sequence, signature });
  }
  const list: DeviceList = {
    version: 1,
    identifier,
    accountKey,
    successions,
    sequence,
    previous: current !== undefined && draft.continues ? current.listId : NOTHING,
    author: author?.id ?? NOTHING,
    verification: draft.verification,
    devices: draft.devices,
  };
  const content = encodeDeviceList(list);
  const signed = {
    list,
    account: yield* requestSignature(accountKey, 'device list', content),
    author:
      author === undefined
        ? NOTHING
        : yield* requestSignature(author.signingKey, 'device list author', content),
  };
  return verifyDeviceList(encodeSignedDeviceList(signed), { identifier, stored: current });
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
