/** Messages of which no account key is taken. */
import { concat } from '../../test/reference/encoding.js';
import { hpkeSeal } from '../../test/reference/hpke.js';
import { type KeyPair, secretOf, sign } from '../../test/reference/keys.js';
import {
  decodeLinkMessage,
  encodeLinkMessage,
  encodeLinkOffer,
  type LinkMessage,
  linkContent,
  linkInfo,
  offerOf,
  plaintextOf,
  pskOf,
  sealFor,
} from '../../test/reference/transfer.js';
import { account, account2, account3, phone } from './device-list-story.js';
import { alice, bob, bytesOf, mallory } from './people.js';
import { EPHEMERAL, key, OWN, privateInput, PSK } from './transfer-values.js';
import { SMALL_ORDER } from './transfer-sealing-damages.js';
import { cut, flipped, hex, longer, patched, type VectorFile } from './vector-file.js';

const OFFER = offerOf(OWN);
const NONE: Buffer = Buffer.alloc(0);
const withMessage = (message: Uint8Array): { message: string } => ({ message: hex(message) });
const changed = (message: Uint8Array, fields: Partial<LinkMessage>): Buffer =>
  encodeLinkMessage({ ...decodeLinkMessage(message), ...fields });

export function damagedOpenings(file: VectorFile): void {
  damagedByQr(file);
  damagedPlaintexts(file);
  damagedBySession(file);
  damagedByList(file);
}

function damagedByQr(file: VectorFile): void {
  const of = 'Ed25519, by QR code';
  const message = sealFor(alice, OFFER, EPHEMERAL, PSK);
  const { enc, ciphertext } = decodeLinkMessage(message);
  const refuse = (code: string, damage: string, bytes: Uint8Array): void =>
    file.invalid(of, code, damage, withMessage(bytes));

  file.invalid(of, 'ERR_SEALED', 'another secret in the QR code', { psk: hex(bytesOf('another')) });
  file.invalid(of, 'ERR_SEALED', 'another offer', { nonce: hex(flipped(OWN.nonce, 0)) });
  refuse('ERR_SEALED', 'one bit of the ciphertext', changed(message, { ciphertext: flipped(ciphertext, 0) }));
  refuse('ERR_SEALED', 'base mode', changed(sealFor(alice, OFFER, EPHEMERAL), { signature: NONE }));
  refuse('ERR_SEALED', 'another account key beside it', changed(message, { account_key: mallory.publicKey }));
  refuse('ERR_LENGTH', 'a signature where none is due', sealFor(alice, OFFER, EPHEMERAL));
  refuse('ERR_SCHEME', 'an unknown scheme of the account key', patched(message, 0, Buffer.of(0x08, 0x08)));
  refuse(
    'ERR_KEY_LENGTH',
    'an account key of 31 bytes',
    concat(Buffer.from('0807001f', 'hex'), alice.publicKey.key.subarray(1), message.subarray(36)),
  );
  refuse('ERR_KEY_ORDER', 'an account key of small order', patched(message, 4, Buffer.alloc(32)));
  refuse('ERR_TRUNCATED', 'no length of the signature', cut(message));
  refuse('ERR_TRUNCATED', 'nothing', NONE);
  refuse('ERR_TRAILING_BYTES', 'a zero follows', longer(message));
  refuse('ERR_TOO_LARGE', '65,537 bytes', concat(message, Buffer.alloc(65_537 - message.length)));

  // The encapsulated key, over P-256 so that there is room for five more of the kind.
  const other = 'P-256, by session';
  const signed = (fields: { enc: Uint8Array; ciphertext: Uint8Array }): { message: string } =>
    withMessage(signedBy(bob, fields));
  file.invalid(other, 'ERR_SEALED', 'enc of 31 bytes', signed({ enc: cut(enc), ciphertext }));
  file.invalid(other, 'ERR_SEALED', 'enc of 33 bytes', signed({ enc: longer(enc), ciphertext }));
  file.invalid(
    other,
    'ERR_SEALED',
    'enc of small order',
    signed({ enc: SMALL_ORDER['order 4'], ciphertext }),
  );
  file.invalid(
    other,
    'ERR_SEALED',
    'a ciphertext shorter than its tag',
    signed({
      enc,
      ciphertext: ciphertext.subarray(0, 15),
    }),
  );
  file.invalid(
    other,
    'ERR_SEALED',
    'PSK mode',
    signed(decodeLinkMessage(sealFor(bob, OFFER, EPHEMERAL, PSK))),
  );
}

/** The account key's signature over whatever is sealed here. */
function signedBy(pair: KeyPair, { enc, ciphertext }: { enc: Uint8Array; ciphertext: Uint8Array }): Buffer {
  const signature = sign(pair, 'link', linkContent(linkInfo(OFFER, pair.publicKey), enc, ciphertext));
  return encodeLinkMessage({ account_key: pair.publicKey, enc, ciphertext, signature });
}

