/** Keys in the formats of others, damaged. */
import { concat } from '../../test/reference/encoding.js';
import { writePrivateJwk, writePublicJwk } from '../../test/reference/key-formats.js';
import { alice, bob, mallory, stranger } from './people.js';
import { IDENTITY_SIGNED, ORDER_4, bigEndian, P256_ORDER, plusOrder2 } from './points.js';
import {
  bytes,
  cut,
  type Fields,
  flipped,
  hex,
  type Json,
  longer,
  patched,
  text,
  type VectorFile,
} from './vector-file.js';

export function damagedForms(file: VectorFile): void {
  damagedSpki(file);
  damagedPkcs8(file);
  damagedPublicJwk(file);
  damagedPrivateJwk(file);
  damagedPem(file);
}

const der = (whole: Uint8Array): Fields => ({ der: hex(whole) });

function damagedSpki(file: VectorFile): void {
  const [ed, ec] = ['Alice: SPKI', 'Bob: SPKI'];
  const ofAlice = bytes(file.inputOf(ed)['der']);
  const ofBob = bytes(file.inputOf(ec)['der']);
  const format = (of: string, damage: string, whole: Uint8Array): void =>
    file.invalid(of, 'ERR_KEY_FORMAT', damage, der(whole));
  format(ed, 'the last byte is missing', cut(ofAlice));
  format(ec, 'a zero follows', longer(ofBob));
  format(ed, 'the object identifier of X25519', patched(ofAlice, 8, Buffer.of(0x6e)));
  format(ec, 'the length in two bytes where one is enough', concat(Buffer.of(0x30, 0x81), ofBob.subarray(1)));
  format(ec, 'an unused bit in the bit string', patched(ofBob, 25, Buffer.of(1)));
  file.invalid(ec, 'ERR_KEY_POINT', 'one bit of x is another', der(flipped(ofBob, 30)));
  file.invalid(ed, 'ERR_KEY_POINT', 'a sign on x = 0', der(patched(ofAlice, 12, IDENTITY_SIGNED)));
  file.invalid(ed, 'ERR_KEY_ORDER', 'a point of order 4', der(patched(ofAlice, 12, ORDER_4)));
}

function damagedPkcs8(file: VectorFile): void {
  const [ed, ec] = ['Alice: PKCS#8', 'Bob: PKCS#8'];
  const short = 'Bob: PKCS#8 without the public key';
  const ofAlice = bytes(file.inputOf(ed)['der']);
  const ofBob = bytes(file.inputOf(ec)['der']);
  const ofBobShort = bytes(file.inputOf(short)['der']);
  const format = (of: string, damage: string, whole: Uint8Array): void =>
    file.invalid(of, 'ERR_KEY_FORMAT', damage, der(whole));
  format(ed, 'the last byte is missing', cut(ofAlice));
  format(ed, 'version 1', patched(ofAlice, 4, Buffer.of(1)));
  format(ec, 'the public key of somebody else', patched(ofBob, -65 + ofBob.length, stranger.publicKey.key));
  format(ec, 'a zero follows', longer(ofBob));
  format(
    short,
    'the object identifier of secp256k1',
    patched(ofBobShort, 17, Buffer.from('2b8104000a', 'hex')),
  );
  file.invalid(short, 'ERR_KEY_SCALAR', 'scalar zero', der(patched(ofBobShort, 35, Buffer.alloc(32))));
  file.invalid(short, 'ERR_KEY_SCALAR', 'the order', der(patched(ofBobShort, 35, bigEndian(P256_ORDER))));
}

const jwk = (members: Json): Fields => ({ jwk: members });
const base64url = (whole: Uint8Array): string => Buffer.from(whole).toString('base64url');

function damagedPublicJwk(file: VectorFile): void {
  const [ed, ec] = ['Alice: public JWK', 'Bob: public JWK'];
  const ofAlice = writePublicJwk(alice.publicKey);
  const ofBob = writePublicJwk(bob.publicKey);
  const { y: _, ...withoutY } = ofBob;
  const format = (of: string, damage: string, members: Json): void =>
    file.invalid(of, 'ERR_KEY_FORMAT', damage, jwk(members));
  format(ec, 'no y', withoutY);
  format(ec, 'curve P-384', { ...ofBob, crv: 'P-384' });
  format(ed, 'a private key', writePrivateJwk(alice));
  format(ed, 'for encryption', { ...ofAlice, use: 'enc' });
  format(ed, 'x of 31 bytes', { ...ofAlice, x: base64url(alice.publicKey.key.subarray(1)) });
  const coding = (of: string, damage: string, members: Json): void =>
    file.invalid(of, 'ERR_TEXT_ENCODING', damage, jwk(members));
  coding(ed, 'x with padding', { ...ofAlice, x: `${ofAlice['x']}=` });
  coding(ec, 'x in base64', { ...ofBob, x: `+${ofBob['x']?.slice(1)}` });
  coding(ec, 'y with trailing bits that are not zero', { ...ofBob, y: withTrailingBits(text(ofBob['y'])) });
  file.invalid(
    ec,
    'ERR_KEY_POINT',
    'x and y exchanged',
    jwk({ ...ofBob, x: text(ofBob['y']), y: text(ofBob['x']) }),
  );
  const mixed = base64url(plusOrder2(alice.publicKey.key));
  file.invalid(ed, 'ERR_KEY_ORDER', 'the key plus the point of order 2', jwk({ ...ofAlice, x: mixed }));
}

