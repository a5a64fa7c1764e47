/** The two cipher suites of KEYTRANS: commitments, and signatures over what has no label. */
import { demand } from '../../test/reference/encoding.js';
import {
  ECDSA_P256_SHA256,
  ED25519,
  type KeyPair,
  keyPairFrom,
  secretOf,
  signMessage,
  verifyMessage,
} from '../../test/reference/keys.js';
import { otherS } from '../../test/reference/rfc6979.js';
import { checkCommitment, commitment } from '../../test/reference/vrf.js';
import { privateKeyFrom } from '../../test/reference/key-formats.js';
import { writeDer } from '../../test/reference/ecdsa-der.js';
import { bytesOf } from './people.js';
import { bigEndian, fromLittleEndian, L, littleEndian, ORDER_2, P256_ORDER } from './points.js';
import { bytes, cut, type Fields, flipped, hex, patched, text, VectorFile } from './vector-file.js';
import { vrfInput } from './vrf.js';

const SCHEME_OF: Readonly<Record<string, number>> = {
  KT_128_SHA256_P256: ECDSA_P256_SHA256,
  KT_128_SHA256_Ed25519: ED25519,
};
const SUITES = [
  { suite: 'KT_128_SHA256_P256', curve: 'P-256' },
  { suite: 'KT_128_SHA256_Ed25519', curve: 'Ed25519' },
] as const;

const MESSAGES = [0, 1, 2, 3] as const;
const messageOf = (i: number): Buffer => bytesOf(`something to be signed, ${i}`);

const schemeOf = (suite: unknown): number => SCHEME_OF[text(suite as string)] as number;

function judgeSignature(input: Fields): Fields {
  const key = { scheme: schemeOf(input['suite']), key: bytes(input['publicKey']) };
  demand(verifyMessage(key, bytes(input['message']), bytes(input['signature'])), 'signature');
  return {};
}

const isHigh = (signature: Uint8Array): boolean =>
  BigInt(`0x${hex(signature.subarray(32))}`) > P256_ORDER / 2n;

/** As the library signs in both suites: deterministic, and of the two s the lower. */
export function signAsSuite(pair: KeyPair, message: Uint8Array): Uint8Array {
  const made = signMessage(pair, message);
  return pair.publicKey.scheme === ECDSA_P256_SHA256 && isHigh(made) ? otherS(made) : made;
}

function judgeSigning(input: Fields): Fields {
  const pair = privateKeyFrom(schemeOf(input['suite']), bytes(input['secret']));
  const signature = signAsSuite(pair, bytes(input['message']));
  return { publicKey: hex(pair.publicKey.key), signature: hex(signature) };
}

export function cipherSuites(): VectorFile {
  const file = new VectorFile(
    'cipher-suites',
    'KEYTRANS: commitments, and signatures of the two cipher suites.',
    {
      Commitment: (input) => ({ commitment: hex(commitment(bytes(input['commitmentValue']))) }),
      CommitmentOpening: (input) => {
        checkCommitment(bytes(input['commitment']), bytes(input['commitmentValue']));
        return {};
      },
      SuiteSigning: judgeSigning,
      SuiteSignature: judgeSignature,
    },
  );
  commitments(file);
  for (const { suite, curve } of SUITES) {
    const secret = hex(bytesOf(`the operator of a log, ${curve}`));
    for (const i of MESSAGES) {
      const message = hex(messageOf(i));
      const name = `${curve}: message ${i}`;
      const { publicKey, signature } = file.valid('SuiteSigning', name, { suite, secret, message });
      file.valid('SuiteSignature', `${name}, verified`, {
        suite,
        publicKey: text(publicKey),
        message,
        signature: text(signature),
      });
    }
  }
  damagedSignatures(file);
  return file;
}

/** struct { opaque opening[16]; opaque label<0..2^8-1>; uint32 version; opaque value<0..2^32-1>; } */
function commitmentValue(opening: Uint8Array, label: string, version: number, value: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([opening, vrfInput(Buffer.from(label), version), length, Buffer.from(value)]);
}

