/** Keys in every format. */
import { decodeEdwards, isP256Key } from '../../test/reference/curves.js';
import { concat, Reader, uint } from '../../test/reference/encoding.js';
import {
  type Jwk,
  privateKeyFrom,
  publicKeyFrom,
  readPkcs8,
  readPrivateJwk,
  readPrivatePem,
  readPublicJwk,
  readPublicPem,
  readSpki,
  writePkcs8,
  writePrivateJwk,
  writePrivatePem,
  writePublicJwk,
  writePublicPem,
  writeShortPkcs8,
  writeSpki,
} from '../../test/reference/key-formats.js';
import {
  encodePublicKey,
  type KeyPair,
  keyId,
  labelled,
  type PublicKey,
  readPublicKey,
  secretOf,
} from '../../test/reference/keys.js';
import { damagedForms } from './key-form-damages.js';
import { alice, bob, bytesOf, mallory } from './people.js';
import {
  bigEndian,
  firstOf,
  IDENTITY,
  IDENTITY_NOT_REDUCED,
  IDENTITY_SIGNED,
  ORDER_2,
  ORDER_4,
  ORDER_8,
  P256_FIELD,
  P256_ORDER,
  plusOrder2,
} from './points.js';
import { SCHEMES, schemeOf } from './scheme-names.js';
import { bytes, cut, type Fields, flipped, hex, longer, text, VectorFile } from './vector-file.js';

const encoded = (key: PublicKey): string => hex(encodePublicKey(key));
const privateOutput = (pair: KeyPair): Fields => ({
  secret: hex(secretOf(pair)),
  publicKey: encoded(pair.publicKey),
});

function judgePublicKey(input: Fields): Fields {
  const reader = new Reader(bytes(input['bytes']));
  const key = readPublicKey(reader);
  reader.end();
  return {
    scheme: SCHEMES.find((name) => schemeOf(name) === key.scheme) as string,
    key: hex(key.key),
    labelled: hex(labelled('key id', encodePublicKey(key))),
    keyId: hex(keyId(key)),
  };
}

export function keys(): VectorFile {
  const file = new VectorFile(
    'keys',
    'Public and private keys of both schemes: CKV/1, raw, SubjectPublicKeyInfo, PKCS#8, JWK and PEM; key ids.',
    {
      PublicKey: judgePublicKey,
      RawPublicKey: (input) => {
        const key = publicKeyFrom(schemeOf(input['scheme']), bytes(input['key']));
        return { publicKey: encoded(key) };
      },
      RawPrivateKey: (input) => {
        const pair = privateKeyFrom(schemeOf(input['scheme']), bytes(input['secret']));
        return {
          publicKey: encoded(pair.publicKey),
          spki: hex(writeSpki(pair.publicKey)),
          pkcs8: hex(writePkcs8(pair)),
          publicJwk: writePublicJwk(pair.publicKey),
          privateJwk: writePrivateJwk(pair),
          publicPem: writePublicPem(pair.publicKey),
          privatePem: writePrivatePem(pair),
        };
      },
      SubjectPublicKeyInfo: (input) => ({ publicKey: encoded(readSpki(bytes(input['der']))) }),
      PrivateKeyInfo: (input) => privateOutput(readPkcs8(bytes(input['der']))),
      PublicJwk: (input) => ({ publicKey: encoded(readPublicJwk(input['jwk'] as Jwk)) }),
      PrivateJwk: (input) => privateOutput(readPrivateJwk(input['jwk'] as Jwk)),
      PublicPem: (input) => ({ publicKey: encoded(readPublicPem(text(input['pem']))) }),
      PrivatePem: (input) => privateOutput(readPrivatePem(text(input['pem']))),
    },
  );

  const one = bigEndian(1n);
  const last = bigEndian(P256_ORDER - 1n);
  const pairs: readonly (readonly [name: string, scheme: (typeof SCHEMES)[number], secret: Buffer])[] = [
    ['Alice', 'Ed25519', bytesOf('Alice, account')],
    ['Bob', 'P-256', bytesOf('Bob, account')],
    ['seed of zeros', 'Ed25519', Buffer.alloc(32)],
    ['seed of ones', 'Ed25519', Buffer.alloc(32, 0xff)],
    ['scalar 1', 'P-256', one],
    ['scalar n - 1', 'P-256', last],
    // Leading zeros of a coordinate are kept.
    ['x begins with a zero', 'P-256', firstOf('x', (s) => p256Key(s)[1] === 0)],
    ['y begins with a zero', 'P-256', firstOf('y', (s) => p256Key(s)[33] === 0)],
  ];
  for (const [name, scheme, secret] of pairs) {
    const pair = privateKeyFrom(schemeOf(scheme), secret);
    const { publicKey } = pair;
    file.valid('PublicKey', `${name}: PublicKey`, { bytes: encoded(publicKey) });
    file.valid('RawPublicKey', `${name}: raw`, { scheme, key: hex(publicKey.key) });
    file.valid('RawPrivateKey', `${name}: secret`, { scheme, secret: hex(secret) });
    file.valid('SubjectPublicKeyInfo', `${name}: SPKI`, { der: hex(writeSpki(publicKey)) });
    file.valid('PrivateKeyInfo', `${name}: PKCS#8`, { der: hex(writePkcs8(pair)) });
    if (scheme === 'P-256') {
      const der = hex(writeShortPkcs8(pair));
      file.valid('PrivateKeyInfo', `${name}: PKCS#8 without the public key`, { der });
    }
    file.valid('PublicJwk', `${name}: public JWK`, { jwk: writePublicJwk(publicKey) });
    file.valid('PrivateJwk', `${name}: private JWK`, { jwk: writePrivateJwk(pair) });
    file.valid('PublicPem', `${name}: public PEM`, { pem: writePublicPem(publicKey) });
    file.valid('PrivatePem', `${name}: private PEM`, { pem: writePrivatePem(pair) });
  }

  damagedStructs(file);
  damagedRaw(file);
  damagedForms(file);
  return file;
}