/** Sealed by somebody who may, and nonsense. */
function damagedPlaintexts(file: VectorFile): void {
  const refuse = (pair: KeyPair, of: string, code: string, damage: string, plain: Uint8Array): void =>
    file.invalid(of, code, damage, withMessage(sealFor(pair, OFFER, EPHEMERAL, PSK, Buffer.from(plain))));
  const ofAlice = plaintextOf(alice);
  const alices = (code: string, damage: string, plain: Uint8Array): void =>
    refuse(alice, 'Ed25519, by QR code', code, damage, plain);
  alices('ERR_VERSION', 'version 2 of the plaintext', patched(ofAlice, 0, Buffer.of(2)));
  alices('ERR_SCHEME', 'an unknown scheme of the private key', patched(ofAlice, 1, Buffer.of(0x08, 0x08)));
  alices(
    'ERR_KEY_LENGTH',
    'a private key of 31 bytes',
    concat(ofAlice.subarray(0, 3), Buffer.of(31), secretOf(alice).subarray(1)),
  );
  alices('ERR_TRUNCATED', 'no private key', ofAlice.subarray(0, 3));
  alices('ERR_TRAILING_BYTES', 'a zero after the private key', longer(ofAlice));
  alices('ERR_SEALED_KEY', 'the private key of somebody else', plaintextOf(mallory));
  const ofBob = plaintextOf(bob);
  const bobs = (code: string, damage: string, plain: Uint8Array): void =>
    refuse(bob, 'P-256, by QR code', code, damage, plain);
  bobs('ERR_KEY_SCALAR', 'a scalar of zero', patched(ofBob, 4, Buffer.alloc(32)));
  bobs('ERR_KEY_SCALAR', 'a scalar above the order', patched(ofBob, 4, Buffer.alloc(32, 255)));
  bobs('ERR_SEALED_KEY', 'the private key under the other scheme', patched(ofBob, 1, Buffer.of(0x08, 0x07)));
}

function damagedBySession(file: VectorFile): void {
  const of = 'Ed25519, by session';
  const message = sealFor(alice, OFFER, EPHEMERAL);
  const { enc, ciphertext, signature } = decodeLinkMessage(message);
  const refuse = (code: string, damage: string, bytes: Uint8Array): void =>
    file.invalid(of, code, damage, withMessage(bytes));

  file.invalid(of, 'ERR_SEALED_ACCOUNT', 'another key was compared', { compared: key(bob) });
  refuse('ERR_SEALED_ACCOUNT', 'the directory seals a key of its own', sealFor(mallory, OFFER, EPHEMERAL));
  refuse('ERR_SIGNATURE', 'one bit of the signature', changed(message, { signature: flipped(signature, 0) }));
  refuse('ERR_SIGNATURE', 'no signature', changed(message, { signature: NONE }));
  const swapped = hpkeSeal(OFFER.hpke_key, EPHEMERAL, plaintextOf(mallory), {
    info: linkInfo(OFFER, alice.publicKey),
  });
  refuse('ERR_SIGNATURE', 'the directory swaps what is sealed', changed(message, swapped));
  file.invalid(of, 'ERR_SIGNATURE', 'another offer of the same key', { nonce: hex(flipped(OWN.nonce, 0)) });
  const plain = Buffer.concat([encodeLinkOffer(OFFER), ciphertext]);
  refuse(
    'ERR_SIGNATURE',
    'signed without its label',
    changed(message, { signature: sign(alice, 'link offer', plain) }),
  );
  refuse('ERR_SEALED_KEY', 'the account key signs another private key', signedBy(alice, swapped));
  refuse('ERR_TRUNCATED', 'the last byte of the signature is missing', cut(message));
  refuse('ERR_TRAILING_BYTES', 'a zero after the signature', longer(message));
  if (enc.length !== 32) throw new Error('enc has 32 bytes');
}

function damagedByList(file: VectorFile): void {
  const of = 'the next account key';
  const message = sealFor(account2, OFFER, EPHEMERAL);
  const refuse = (code: string, damage: string, bytes: Uint8Array): void =>
    file.invalid(of, code, damage, withMessage(bytes));
  const { secret } = privateInput(bob);
  file.invalid(of, 'ERR_LINK_DEVICE', 'a device that is not listed', { secret });
  file.invalid(of, 'ERR_SEALED_ACCOUNT', 'the list’s own key is held already', { held: key(account2) });
  file.invalid(of, 'ERR_SEALED_ACCOUNT', 'a key is held that the list does not come from', {
    held: key(mallory),
  });
  refuse('ERR_SEALED_ACCOUNT', 'the key before', sealFor(account, OFFER, EPHEMERAL));
  refuse('ERR_SEALED_ACCOUNT', 'a key of nobody', sealFor(account3, OFFER, EPHEMERAL));
  refuse(
    'ERR_SIGNATURE',
    'signed by a removed device',
    changed(message, {
      signature: sign(phone, 'link', NONE),
    }),
  );
  refuse(
    'ERR_SEALED',
    'one bit of the ciphertext, signed',
    (() => {
      const { enc, ciphertext } = decodeLinkMessage(message);
      return signedBy(account2, { enc, ciphertext: flipped(ciphertext, -1) });
    })(),
  );
  refuse(
    'ERR_SEALED',
    'PSK mode, signed',
    signedBy(
      account2,
      hpkeSeal(OFFER.hpke_key, EPHEMERAL, plaintextOf(account2), {
        info: linkInfo(OFFER, account2.publicKey),
        psk: pskOf(OFFER, PSK),
      }),
    ),
  );
  refuse('ERR_TRUNCATED', 'nothing', NONE);
}