function damagedPrivateJwk(file: VectorFile): void {
  const [ed, ec] = ['Alice: private JWK', 'Bob: private JWK'];
  const ofAlice = writePrivateJwk(alice);
  const ofBob = writePrivateJwk(bob);
  const { d: _, ...withoutD } = ofBob;
  const format = (of: string, damage: string, members: Json): void =>
    file.invalid(of, 'ERR_KEY_FORMAT', damage, jwk(members));
  format(ec, 'no d', withoutD);
  format(ed, 'the x of somebody else', { ...ofAlice, x: base64url(mallory.publicKey.key) });
  format(ed, 'key type EC', { ...ofAlice, kty: 'EC' });
  format(ec, 'd of 33 bytes', { ...ofBob, d: base64url(concat(Buffer.of(0), fromBase64Url(ofBob['d']))) });
  format(ec, 'd is a number', { ...ofBob, d: 7 });
  const coding = (of: string, damage: string, members: Json): void =>
    file.invalid(of, 'ERR_TEXT_ENCODING', damage, jwk(members));
  coding(ed, 'd with padding', { ...ofAlice, d: `${ofAlice['d']}=` });
  coding(ec, 'd with a line feed', { ...ofBob, d: `${ofBob['d']}\n` });
  file.invalid(ec, 'ERR_KEY_SCALAR', 'd is zero', jwk({ ...ofBob, d: base64url(Buffer.alloc(32)) }));
  file.invalid(
    ec,
    'ERR_KEY_SCALAR',
    'd is the order',
    jwk({ ...ofBob, d: base64url(bigEndian(P256_ORDER)) }),
  );
}

const fromBase64Url = (value: string | undefined): Buffer => Buffer.from(text(value), 'base64url');

/** 32 bytes leave two bits of the last character unused. */
function withTrailingBits(value: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(value.slice(-1));
  return value.slice(0, -1) + alphabet.charAt(last + 1);
}

function damagedPem(file: VectorFile): void {
  const [ed, ec] = ['Alice: public PEM', 'Bob: public PEM'];
  const pem = (value: string): Fields => ({ pem: value });
  const ofAlice = text(file.inputOf(ed)['pem']);
  const ofBob = text(file.inputOf(ec)['pem']);
  const format = (of: string, damage: string, value: string): void =>
    file.invalid(of, 'ERR_KEY_FORMAT', damage, pem(value));
  format(ed, 'text before it', `key:\n${ofAlice}`);
  format(ec, 'no last line', ofBob.slice(0, ofBob.indexOf('-----END')));
  format(ec, 'all in one line', ofBob.replace(/([^-])\n([^-])/, '$1$2'));
  format(ed, 'another label', ofAlice.replaceAll('PUBLIC KEY', 'PRIVATE KEY'));
  format(ed, 'a blank line at the end', `${ofAlice}\n`);
  file.invalid(ed, 'ERR_TEXT_ENCODING', 'a character of base64url', pem(ofAlice.replace('MCow', 'MC_w')));
  file.invalid(ec, 'ERR_TEXT_ENCODING', 'no padding', pem(ofBob.replace(/=+\n/, '\n')));

  const [secretEd, secretEc] = ['Alice: private PEM', 'Bob: private PEM'];
  const privateOfAlice = text(file.inputOf(secretEd)['pem']);
  const privateOfBob = text(file.inputOf(secretEc)['pem']);
  format(secretEd, 'another label', privateOfAlice.replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'));
  format(secretEc, 'a SEC 1 label', privateOfBob.replaceAll('PRIVATE KEY', 'EC PRIVATE KEY'));
  format(secretEc, 'text after it', `${privateOfBob}key\n`);
  format(secretEc, 'a space at the end of a line', privateOfBob.replace(/([^-])\n/, '$1 \n'));
  file.invalid(
    secretEd,
    'ERR_TEXT_ENCODING',
    'a space instead of a character',
    pem(privateOfAlice.replace('MC4C', 'MC4 ')),
  );
}
