/**
 * The device that is to be linked: it makes an offer, and opens the one message that answers it.
 *
 * | path | the offer travels | the answer is authenticated by | the offer is authenticated by |
 * | --- | --- | --- | --- |
 * | QR | in a QR code, beside a fresh secret | that secret (HPKE's PSK mode) | being scanned |
 * | session | over any relay | 8 digits compared, and the account key's signature | the same 8 digits |
 * | listed | over any relay | the succession, and the account key's signature | the device's signature |
 *
 * HPKE's base mode authenticates nobody. Without one of these a directory answers with a key of its own, and the new
 * device joins an account that the directory holds.
 */

import { assertObject } from '../bytes/arguments.js';
import { assertBytes, equalBytes } from '../bytes/compare.js';
import { takeConfirmation } from '../codes/sas-confirmation.js';
import type { SasNow, SasOutcome } from '../codes/sas-session.js';
import type { LinkOfferFields } from '../codes/sas-subject.js';
import { assertTimeMs } from '../codes/time.js';
import { encodePublicKey, equalPublicKeys, parsePublicKey, type PublicKey } from '../crypto/public-key.js';
import { SecretBytes } from '../crypto/secret-bytes.js';
import { ArgumentRangeError, DecodeError, PolicyError, StateError, VerificationError } from '../errors.js';
import { deviceIdBytes } from '../keys/arguments.js';
import type { DeviceId } from '../keys/device-entry.js';
import type { PrivateKey } from '../keys/private-key.js';
import { requestSignature, type Signer, signLater } from '../keys/signer.js';
import type { VerifiedDeviceList } from '../keys/verify-device-list.js';
import { randomBytes } from '../platform.js';
import {
  encodeLinkOffer,
  encodeLinkQr,
  encodeSignedLinkOffer,
  parseLinkMessage,
  PSK_LENGTH,
} from './link-encoding.js';
import { demandAccount, otherAccount, verifiedAgain } from './link-account.js';
import { isLinkExpired } from './link-lifetime.js';
import { openMessage, openSignedMessage } from './open-link-message.js';
import type { X25519Key } from './x25519-kem.js';

/** What an offer keeps until its one message came. */
interface Waiting {
  readonly hpkeKey: X25519Key;
  /** The QR code's secret, once the code was shown. */
  readonly psk: SecretBytes | undefined;
  /** The device's signing key, once it signed the offer. */
  readonly signedBy: PublicKey | undefined;
}

/**
 * An offer of a device that wants the account key, with the secrets that open the answer. It takes one message within
 * {@link LINK_LIFETIME_MS}: whatever comes of that, the secrets are overwritten, and a new offer is needed. It cannot
 * be stored; after a restart the device makes a new one. Printing and JSON show nothing secret.
 */
export class LinkOffer {
  /** When it was made, ms. */
  readonly createdMs: number;
  readonly #fields: LinkOfferFields;
  #waiting: Waiting | undefined;

  /** Not for callers: {@link createLinkOffer} draws the secret. */
  constructor(hpkeKey: X25519Key, nonce: Uint8Array, createdMs: number) {
    this.createdMs = createdMs;
    this.#fields = Object.freeze({ version: 1, hpkeKey: hpkeKey.publicKey, nonce });
    this.#waiting = Object.freeze({ hpkeKey, psk: undefined, signedBy: undefined });
    Object.freeze(this);
  }

