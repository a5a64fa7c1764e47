/** Laws of the VRFs and commitments, for keys and inputs of all kinds. */

import {
  type CipherSuite,
  KT_128_SHA256_Ed25519,
  KT_128_SHA256_P256,
  type VrfPrivateKey,
} from 'contact-key-verification/suites.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitment, vrfOutput, vrfProve, vrfVerify } from '../reference/vrf.js';
import { codeOf } from '../support/accounts.js';
import { check } from '../support/property.js';

const SUITES: readonly CipherSuite[] = [KT_128_SHA256_P256, KT_128_SHA256_Ed25519];
const REFUSALS = new Set(['ERR_LENGTH', 'ERR_VRF_POINT', 'ERR_VRF_SCALAR', 'ERR_VRF_PROOF']);

/** The first byte is small, so that the scalar is below the order of P-256. */
const secrets = fc
  .tuple(fc.integer({ min: 1, max: 254 }), fc.uint8Array({ minLength: 31, maxLength: 31 }))
  .map(([first, rest]) => Uint8Array.of(first, ...rest));
const inputs = fc.uint8Array({ maxLength: 300 });

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = Math.floor(bit / 8) % bytes.length;
  copy[at] = (copy[at] as number) ^ (1 << (bit % 8));
  return copy;
}

describe.each(SUITES.map((suite) => [suite.vrf.name, suite.vrf] as const))('%s', (name, vrf) => {
  const key = vrf.parsePrivateKey(new Uint8Array(32).fill(7));

  test('proves byte for byte what the reference proves, and verifies it', () => {
    check(
      fc.property(secrets, inputs, (secret, input) => {
        const own: VrfPrivateKey = vrf.parsePrivateKey(secret);
        const { proof, output } = vrf.prove(own, input);
        const { PK, pi, beta } = vrfProve(name, secret, input);
        expect(Buffer.from(own.publicKey.encoded).equals(PK)).toBe(true);
        expect(Buffer.from(proof).equals(pi)).toBe(true);
        expect(Buffer.from(output).equals(Buffer.from(vrfOutput(beta)))).toBe(true);
        expect(vrf.verify(own.publicKey, input, proof)).toEqual(output);
      }),
    );
  });

  test('refuses a proof, an input or a key with a flipped bit', () => {
    const base = Uint8Array.of(1, 2, 3);
    const { proof } = vrf.prove(key, base);
    const what = fc.constantFrom('proof', 'input', 'key');
    check(
      fc.property(what, fc.nat(8 * vrf.proofLength - 1), (changed, bit) => {
        const code = codeOf(() =>
          vrf.verify(
            changed === 'key'
              ? vrf.parsePublicKey(flipped(key.publicKey.encoded, bit))
              : vrf.parsePublicKey(key.publicKey.encoded),
            changed === 'input' ? flipped(base, bit) : base,
            changed === 'proof' ? flipped(proof, bit) : proof,
          ),
        );
        expect(REFUSALS.has(code) || (changed === 'key' && code === 'ERR_KEY_POINT')).toBe(true);
      }),
    );
  });

  test('refuses bytes of any kind, with a code', () => {
    const lengths = { minLength: vrf.proofLength - 1, maxLength: vrf.proofLength + 1 };
    const { proof } = vrf.prove(key, new Uint8Array(0));
    const gamma = proof.subarray(0, vrf.publicKeyLength);
    // Half of them begin with a point of the curve, or they would go no further.
    const proofs = fc.tuple(fc.boolean(), fc.uint8Array(lengths)).map(([isPoint, bytes]) => {
      if (isPoint) bytes.set(gamma);
      return bytes;
    });
    check(
      fc.property(proofs, (given) => {
        expect(REFUSALS.has(codeOf(() => vrf.verify(key.publicKey, new Uint8Array(0), given)))).toBe(true);
      }),
    );
  });

  test('judges proofs put together from parts of true ones as the reference does', () => {
    const parts = [0, 1, 2].map((i) => vrf.prove(key, Uint8Array.of(i)).proof);
    const one = fc.nat(2).map((i) => parts[i] as Uint8Array);
    const [scalarAt, challengeAt] = [vrf.proofLength - 32, vrf.proofLength - 48];
    const mixed = fc
      .tuple(one, one, one)
      .map(([a, b, c]) =>
        Uint8Array.from([
          ...a.subarray(0, challengeAt),
          ...b.subarray(challengeAt, scalarAt),
          ...c.subarray(scalarAt),
        ]),
      );
    const isTrue = (run: () => unknown): boolean => {
      try {
        run();
        return true;
      } catch {
        return false;
      }
    };
    const known = new Map<string, boolean>();
    check(
      fc.property(mixed, fc.nat(2), (proof, i) => {
        const input = Uint8Array.of(i);
        const id = Buffer.from([i, ...proof]).toString('hex');
        // There are 81 in all; the reference need not judge one twice.
        const expected = known.get(id) ?? isTrue(() => vrfVerify(name, key.publicKey.encoded, input, proof));
        known.set(id, expected);
        expect(isTrue(() => vrf.verify(key.publicKey, input, proof))).toBe(expected);
      }),
    );
    expect([...known.values()].filter(Boolean)).toHaveLength(3);
  });
});

test('commitments are those of the reference', () => {
  check(
    fc.property(fc.uint8Array({ maxLength: 500 }), (value) => {
      for (const suite of SUITES) {
        expect(Buffer.from(suite.commit(value)).equals(commitment(value))).toBe(true);
      }
    }),
  );
});
