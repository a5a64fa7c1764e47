/** What is signed, and signatures by both schemes. */
import { writeDer } from '../../test/reference/ecdsa-der.js';
import { Reader, Refusal } from '../../test/reference/encoding.js';
import { privateKeyFrom } from '../../test/reference/key-formats.js';
import {
  encodePublicKey,
  H,
  type KeyPair,
  labelled,
  readPublicKey,
  secretOf,
  sign,
  verify,
} from '../../test/reference/keys.js';
import { otherS } from '../../test/reference/rfc6979.js';
import { alice, bob, mallory } from './people.js';
import {
  bigEndian,
  fromLittleEndian,
  IDENTITY,
  IDENTITY_NOT_REDUCED,
  IDENTITY_SIGNED,
  L,
  littleEndian,
  P256_ORDER,
  signCofactored,
  signWithIdentity,
} from './points.js';
import { bytes, cut, type Fields, flipped, hex, patched, text, VectorFile } from './vector-file.js';
import { schemeOf } from './scheme-names.js';

const PURPOSES = [
  'key id',
  'device list id',
  'device possession',
  'succession',
  'device list',
  'device list author',
  'pre-keys',
  'sas commitment',
  'sas code',
  'link info',
  'link',
  'link offer',
  'link offer id',
  'recovery check',
] as const;

function judgeSignature(input: Fields): Fields {
  const reader = new Reader(bytes(input['publicKey']));
  const key = readPublicKey(reader);
  reader.end();
  const [purpose, content] = [text(input['purpose']), bytes(input['content'])];
  if (!verify(key, purpose, content, bytes(input['signature']))) throw new Refusal('signature');
  return { labelled: hex(labelled(purpose, content)) };
}

export function signatures(): VectorFile {
  const file = new VectorFile('signatures', 'The labelled struct of every purpose, and signatures over it.', {
    Labelled: (input) => {
      const [purpose, content] = [text(input['purpose']), bytes(input['content'])];
      return { labelled: hex(labelled(purpose, content)), hash: hex(H(purpose, content)) };
    },
    P256Signature: judgeSignature,
    Ed25519Signature: judgeSignature,
    DeterministicSignature: (input) => {
      const pair = privateKeyFrom(schemeOf(input['scheme']), bytes(input['secret']));
      return { signature: hex(sign(pair, text(input['purpose']), bytes(input['content']))) };
    },
  });

  for (const purpose of PURPOSES) file.valid('Labelled', `label: ${purpose}`, { purpose, content: 'c0ffee' });
  file.valid('Labelled', 'no content', { purpose: 'pre-keys', content: '' });
  file.valid('Labelled', '300 bytes of content', { purpose: 'pre-keys', content: '5a'.repeat(300) });

  const content = Buffer.from('the pre-keys of one day');
  const input = (pair: KeyPair, purpose: string, signature: Uint8Array, over = content): Fields => ({
    publicKey: hex(encodePublicKey(pair.publicKey)),
    purpose,
    content: hex(over),
    signature: hex(signature),
  });
  for (const purpose of PURPOSES.filter((name) => !/id$|^sas|info$|check$/.test(name))) {
    file.valid('P256Signature', `P-256: ${purpose}`, input(bob, purpose, sign(bob, purpose, content)));
    file.valid(
      'Ed25519Signature',
      `Ed25519: ${purpose}`,
      input(alice, purpose, sign(alice, purpose, content)),
    );
  }
  const none = Buffer.alloc(0);
  file.valid('P256Signature', 'P-256: no content', input(bob, 'pre-keys', sign(bob, 'pre-keys', none), none));
  file.valid(
    'Ed25519Signature',
    'Ed25519: no content',
    input(alice, 'pre-keys', sign(alice, 'pre-keys', none), none),
  );

  // P-256. One of the two s of a signature is high; both are accepted.
  const ofBob = sign(bob, 'pre-keys', content);
  file.valid('P256Signature', 'P-256: the other s', input(bob, 'pre-keys', otherS(ofBob)));
  const p256 = 'P-256: pre-keys';
  const withSignature = (signature: Uint8Array): Fields => ({ signature: hex(signature) });
  file.invalid(p256, 'ERR_SIGNATURE', 'one bit of r is another', withSignature(flipped(ofBob, 31)));
  file.invalid(p256, 'ERR_SIGNATURE', 's is zero', withSignature(patched(ofBob, 32, Buffer.alloc(32))));
  file.invalid(
    p256,
    'ERR_SIGNATURE',
    's is the order',
    withSignature(patched(ofBob, 32, bigEndian(P256_ORDER))),
  );
  file.invalid(p256, 'ERR_SIGNATURE', 'r and s as DER', withSignature(writeDer(ofBob)));
  file.invalid(
    p256,
    'ERR_SIGNATURE',
    'made under the label of a device list',
    withSignature(sign(bob, 'device list', content)),
  );

  // Ed25519. The equation has the cofactor, and every point one encoding.
  const ofAlice = sign(alice, 'pre-keys', content);
  const edge = (name: string, signature: Buffer): void => {
    file.valid('Ed25519Signature', `Ed25519: ${name}`, input(alice, 'pre-keys', signature));
  };
  edge('R with a part of order 2', signCofactored(alice, 'pre-keys', content));
  edge('R is the identity', signWithIdentity(alice, IDENTITY, 'pre-keys', content));
  const ed = 'Ed25519: pre-keys';
  const raised = littleEndian(fromLittleEndian(ofAlice.subarray(32)) + L);
  file.invalid(ed, 'ERR_SIGNATURE', 'S plus the order', withSignature(patched(ofAlice, 32, raised)));
  file.invalid(ed, 'ERR_SIGNATURE', 'the last byte is missing', withSignature(cut(ofAlice)));
  file.invalid(ed, 'ERR_SIGNATURE', 'another key', {
    publicKey: hex(encodePublicKey(mallory.publicKey)),
  });
  for (const [damage, R] of [
    ['its y is written without reduction', IDENTITY_NOT_REDUCED],
    ['its x = 0 has a sign', IDENTITY_SIGNED],
  ] as const) {
    const made = signWithIdentity(alice, R, 'pre-keys', content);
    file.invalid('Ed25519: R is the identity', 'ERR_SIGNATURE', damage, withSignature(made));
  }

  for (const [scheme, pair] of [
    ['P-256', bob],
    ['Ed25519', alice],
  ] as const) {
    const secret = hex(secretOf(pair));
    for (const purpose of ['device list', 'pre-keys'] as const) {
      const name = `${scheme}, signed deterministically: ${purpose}`;
      file.valid('DeterministicSignature', name, { scheme, secret, purpose, content: hex(content) });
    }
  }
  return file;
}