function commitments(file: VectorFile): void {
  const opening = bytesOf('an opening').subarray(0, 16);
  for (const [name, value] of [
    ['a value', commitmentValue(opening, 'alice@example.com', 1, 'the keys of Alice')],
    ['no label, no value', commitmentValue(opening, '', 0, '')],
    ['the last version', commitmentValue(opening, 'alice@example.com', 2 ** 32 - 1, 'the keys of Alice')],
    ['a long value', commitmentValue(opening, 'alice@example.com', 1, 'k'.repeat(1000))],
  ] as const) {
    const made = file.valid('Commitment', name, { commitmentValue: hex(value) });
    file.valid('CommitmentOpening', `${name}, opened`, {
      commitment: text(made['commitment']),
      commitmentValue: hex(value),
    });
  }
  const of = 'a value, opened';
  const whole = bytes(file.inputOf(of)['commitmentValue']);
  const given = bytes(file.inputOf(of)['commitment']);
  const damaged = (damage: string, change: Fields): void =>
    file.invalid(of, 'ERR_COMMITMENT', damage, change);
  damaged('one bit of the opening is another', { commitmentValue: hex(flipped(whole, 0)) });
  damaged('one bit of the value is another', { commitmentValue: hex(flipped(whole, -1)) });
  damaged('one bit of the commitment is another', { commitment: hex(flipped(given, 31, 0x80)) });
  damaged('the last byte of the commitment is missing', { commitment: hex(cut(given)) });
  damaged('the commitment is empty', { commitment: '' });
}

function damagedSignatures(file: VectorFile): void {
  const p256 = 'P-256: message 0, verified';
  const ed = 'Ed25519: message 0, verified';
  const ofP256 = bytes(file.inputOf(p256)['signature']);
  file.valid('SuiteSignature', 'P-256: the higher s', {
    ...file.inputOf(p256),
    signature: hex(otherS(ofP256)),
  });
  const operator = keyPairFrom(ECDSA_P256_SHA256, bytesOf('the operator of a log, P-256'));
  const asTheyCome = MESSAGES.map((i) => isHigh(signMessage(operator, messageOf(i))));
  if (!asTheyCome.includes(true)) throw new Error('a message is wanted whose s comes out high');

  const ofEd = bytes(file.inputOf(ed)['signature']);
  const refuse = (of: string, damage: string, signature: Uint8Array): void =>
    file.invalid(of, 'ERR_SIGNATURE', damage, { signature: hex(signature) });
  refuse(p256, 'one bit of r is another', flipped(ofP256, 31));
  refuse(p256, 's is zero', patched(ofP256, 32, Buffer.alloc(32)));
  refuse(p256, 'r and s as DER', writeDer(ofP256));
  refuse(ed, 'S plus the order', patched(ofEd, 32, littleEndian(fromLittleEndian(ofEd.subarray(32)) + L)));
  file.invalid(ed, 'ERR_SIGNATURE', 'another message', { message: hex(bytesOf('something else')) });

  const key = bytes(file.inputOf(p256)['publicKey']);
  const compressed = Buffer.concat([Buffer.of(2 + ((key[64] as number) % 2)), key.subarray(1, 33)]);
  file.invalid(p256, 'ERR_KEY_LENGTH', 'the key is compressed, as for the VRF', {
    publicKey: hex(compressed),
  });
  const moved = patched(key, 33, bigEndian(1n));
  file.invalid(p256, 'ERR_KEY_POINT', 'the key is off the curve', { publicKey: hex(moved) });
  file.invalid(ed, 'ERR_KEY_ORDER', 'the key is of order 2', { publicKey: hex(ORDER_2) });

  for (const { curve } of SUITES) {
    const of = `${curve}: message 0`;
    const short = hex(secretOf(keyPairFrom(ED25519, bytesOf('a short secret'))).subarray(1));
    file.invalid(of, 'ERR_KEY_LENGTH', 'the secret has 31 bytes', { secret: short });
  }
  file.invalid('P-256: message 0', 'ERR_KEY_SCALAR', 'the secret is zero', { secret: '00'.repeat(32) });
  file.invalid('P-256: message 0', 'ERR_KEY_SCALAR', 'the secret is the order', {
    secret: hex(bigEndian(P256_ORDER)),
  });
}
