/** Offers to which nothing is sealed. */
import {
  encodeLinkQr,
  encodeSignedLinkOffer,
  offerOf,
  signLinkOffer,
} from '../../test/reference/transfer.js';
import { id, laptop, phone, tablet } from './device-list-story.js';
import { littleEndian } from './points.js';
import { OFFER, OWN, PSK, QR } from './transfer-values.js';
import { cut, flipped, hex, longer, patched, type VectorFile } from './vector-file.js';

/** RFC 7748: the points of order 1 or 2, 4 and 8 as u-coordinates, and one of them not reduced. */
const P = 2n ** 255n - 19n;
const ORDER_8_U = 325606250916557431795983626356110631294008115727848805560023387167927233504n;
export const SMALL_ORDER = {
  'order 2': littleEndian(0n),
  'order 4': littleEndian(1n),
  'order 8': littleEndian(ORDER_8_U),
  'order 2, not reduced': littleEndian(P),
  'order 4, its unused bit set': littleEndian(1n + 2n ** 255n),
} as const;

export function damagedSealings(file: VectorFile): void {
  const scanned = (code: string, damage: string, bytes: Uint8Array): void =>
    file.invalid('Ed25519, sealed for a QR code', code, damage, { scanned: hex(bytes) });
  scanned('ERR_ENUM', 'the code of a contact', patched(QR, 2, Buffer.from('V')));
  scanned('ERR_ENUM', 'lower case', patched(QR, 0, Buffer.from('ckl')));
  scanned('ERR_TRUNCATED', 'nothing', Buffer.alloc(0));
  scanned('ERR_TRUNCATED', 'the last byte is missing', cut(QR));
  scanned('ERR_TRUNCATED', 'the offer alone', QR.subarray(0, 52));
  scanned('ERR_TRAILING_BYTES', 'a zero follows', longer(QR));
  scanned('ERR_TOO_LARGE', '1,025 bytes', Buffer.concat([QR, Buffer.alloc(1025 - QR.length)]));
  for (const version of [0, 2])
    scanned('ERR_VERSION', `version ${version}`, patched(QR, 3, Buffer.of(version)));
  for (const [name, hpke_key] of Object.entries(SMALL_ORDER))
    scanned('ERR_KEY_ORDER', `a key of ${name}`, encodeLinkQr({ hpke_key, nonce: OWN.nonce }, PSK));

  const offered = (code: string, damage: string, bytes: Uint8Array): void =>
    file.invalid('P-256, sealed after a session', code, damage, { offer: hex(bytes) });
  offered('ERR_VERSION', 'version 2', patched(OFFER, 0, Buffer.of(2)));
  offered('ERR_TRUNCATED', 'the last byte of the nonce is missing', cut(OFFER));
  offered('ERR_TRAILING_BYTES', 'a zero after the nonce', longer(OFFER));
  offered('ERR_KEY_ORDER', 'a key of small order', patched(OFFER, 1, SMALL_ORDER['order 8']));

  const offer = offerOf(OWN);
  const signed = signLinkOffer(offer, id('laptop'), laptop);
  const listed = (code: string, damage: string, bytes: Uint8Array): void =>
    file.invalid('sealed for a listed device', code, damage, { signedOffer: hex(bytes) });
  listed('ERR_LINK_DEVICE', 'a removed device asks', signLinkOffer(offer, id('phone'), phone));
  listed(
    'ERR_LINK_DEVICE',
    'a removed device asks under another name',
    signLinkOffer(offer, id('laptop'), phone),
  );
  listed(
    'ERR_LINK_DEVICE',
    'a device asks that was never listed',
    signLinkOffer(offer, id('tablet'), tablet),
  );
  listed('ERR_LINK_DEVICE', 'another offer was signed', flipped(signed, 48));
  listed('ERR_LINK_DEVICE', 'no signature', encodeSignedLinkOffer(offer, id('laptop'), Buffer.alloc(0)));
  listed('ERR_VERSION', 'version 2 of the offer', patched(signed, 0, Buffer.of(2)));
  listed('ERR_LENGTH', 'a device without a name', Buffer.concat([OFFER, Buffer.of(0, 0, 0)]));
  listed('ERR_LENGTH', 'a name of 33 bytes', patched(signed, 49, Buffer.of(33)));
  listed('ERR_TRUNCATED', 'the last byte of the signature is missing', cut(signed));
  listed('ERR_TRAILING_BYTES', 'a zero after the signature', longer(signed));
}
