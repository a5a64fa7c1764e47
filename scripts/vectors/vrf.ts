/** The verifiable random functions of KEYTRANS: RFC 9381 with try-and-increment, outputs cut to 32 bytes. */
import { vrfCheckKey, vrfOutput, vrfProve, vrfVerify } from '../../test/reference/vrf.js';
import { bytesOf } from './people.js';
import { bytes, type Fields, hex, text, VectorFile } from './vector-file.js';
import { damagedKeys, damagedProofs } from './vrf-damages.js';
import { oddProofs } from './vrf-odd-proofs.js';

export const P256_VRF = 'ECVRF-P256-SHA256-TAI';
export const EDWARDS25519_VRF = 'ECVRF-EDWARDS25519-SHA512-TAI';

/** Names of the structures of a curve. */
export const STRUCTURES = [
  { vrf: P256_VRF, curve: 'P-256', publicKey: 'P256VrfKey', proof: 'P256VrfProof' },
  {
    vrf: EDWARDS25519_VRF,
    curve: 'edwards25519',
    publicKey: 'Edwards25519VrfKey',
    proof: 'Edwards25519VrfProof',
  },
] as const;

export type Structures = (typeof STRUCTURES)[number];

/** RFC 9381, appendix B: secret keys and inputs of the examples with try-and-increment. */
const RFC_9381 = [
  [P256_VRF, 10, 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721', 'sample'],
  [P256_VRF, 11, 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721', 'test'],
  [
    P256_VRF,
    12,
    '2ca1411a41b17b24cc8c3b089cfd033f1920202a6c0de8abb97df1498d50d2c8',
    'Example using ECDSA key from Appendix L.4.2 of ANSI.X9-62-2005',
  ],
  [EDWARDS25519_VRF, 16, '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', ''],
  [EDWARDS25519_VRF, 17, '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'r'],
  [EDWARDS25519_VRF, 18, 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', '\u00af\u0082'],
] as const;

function judgeProving(input: Fields): Fields {
  const { PK, pi, beta } = vrfProve(text(input['vrf']), bytes(input['secret']), bytes(input['input']));
  return { publicKey: hex(PK), proof: hex(pi), output: hex(vrfOutput(beta)) };
}

function judgeSteps(input: Fields): Fields {
  const { x, ctr, H, k, U, V, beta } = vrfProve(
    text(input['vrf']),
    bytes(input['secret']),
    bytes(input['input']),
  );
  const number = (value: bigint): string => value.toString(16).padStart(64, '0');
  return { x: number(x), counter: ctr, h: hex(H), k: number(k), u: hex(U), v: hex(V), beta: hex(beta) };
}

export function vrfs(): VectorFile {
  const file = new VectorFile(
    'vrf',
    'Verifiable random functions: keys, proofs, outputs, and the steps between.',
    {
      VrfProving: judgeProving,
      VrfSteps: judgeSteps,
      ...Object.fromEntries(
        STRUCTURES.flatMap(({ vrf, publicKey, proof }) => [
          [
            publicKey,
            (input: Fields): Fields => {
              vrfCheckKey(vrf, bytes(input['publicKey']));
              return {};
            },
          ],
          [
            proof,
            (input: Fields): Fields => {
              const [key, alpha, pi] = [
                bytes(input['publicKey']),
                bytes(input['input']),
                bytes(input['proof']),
              ];
              return { output: hex(vrfOutput(vrfVerify(vrf, key, alpha, pi))) };
            },
          ],
        ]),
      ),
    },
  );

  for (const [vrf, example, secret, alpha] of RFC_9381) {
    const input = { vrf, secret, input: hex(Buffer.from(alpha, 'latin1')) };
    file.valid('VrfProving', `RFC 9381, example ${example}`, input);
    file.valid('VrfSteps', `RFC 9381, example ${example}: steps`, input);
  }

  for (const structures of STRUCTURES) {
    const { vrf, curve, publicKey, proof } = structures;
    const secret = bytesOf(`VRF key on ${curve}`);
    for (const [what, label, version] of LABELS) {
      const name = `${curve}: ${what}`;
      const input = hex(vrfInput(label, version));
      const made = file.valid('VrfProving', name, { vrf, secret: hex(secret), input });
      const given = { publicKey: text(made['publicKey']), input, proof: text(made['proof']) };
      file.valid(proof, `${name}, verified`, given);
    }
    const { PK } = vrfProve(vrf, secret, vrfInput(Buffer.alloc(0), 0));
    file.valid(publicKey, `${curve}: key`, { publicKey: hex(PK) });
    damagedKeys(file, structures);
    damagedProofs(file, structures, secret);
    oddProofs(file, structures, secret);
  }
  for (const [damage, secret] of [
    ['zero', Buffer.alloc(32)],
    ['the order', Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')],
  ] as const) {
    const name = `P-256: ${LABELS[0][0]}`;
    file.invalid(name, 'ERR_KEY_SCALAR', `the secret is ${damage}`, { secret: hex(secret) });
  }
  for (const { curve } of STRUCTURES) {
    const secret = hex(bytesOf('a short secret').subarray(1));
    file.invalid(`${curve}: ${LABELS[0][0]}`, 'ERR_KEY_LENGTH', 'the secret has 31 bytes', { secret });
  }
  return file;
}

/** struct { opaque label<0..2^8-1>; uint32 version; } VrfInput; */
export function vrfInput(label: Uint8Array, version: number): Buffer {
  const encoded = Buffer.alloc(4);
  encoded.writeUInt32BE(version);
  return Buffer.concat([Buffer.of(label.length), label, encoded]);
}

/** What is looked up in a log. */
const LABELS = [
  ['a label', Buffer.from('alice@example.com'), 0],
  ['its next version', Buffer.from('alice@example.com'), 1],
  ['no label', Buffer.alloc(0), 0],
  ['the longest label, the last version', Buffer.alloc(255, 'a'), 2 ** 32 - 1],
] as const;