  /** The encoded LinkOffer, 49 bytes, fresh. Public; it is what a code session for linking takes as `own`. */
  get encoded(): Uint8Array {
    return encodeLinkOffer(this.#fields);
  }

  /** Whether it can still open a message at this time. Changes nothing. */
  isLive({ nowMs }: SasNow): boolean {
    assertTimeMs(nowMs, 'nowMs');
    return this.#waiting !== undefined && !isLinkExpired(this.createdMs, nowMs);
  }

  /**
   * The payload of the QR code to show, for a code's byte mode; the same at each call. It holds a secret: whoever sees
   * it may answer before the right device does, with an account of theirs. Show it only while it is being scanned.
   * @returns 84 bytes, fresh: overwrite them after use
   * @throws StateError `ERR_SPENT`; PolicyError `ERR_LINK_EXPIRED`; UnsupportedError `ERR_NO_RANDOMNESS`; argument errors
   */
  revealQr({ nowMs }: SasNow): Uint8Array<ArrayBuffer> {
    const waiting = this.#live(nowMs);
    const psk = waiting.psk ?? drawPsk();
    this.#waiting = Object.freeze({ ...waiting, psk });
    return psk.use((bytes) => encodeLinkQr(this.#fields, bytes));
  }

  /**
   * The offer signed by this device, which is still listed, to ask the others for the account key that succeeded the
   * one it holds. The signature (label "link offer") shows that the asking device holds its signing key, no more.
   * @param options.device id of this device in the list; 1 to 32 bytes
   * @returns the encoded SignedLinkOffer, fresh
   * @throws StateError `ERR_SPENT`; PolicyError `ERR_LINK_EXPIRED`; VerificationError `ERR_SIGNATURE` (a broken
   *   signer); argument errors
   */
  async sign(options: {
    readonly device: DeviceId;
    readonly signer: Signer;
    readonly nowMs: number;
  }): Promise<Uint8Array<ArrayBuffer>> {
    assertObject(options, 'options');
    assertObject(options.signer, 'signer');
    const device = deviceIdBytes(options.device);
    this.#live(options.nowMs);
    const signedBy = parsePublicKey(encodePublicKey(options.signer.publicKey));
    const signing = requestSignature(signedBy, 'link offer', this.encoded);
    const signature = await signLater(signing, [options.signer]);
    const signed = encodeSignedLinkOffer({ offer: this.#fields, device, signature });
    // The signer may have taken its time: the offer can have been spent meanwhile.
    this.#waiting = Object.freeze({ ...this.#live(options.nowMs), signedBy });
    return signed;
  }

  /**
   * Opens the answer of the device that scanned {@link LinkOffer.revealQr}.
   *
   * It proves that the answer comes from somebody who saw the code. It does not prove whose account it is: the person
   * holds both devices, and the other one says that it answered.
   *
   * @param bytes the LinkMessage, from outside; not changed
   * @returns the account key: store it, and destroy it after use
   * @throws DecodeError any code; UnsupportedError `ERR_SCHEME`, `ERR_VERSION`; VerificationError `ERR_SEALED`,
   *   `ERR_SEALED_KEY`; PolicyError `ERR_LINK_EXPIRED`: all of these end the offer. StateError `ERR_NOT_READY` where no
   *   code was shown, `ERR_SPENT`; argument errors
   */
  async openFromQr(bytes: Uint8Array, { nowMs }: SasNow): Promise<PrivateKey> {
    assertBytes(bytes, 'a message');
    if (this.#live(nowMs).psk === undefined) throw new StateError('ERR_NOT_READY', 'no QR code was shown');
    return this.#once(async (waiting) => {
      const message = parseLinkMessage(bytes);
      const { length } = message.signature;
      if (length > 0) {
        const offset = bytes.length - length - 2;
        throw new DecodeError('ERR_LENGTH', 'LinkMessage.signature', offset, 'a signature where none is due');
      }
      return openMessage(message, { offer: this.#fields, hpkeKey: waiting.hpkeKey, psk: waiting.psk });
    });
  }

  /**
   * Opens the answer of the device with which a person compared 8 digits. The key that is opened is the one that was
   * compared, whatever the directory says.
   *
   * @param bytes the LinkMessage, from outside; not changed
   * @param options.confirmed what `answer('same')` returned for the session in which this offer was `own`; it serves once
   * @returns the account key: store it, and destroy it after use
   * @throws DecodeError any code; UnsupportedError `ERR_SCHEME`, `ERR_VERSION`; VerificationError `ERR_SEALED_ACCOUNT`,
   *   `ERR_SIGNATURE`, `ERR_SEALED`, `ERR_SEALED_KEY`; PolicyError `ERR_LINK_EXPIRED`: all of these end the offer.
   *   StateError `ERR_SPENT`, also where `confirmed` served before; argument errors, also where it is no such outcome
   */
  async openFromSession(
    bytes: Uint8Array,
    options: { readonly confirmed: SasOutcome<PublicKey>; readonly nowMs: number },
  ): Promise<PrivateKey> {
    assertBytes(bytes, 'a message');
    assertObject(options, 'options');
    assertObject(options.confirmed, 'confirmed');
    this.#live(options.nowMs);
    const said = takeConfirmation(options.confirmed);
    if (said?.purpose !== 'linking' || !equalBytes(said.own, this.encoded)) {
      throw new ArgumentRangeError(
        'confirmed must be the fresh "same" of a session for linking with this offer',
      );
    }
    const compared = parsePublicKey(said.peer);
    return this.#once(async (waiting) => {
      const message = parseLinkMessage(bytes);
      demandAccount(message, compared);
      return openSignedMessage(message, { offer: this.#fields, hpkeKey: waiting.hpkeKey });
    });
  }

  /**
   * Opens the answer to {@link LinkOffer.sign}: the account key that succeeded the one this device holds.
   *
   * @param bytes the LinkMessage, from outside; not changed
   * @param options.accountKey the account key that this device holds
   * @param options.list the newest list of the account, as the log has it
   * @returns the account key: store it, and destroy it after use
   * @throws DecodeError any code; UnsupportedError `ERR_SCHEME`, `ERR_VERSION`; VerificationError `ERR_LINK_DEVICE` where
   *   the list no longer has this device, `ERR_SEALED_ACCOUNT` where the key is not the list's or did not succeed
   *   `accountKey`, `ERR_SIGNATURE`, `ERR_SEALED`, `ERR_SEALED_KEY`; PolicyError `ERR_LINK_EXPIRED`: all of these end
   *   the offer. StateError `ERR_NOT_READY` where it was not signed, `ERR_SPENT`; argument errors; any code of
   *   `verifyDeviceList` where `list` is not what it returned
   */
  async openFromListed(
    bytes: Uint8Array,
    options: { readonly accountKey: PublicKey; readonly list: VerifiedDeviceList; readonly nowMs: number },
  ): Promise<PrivateKey> {
    assertBytes(bytes, 'a message');
    assertObject(options, 'options');
    const held = parsePublicKey(encodePublicKey(options.accountKey));
    const list = verifiedAgain(options.list);
    const { signedBy } = this.#live(options.nowMs);
    if (signedBy === undefined) throw new StateError('ERR_NOT_READY', 'the offer was not signed');
    return this.#once(async (waiting) => {
      const message = parseLinkMessage(bytes);
      const isListed = list.devices.some(({ signingKey }) => equalPublicKeys(signingKey, signedBy));
      if (!isListed) throw new VerificationError('ERR_LINK_DEVICE', 'this device is no longer listed');
      demandAccount(message, list.accountKey);
      const succeeds = list.successions.some(({ key }) => equalPublicKeys(key, held));
      if (!succeeds) throw otherAccount();
      return openSignedMessage(message, { offer: this.#fields, hpkeKey: waiting.hpkeKey });
    });
  }

  /** Overwrites the secrets: no message can be opened any more. May be called again. */
  destroy(): void {
    this.#waiting?.hpkeKey.destroy();
    this.#waiting?.psk?.destroy();
    this.#waiting = undefined;
  }

  #live(nowMs: number): Waiting {
    assertTimeMs(nowMs, 'nowMs');
    if (this.#waiting === undefined) throw new StateError('ERR_SPENT', 'this offer was used or destroyed');
    if (isLinkExpired(this.createdMs, nowMs)) {
      this.destroy();
      throw new PolicyError('ERR_LINK_EXPIRED', 'this offer is over ten minutes old');
    }
    return this.#waiting;
  }

  /** Spends the offer before anything waits, so that of two messages at once only the first is looked at. */
  async #once(open: (waiting: Waiting) => Promise<PrivateKey>): Promise<PrivateKey> {
    const waiting = this.#waiting as Waiting;
    this.#waiting = undefined;
    try {
      return await open(waiting);
    } finally {
      waiting.hpkeKey.destroy();
      waiting.psk?.destroy();
    }
  }
}

function drawPsk(): SecretBytes {
  const drawn = randomBytes(PSK_LENGTH);
  try {
    return new SecretBytes(drawn);
  } finally {
    drawn.fill(0);
  }
}