const p256Key = (secret: Buffer): Uint8Array => privateKeyFrom(schemeOf('P-256'), secret).publicKey.key;

/** The PublicKey struct. */
function damagedStructs(file: VectorFile): void {
  const [ed, ec] = ['Alice: PublicKey', 'Bob: PublicKey'];
  const to = (whole: Uint8Array): Fields => ({ bytes: hex(whole) });
  const ofAlice = encodePublicKey(alice.publicKey);
  const ofBob = encodePublicKey(bob.publicKey);
  const struct = (scheme: number, key: Uint8Array): Fields =>
    to(concat(uint(2, scheme), uint(2, key.length), key));

  file.invalid(ed, 'ERR_TRUNCATED', 'nothing is left', to(Buffer.alloc(0)));
  file.invalid(ed, 'ERR_TRUNCATED', 'half of the scheme is left', to(ofAlice.subarray(0, 1)));
  file.invalid(ed, 'ERR_TRUNCATED', 'half of the length is left', to(ofAlice.subarray(0, 3)));
  file.invalid(ec, 'ERR_TRUNCATED', 'the last byte is missing', to(cut(ofBob)));
  file.invalid(ed, 'ERR_TRAILING_BYTES', 'a zero follows', to(longer(ofAlice)));
  file.invalid(ec, 'ERR_TRAILING_BYTES', 'a zero follows', to(longer(ofBob)));
  file.invalid(ed, 'ERR_KEY_LENGTH', '31 bytes of key', struct(0x0807, alice.publicKey.key.subarray(1)));
  file.invalid(ed, 'ERR_KEY_LENGTH', 'no byte of key', struct(0x0807, Buffer.alloc(0)));
  file.invalid(ec, 'ERR_KEY_LENGTH', 'a compressed point', struct(0x0403, compressed(bob.publicKey.key)));
  file.invalid(ec, 'ERR_KEY_LENGTH', 'the scheme of Ed25519', to(concat(uint(2, 0x0807), ofBob.subarray(2))));
  file.invalid(ec, 'ERR_KEY_POINT', 'one bit of y is another', to(flipped(ofBob, -1)));
  file.invalid(ed, 'ERR_KEY_POINT', 'the identity, not reduced', struct(0x0807, IDENTITY_NOT_REDUCED));
  file.invalid(ed, 'ERR_KEY_ORDER', 'the identity', struct(0x0807, IDENTITY));
  file.invalid(ed, 'ERR_KEY_ORDER', 'a point of order 8', struct(0x0807, ORDER_8));
  file.invalid(ed, 'ERR_SCHEME', 'the scheme of Ed448', to(concat(uint(2, 0x0808), ofAlice.subarray(2))));
  file.invalid(ec, 'ERR_SCHEME', 'the scheme of P-384', to(concat(uint(2, 0x0503), ofBob.subarray(2))));
  file.invalid(ec, 'ERR_SCHEME', 'scheme zero', to(concat(uint(2, 0), ofBob.subarray(2))));
}

