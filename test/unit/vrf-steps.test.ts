/**
 * Every step of proving against the published vectors, RFC 9381's examples among them: the functions are internal, so
 * this test enters their room.
 */
import { describe, expect, test } from 'vitest';
import { challenge, decodeProof, encodeToCurve, proofToHash } from '../../src/crypto/ecvrf.js';
import type { EcvrfGroup, EcvrfPoint } from '../../src/crypto/ecvrf-group.js';
import { deriveNonce } from '../../src/crypto/rfc6979.js';
import { edwards25519Group } from '../../src/crypto/vrf-edwards25519.js';
import { p256Group } from '../../src/crypto/vrf-p256.js';
import { nonces } from '../reference/rfc6979.js';
import { codeOf } from '../support/accounts.js';
import { bytes, type Fields, hex, PUBLISHED } from '../vectors/files.js';

const VRF = PUBLISHED.find(({ file }) => file === 'vrf');
const STEPS = VRF?.valid.filter(({ structure }) => structure === 'VrfSteps') ?? [];

const scalar = (value: bigint): string => value.toString(16).padStart(64, '0');

/** The number of hashes that hashing to the curve took. */
function countingHashes<P extends EcvrfPoint<P>>(group: EcvrfGroup<P>): [EcvrfGroup<P>, () => number] {
  let count = 0;
  const hash = (given: Uint8Array): Uint8Array => {
    count++;
    return group.hash(given);
  };
  return [{ ...group, hash }, () => count];
}

function stepsOf<P extends EcvrfPoint<P>>(group: EcvrfGroup<P>, input: Fields): Fields {
  const secret = bytes(input['secret']);
  const publicKey = group.points.BASE.multiply(group.secretScalar(secret)).toBytes();
  const [counting, count] = countingHashes(group);
  const h = encodeToCurve(counting, publicKey, bytes(input['input']));
  const { x, k } = group.secretScalars(secret, h.toBytes());
  expect(x).toBe(group.secretScalar(secret));
  const gamma = h.multiply(x);
  const [u, v] = [group.points.BASE.multiply(k), h.multiply(k)];
  const c = challenge(group, [publicKey, h.toBytes(), gamma.toBytes(), u.toBytes(), v.toBytes()]);
  const s = (k + group.decodeInteger(c) * x) % group.points.Fn.ORDER;
  const decoded = decodeProof(group, Buffer.concat([gamma.toBytes(), c, group.encodeScalar(s)]));
  expect(decoded.gamma.equals(gamma)).toBe(true);
  expect([hex(decoded.encodedGamma), hex(decoded.c), decoded.s]).toEqual([hex(gamma.toBytes()), hex(c), s]);
  return {
    x: scalar(x),
    counter: count() - 1,
    h: hex(h.toBytes()),
    k: scalar(k),
    u: hex(u.toBytes()),
    v: hex(v.toBytes()),
    beta: hex(proofToHash(group, gamma.clearCofactor().toBytes())),
  };
}

test.each(STEPS)('$name', ({ input, output }) => {
  const [computed, order] =
    input['vrf'] === p256Group.name
      ? [stepsOf(p256Group, input), p256Group.points.Fn.ORDER]
      : [stepsOf(edwards25519Group, input), edwards25519Group.points.Fn.ORDER];
  // The scalar of RFC 8032 is above the order of the group; as a multiplier of its points it is the same.
  const x = BigInt(`0x${String(output['x'])}`) % order;
  expect(computed).toEqual({ ...output, x: scalar(x) });
});

test('the examples of RFC 9381 are six', () => {
  expect(STEPS.filter(({ name }) => name.startsWith('RFC 9381'))).toHaveLength(6);
});

describe('hashing to the curve', () => {
  const salt = Uint8Array.of(1);
  const input = Uint8Array.of(2);

  test('tries 256 counters, each once, and then gives up', () => {
    const counters: (number | undefined)[] = [];
    const never = {
      ...p256Group,
      hash: (given: Uint8Array) => {
        counters.push(given.at(-2));
        return given;
      },
      candidatePoint: () => undefined,
    };
    expect(codeOf(() => encodeToCurve(never, salt, input))).toBe('ERR_ARGUMENT_RANGE');
    expect(counters).toEqual(Array.from({ length: 256 }, (_, counter) => counter));
  });

  test('passes over candidates that the cofactor takes to the identity', () => {
    const order2 = edwards25519Group.decodePoint(bytes(`ec${'ff'.repeat(30)}7f`));
    const candidates = [order2, undefined, edwards25519Group.points.BASE];
    const group = { ...edwards25519Group, candidatePoint: () => candidates.shift() };
    const point = encodeToCurve(group, salt, input);
    expect(order2?.double().is0()).toBe(true);
    expect(point.equals(edwards25519Group.points.BASE.clearCofactor())).toBe(true);
    expect(candidates).toEqual([]);
  });
});

test('points are decoded from their one encoding alone', () => {
  const { BASE } = p256Group.points;
  expect(p256Group.decodePoint(BASE.toBytes())?.equals(BASE)).toBe(true);
  const uncompressed = Uint8Array.of(4, ...p256Group.encodeScalar(BASE.x), ...p256Group.encodeScalar(BASE.y));
  expect(p256Group.decodePoint(uncompressed)).toBeUndefined();
  for (const group of [p256Group, edwards25519Group]) {
    for (const length of [0, 31, 32, 33, 34, 65]) {
      expect(group.decodePoint(new Uint8Array(length).fill(0xff))).toBeUndefined();
    }
  }
});

describe('nonces of RFC 6979', () => {
  /** So many candidates are not below this order that most nonces take several. */
  const LOW_ORDER = 2n ** 255n + 95n;

  test.each([['P-256', p256Group.points.Fn.ORDER] as const, ['a low order', LOW_ORDER] as const])(
    'are those of the reference for %s',
    (_, order) => {
      for (let i = 1; i <= 40; i++) {
        const x = (BigInt(i) * 2n ** 247n) % order;
        const digest = p256Group.hash(Uint8Array.of(i));
        const [expected] = nonces(x, digest, order);
        expect(deriveNonce(order, p256Group.encodeScalar(x), digest)).toBe(expected);
      }
    },
  );

  test('reduce a hash that is not below the order', () => {
    const order = p256Group.points.Fn.ORDER;
    const secret = p256Group.encodeScalar(5n);
    const reduced = deriveNonce(order, secret, p256Group.encodeScalar(7n));
    expect(deriveNonce(order, secret, p256Group.encodeScalar(order + 7n))).toBe(reduced);
  });
});
