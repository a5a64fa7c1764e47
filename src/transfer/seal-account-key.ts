/**
 * The device that has the account key: it seals it to the offer of a device that is to have it too.
 *
 * To whom is decided by a person: who scans a QR code, or says "same" to 8 digits, hands over the account. Only a
 * device of the current list gets a new account key without being asked for.
 */

import { assertObject } from '../bytes/arguments.js';
import { assertBytes, equalBytes } from '../bytes/compare.js';
import { takeConfirmation } from '../codes/sas-confirmation.js';
import type { SasOutcome } from '../codes/sas-session.js';
import type { LinkOfferFields } from '../codes/sas-subject.js';
import { assertTimeMs } from '../codes/time.js';
import { encodeLabelled } from '../crypto/label.js';
import { encodePublicKey, equalPublicKeys, isValidSignature } from '../crypto/public-key.js';
import { SecretBytes } from '../crypto/secret-bytes.js';
import { ArgumentRangeError, PolicyError, VerificationError } from '../errors.js';
import type { PrivateKey } from '../keys/private-key.js';
import type { VerifiedDeviceList } from '../keys/verify-device-list.js';
import { sealToOffer } from './hpke.js';
import { verifiedAgain } from './link-account.js';
import {
  encodeLinkContent,
  encodeLinkInfo,
  encodeLinkMessage,
  encodeLinkOffer,
  parseLinkOffer,
  parseLinkQr,
  parseSignedLinkOffer,
} from './link-encoding.js';
import { isLinkExpired } from './link-lifetime.js';
import { assertPrivateKey, encodeSealedKey } from './sealed-key.js';

const NO_SIGNATURE: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * Seals the account key for the device whose QR code the user of this device has just scanned.
 *
 * Scanning is the authentication, in both directions: never take the payload from anything but the camera. Show the
 * user that this device handed over the account; if the other one says so too and this one did not, somebody else saw
 * the code and answered first.
 *
 * @param accountKey not changed, and not destroyed
 * @param scanned the payload, from outside; not changed
 * @returns the encoded LinkMessage to send to the new device, over any relay; fresh
 * @throws DecodeError `ERR_ENUM` (no QR code of a new device), `ERR_TOO_LARGE`, `ERR_TRUNCATED`, `ERR_TRAILING_BYTES`,
 *   `ERR_KEY_ORDER`; UnsupportedError `ERR_VERSION`, `ERR_NO_RANDOMNESS`; StateError `ERR_DESTROYED`; argument errors
 * @example
 * send(await sealAccountKeyForQr(accountKey, scanned));
 */
export async function sealAccountKeyForQr(
  accountKey: PrivateKey,
  scanned: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  assertPrivateKey(accountKey);
  assertBytes(scanned, 'scanned');
  const { offer, psk } = parseLinkQr(scanned);
  const secret = new SecretBytes(psk);
  psk.fill(0);
  try {
    return await seal(accountKey, offer, secret);
  } finally {
    secret.destroy();
  }
}

/**
 * Seals the account key for the device with which a person compared 8 digits: for the very offer that was compared.
 *
 * @param accountKey not changed, and not destroyed
 * @param confirmed what `answer('same')` returned for the session in which this account's key was `own`; it serves
 *   once, and no longer than the session would have lived
 * @param options.nowMs milliseconds since 1970
 * @returns the encoded LinkMessage to send to the new device, over any relay; fresh
 * @throws PolicyError `ERR_LINK_EXPIRED`; DecodeError `ERR_KEY_ORDER`; UnsupportedError `ERR_NO_RANDOMNESS`; StateError
 *   `ERR_DESTROYED`, `ERR_SPENT` where `confirmed` served before; argument errors, also where it is no such outcome
 * @example
 * const confirmed = session.answer('same', { nowMs });
 * send(await sealAccountKeyForSession(accountKey, confirmed, { nowMs }));
 */
export async function sealAccountKeyForSession(
  accountKey: PrivateKey,
  confirmed: SasOutcome<Uint8Array>,
  { nowMs }: { readonly nowMs: number },
): Promise<Uint8Array<ArrayBuffer>> {
  assertPrivateKey(accountKey);
  assertObject(confirmed, 'confirmed');
  assertTimeMs(nowMs, 'nowMs');
  const said = takeConfirmation(confirmed);
  // In a session for linking only who has the account can have been on the side of an account key.
  if (said?.purpose !== 'linking' || !equalBytes(said.own, encodePublicKey(accountKey.publicKey))) {
    throw new ArgumentRangeError('confirmed must be the fresh "same" of a session for linking with this key');
  }
  if (isLinkExpired(said.beganMs, nowMs)) {
    throw new PolicyError('ERR_LINK_EXPIRED', 'the session is over ten minutes old');
  }
  return seal(accountKey, parseLinkOffer(said.peer), undefined);
}

/**
 * Seals a new account key for a device that stays in the list, after the key before was succeeded. No person is asked:
 * the list says who belongs to the account.
 *
 * @param accountKey the new account key; not changed, and not destroyed
 * @param signedOffer the SignedLinkOffer, from outside; not changed
 * @param options.list the newest list of the account, as the log has it; its account key must be `accountKey`
 * @returns the encoded LinkMessage to send to that device, over any relay; fresh
 * @throws DecodeError any code; UnsupportedError `ERR_VERSION`, `ERR_NO_RANDOMNESS`; VerificationError `ERR_LINK_DEVICE`
 *   where no device of the list made the offer: it was removed, or its signature is false; StateError `ERR_DESTROYED`;
 *   argument errors; any code of `verifyDeviceList` where `list` is not what it returned
 * @example
 * send(await sealAccountKeyForListed(nextAccountKey, signedOffer, { list }));
 */
export async function sealAccountKeyForListed(
  accountKey: PrivateKey,
  signedOffer: Uint8Array,
  options: { readonly list: VerifiedDeviceList },
): Promise<Uint8Array<ArrayBuffer>> {
  assertPrivateKey(accountKey);
  assertBytes(signedOffer, 'signedOffer');
  assertObject(options, 'options');
  const { offer, device, signature } = parseSignedLinkOffer(signedOffer);
  const list = verifiedAgain(options.list);
  if (!equalPublicKeys(list.accountKey, accountKey.publicKey)) {
    throw new ArgumentRangeError('the list is of another account key');
  }
  const asking = list.devices.find(({ id }) => equalBytes(id, device));
  const content = encodeLinkOffer(offer);
  if (asking === undefined || !isValidSignature(asking.signingKey, 'link offer', content, signature)) {
    throw new VerificationError('ERR_LINK_DEVICE', 'no device of the list made this offer');
  }
  return seal(accountKey, offer, undefined);
}

/** Base mode and the account key's signature; with a secret that both sides have, PSK mode and none. */
async function seal(
  accountKey: PrivateKey,
  offer: LinkOfferFields,
  psk: SecretBytes | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const { publicKey } = accountKey;
  const info = encodeLinkInfo(offer, publicKey);
  const plaintext = encodeSealedKey(accountKey);
  try {
    const { enc, ciphertext } = await sealToOffer({ offer, info, psk }, plaintext);
    const signature =
      psk === undefined
        ? accountKey.sign(encodeLabelled('link', encodeLinkContent(info, { enc, ciphertext })))
        : NO_SIGNATURE;
    return encodeLinkMessage({ accountKey: publicKey, enc, ciphertext, signature });
  } finally {
    plaintext.fill(0);
  }
}