/** Raw keys. */
function damagedRaw(file: VectorFile): void {
  const [ed, ec] = ['Alice: raw', 'Bob: raw'];
  const key = (bytesOfKey: Uint8Array): Fields => ({ key: hex(bytesOfKey) });
  const [ofAlice, ofBob] = [alice.publicKey.key, bob.publicKey.key];

  file.invalid(ed, 'ERR_KEY_LENGTH', 'the last byte is missing', key(cut(ofAlice)));
  file.invalid(ed, 'ERR_KEY_LENGTH', 'a zero follows', key(longer(ofAlice)));
  file.invalid(ec, 'ERR_KEY_LENGTH', 'without its first byte', key(ofBob.subarray(1)));
  file.invalid(ec, 'ERR_KEY_LENGTH', 'compressed', key(compressed(ofBob)));
  file.invalid(ec, 'ERR_KEY_LENGTH', 'the point at infinity', key(Buffer.of(0)));

  file.invalid(
    ed,
    'ERR_KEY_POINT',
    'y of no point',
    key(firstOf('no y', (y) => decodeEdwards(y) === undefined)),
  );
  file.invalid(ed, 'ERR_KEY_POINT', 'the identity with a sign on x = 0', key(IDENTITY_SIGNED));
  const largerX = concat(Buffer.of(4), bigEndian(P256_FIELD + 5n), yOf(5n));
  file.invalid(ec, 'ERR_KEY_POINT', 'x = 5, not reduced', key(largerX));
  file.invalid(ec, 'ERR_KEY_POINT', 'in the hybrid form', key(hybrid(ofBob)));
  file.invalid(ec, 'ERR_KEY_POINT', 'x and y zero', key(concat(Buffer.of(4), Buffer.alloc(64))));

  file.invalid(ed, 'ERR_KEY_ORDER', 'the identity', key(IDENTITY));
  file.invalid(ed, 'ERR_KEY_ORDER', 'the point of order 2', key(ORDER_2));
  file.invalid(ed, 'ERR_KEY_ORDER', 'a point of order 4', key(ORDER_4));
  file.invalid(ed, 'ERR_KEY_ORDER', 'a point of order 8', key(ORDER_8));
  file.invalid(ed, 'ERR_KEY_ORDER', 'the key plus the point of order 2', key(plusOrder2(ofAlice)));

  const secret = (whole: Uint8Array): Fields => ({ secret: hex(whole) });
  file.invalid('Alice: secret', 'ERR_KEY_LENGTH', 'the last byte is missing', secret(cut(secretOf(alice))));
  const both = concat(secretOf(mallory), mallory.publicKey.key);
  file.invalid('Alice: secret', 'ERR_KEY_LENGTH', 'seed and public key', secret(both));
  file.invalid('Bob: secret', 'ERR_KEY_LENGTH', 'a zero before', secret(concat(Buffer.of(0), secretOf(bob))));
  file.invalid('Bob: secret', 'ERR_KEY_LENGTH', 'no byte', secret(Buffer.alloc(0)));
  file.invalid('Bob: secret', 'ERR_KEY_SCALAR', 'zero', secret(Buffer.alloc(32)));
  file.invalid('Bob: secret', 'ERR_KEY_SCALAR', 'the order', secret(bigEndian(P256_ORDER)));
  file.invalid('Bob: secret', 'ERR_KEY_SCALAR', 'the order plus one', secret(bigEndian(P256_ORDER + 1n)));
  file.invalid('Bob: secret', 'ERR_KEY_SCALAR', 'all ones', secret(Buffer.alloc(32, 0xff)));
}

const isOdd = (point: Uint8Array): number => (point[64] as number) % 2;
const compressed = (point: Uint8Array): Buffer => concat(Buffer.of(2 + isOdd(point)), point.subarray(1, 33));
const hybrid = (point: Uint8Array): Buffer => concat(Buffer.of(6 + isOdd(point)), point.subarray(1));

/** A y of the point of P-256 with this small x. */
function yOf(x: bigint): Buffer {
  const P = P256_FIELD;
  const square = (x ** 3n - 3n * x + 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn) % P;
  let y = 1n;
  let power = square;
  for (let e = (P + 1n) / 4n; e > 0n; e /= 2n) {
    if (e % 2n === 1n) y = (y * power) % P;
    power = (power * power) % P;
  }
  const point = concat(Buffer.of(4), bigEndian(x), bigEndian(y));
  if (!isP256Key(point)) throw new Error('no point has this x');
  return bigEndian(y);
}
