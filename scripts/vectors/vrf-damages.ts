/** VRF keys and proofs with one thing wrong. */
import { createHash } from 'node:crypto';
import { decodeEdwards } from '../../test/reference/curves.js';
import { decodeP256 } from '../../test/reference/p256-points.js';
import { vrfProve } from '../../test/reference/vrf.js';
import { bytesOf } from './people.js';
import {
  bigEndian,
  firstOf,
  fromLittleEndian,
  IDENTITY,
  IDENTITY_SIGNED,
  L,
  littleEndian,
  ORDER_2,
  ORDER_4,
  ORDER_8,
  P,
  P256_FIELD,
  P256_ORDER,
} from './points.js';
import {
  bytes,
  cut,
  type Fields,
  flipped,
  hex,
  longer,
  patched,
  text,
  type VectorFile,
} from './vector-file.js';
import type { Structures } from './vrf.js';

const CHALLENGE_LENGTH = 16;

/** Encodings that a lax decoder takes for points. */
function falsePoints({ curve }: Structures): (readonly [damage: string, point: Buffer])[] {
  if (curve === 'P-256') {
    const offCurve = Buffer.concat([
      Buffer.of(2),
      firstOf('no x', (x) => decodeP256(Buffer.concat([Buffer.of(2), x])) === undefined),
    ]);
    let small = 0n;
    while (decodeP256(Buffer.concat([Buffer.of(2), bigEndian(small)])) === undefined) small++;
    const onCurve = Buffer.concat([Buffer.of(2), bigEndian(small)]);
    return [
      ['its x has no y', offCurve],
      ['its x is written without reduction', patched(onCurve, 1, bigEndian(P256_FIELD + small))],
      ['its sign is 4, as of the uncompressed form', patched(onCurve, 0, Buffer.of(4))],
      ['all zero', Buffer.alloc(33)],
    ];
  }
  let y = 2n;
  while (decodeEdwards(littleEndian(y)) === undefined) y++;
  return [
    [
      'its y has no x',
      firstOf('no y', (bytesOfY) => decodeEdwards(bytesOfY) === undefined && !isUnreduced(bytesOfY)),
    ],
    ['its y is written without reduction', littleEndian(P + y)],
    ['its x = 0 has a sign', IDENTITY_SIGNED],
  ];
}

const isUnreduced = (y: Uint8Array): boolean => fromLittleEndian(y) % 2n ** 255n >= P;

export function damagedKeys(file: VectorFile, structures: Structures): void {
  const { curve } = structures;
  const of = `${curve}: key`;
  const key = bytes(file.inputOf(of)['publicKey']);
  const damaged = (code: string, damage: string, publicKey: Uint8Array): void =>
    file.invalid(of, code, damage, { publicKey: hex(publicKey) });
  damaged('ERR_KEY_LENGTH', 'the last byte is missing', cut(key));
  damaged('ERR_KEY_LENGTH', 'one byte more', longer(key));
  damaged('ERR_KEY_LENGTH', 'empty', Buffer.alloc(0));
  if (curve === 'P-256')
    damaged(
      'ERR_KEY_LENGTH',
      'as long as uncompressed',
      Buffer.concat([Buffer.of(4), key.subarray(1), key.subarray(1)]),
    );
  for (const [damage, point] of falsePoints(structures)) damaged('ERR_KEY_POINT', damage, point);
  if (curve === 'edwards25519') {
    damaged('ERR_KEY_ORDER', 'the identity', IDENTITY);
    damaged('ERR_KEY_ORDER', 'of order 2', ORDER_2);
    damaged('ERR_KEY_ORDER', 'of order 4', ORDER_4);
    damaged('ERR_KEY_ORDER', 'of order 8', ORDER_8);
  }
}

export function damagedProofs(file: VectorFile, structures: Structures, secret: Uint8Array): void {
  const { vrf, curve } = structures;
  const of = `${curve}: a label, verified`;
  const input = file.inputOf(of);
  const proof = bytes(input['proof']);
  const pointLength = bytes(input['publicKey']).length;
  const scalarAt = pointLength + CHALLENGE_LENGTH;
  const order = curve === 'P-256' ? bigEndian(P256_ORDER) : littleEndian(L);
  const damaged = (code: string, damage: string, changed: Uint8Array): void =>
    file.invalid(of, code, damage, { proof: hex(changed) });

  damaged('ERR_LENGTH', 'the last byte is missing', cut(proof));
  damaged('ERR_LENGTH', 'one byte more', longer(proof));
  damaged('ERR_LENGTH', 'empty', Buffer.alloc(0));
  for (const [damage, point] of falsePoints(structures))
    damaged('ERR_VRF_POINT', `Gamma: ${damage}`, patched(proof, 0, point));
  damaged('ERR_VRF_SCALAR', 's is the order', patched(proof, scalarAt, order));
  damaged('ERR_VRF_SCALAR', 's is all ones', patched(proof, scalarAt, Buffer.alloc(32, 0xff)));
  if (curve === 'edwards25519') {
    const raised = littleEndian(fromLittleEndian(proof.subarray(scalarAt)) + L);
    damaged('ERR_VRF_SCALAR', 's plus the order', patched(proof, scalarAt, raised));
  }
  const signAt = curve === 'P-256' ? 0 : pointLength - 1;
  damaged('ERR_VRF_PROOF', 'Gamma is negated', flipped(proof, signAt, curve === 'P-256' ? 1 : 0x80));
  damaged('ERR_VRF_PROOF', 'one bit of c is another', flipped(proof, pointLength));
  damaged('ERR_VRF_PROOF', 'one bit of s is another', flipped(proof, scalarAt + 8));
  const fieldOf = (name: string, field: string): string => text(file.inputOf(`${curve}: ${name}`)[field]);
  const change = (damage: string, fields: Fields): void => file.invalid(of, 'ERR_VRF_PROOF', damage, fields);
  change('of the next version', { proof: fieldOf('its next version, verified', 'proof') });
  const another = vrfProve(vrf, bytesOf(`another VRF key on ${curve}`), bytes(input['input']));
  if (curve === 'edwards25519') change('another key', { publicKey: hex(another.PK) });
  else infinityProof(file, of, secret);
}

/** U and V at infinity, written as SEC 1 does, which is not what RFC 9381 hashes. It gives the private key away. */
function infinityProof(file: VectorFile, of: string, secret: Uint8Array): void {
  const { publicKey, input, proof } = file.inputOf(of);
  const { H } = vrfProve('ECVRF-P256-SHA256-TAI', secret, bytes(input));
  const gamma = bytes(proof).subarray(0, 33);
  const hashed = [Buffer.of(1, 2), bytes(publicKey), H, gamma, Buffer.of(0), Buffer.of(0), Buffer.of(0)];
  const c = sha256(Buffer.concat(hashed)).subarray(0, CHALLENGE_LENGTH);
  const s = (fromBigEndian(c) * fromBigEndian(secret)) % P256_ORDER;
  file.invalid(of, 'ERR_VRF_PROOF', 'the nonce is zero', {
    proof: hex(Buffer.concat([gamma, c, bigEndian(s)])),
  });
}

const fromBigEndian = (octets: Uint8Array): bigint => BigInt(`0x${hex(octets)}`);
const sha256 = (octets: Uint8Array): Buffer => createHash('sha256').update(octets).digest();
