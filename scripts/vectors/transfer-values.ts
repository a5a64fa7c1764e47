/** What the vectors of linking and backup are made of. */
import { encodeSignedDeviceList } from '../../test/reference/device-list.js';
import { encodePublicKey, type KeyPair, secretOf } from '../../test/reference/keys.js';
import {
  encodeLinkOffer,
  encodeLinkQr,
  offerOf,
  type OwnOffer,
  showRecoveryKey,
} from '../../test/reference/transfer.js';
import { story } from './device-list-story.js';
import { bytesOf } from './people.js';
import { SCHEMES, schemeOf } from './scheme-names.js';
import { hex } from './vector-file.js';

/** The secrets of the one offer that everything here answers, and of the message that answers it. */
export const OWN: OwnOffer = { secret: bytesOf('HPKE'), nonce: bytesOf('nonce of an offer').subarray(0, 16) };
export const PSK: Buffer = bytesOf('secret in a QR code');
export const EPHEMERAL: Buffer = bytesOf('ephemeral HPKE');
export const OFFER: Buffer = encodeLinkOffer(offerOf(OWN));
export const QR: Buffer = encodeLinkQr(offerOf(OWN), PSK);
export const SALT: Buffer = bytesOf('salt of a backup');
export const RECOVERY_KEY: string = showRecoveryKey('ABCDEFGHJKLMNPQRSTUVWXYZ23');
/** The list after Bob's phone was lost: of the second account key, with his laptop. */
export const ROTATED: string = hex(encodeSignedDeviceList(story.rotated));
export const ALONE: string = hex(encodeSignedDeviceList(story.alone));

export const nameOf = (pair: KeyPair): string =>
  SCHEMES.find((name) => schemeOf(name) === pair.publicKey.scheme) as string;
export const privateInput = (pair: KeyPair): { scheme: string; secret: string } => ({
  scheme: nameOf(pair),
  secret: hex(secretOf(pair)),
});
export const key = (pair: KeyPair): string => hex(encodePublicKey(pair.publicKey));
export const ownInput = { hpkeSecret: hex(OWN.secret), nonce: hex(OWN.nonce) } as const;
export const ephemeralSecret: string = hex(EPHEMERAL);
