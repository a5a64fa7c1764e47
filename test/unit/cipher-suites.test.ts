/** The two cipher suites by hand: their numbers, keys that do not show themselves, and misuse. */

import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import {
  type CipherSuite,
  KT_128_SHA256_Ed25519,
  KT_128_SHA256_P256,
  SecretBytes,
  type VrfPrivateKey,
  type VrfPublicKey,
} from 'contact-key-verification/suites.js';
import { describe, expect, test, vi } from 'vitest';
import { otherS } from '../reference/rfc6979.js';
import { codeOf } from '../support/accounts.js';

const SUITES: readonly CipherSuite[] = [KT_128_SHA256_P256, KT_128_SHA256_Ed25519];
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const input = Uint8Array.of(1, 2, 3);

test('the suites have the numbers and lengths of the draft', () => {
  const shown = SUITES.map(({ id, name, hashLength, openingLength, vrf, signatures }) => [
    [id, name, hashLength, openingLength],
    [vrf.name, vrf.publicKeyLength, vrf.proofLength, vrf.outputLength],
    [signatures.scheme.name, signatures.scheme.publicKeyLength],
  ]);
  expect(shown).toEqual([
    [
      [1, 'KT_128_SHA256_P256', 32, 16],
      ['ECVRF-P256-SHA256-TAI', 33, 81, 32],
      ['P-256', 65],
    ],
    [
      [2, 'KT_128_SHA256_Ed25519', 32, 16],
      ['ECVRF-EDWARDS25519-SHA512-TAI', 32, 80, 32],
      ['Ed25519', 32],
    ],
  ]);
  const abc = Uint8Array.from(Buffer.from('abc'));
  for (const suite of SUITES) {
    expect([suite, suite.vrf, suite.signatures].every((part) => Object.isFrozen(part))).toBe(true);
    expect(Buffer.from(suite.hash(abc))).toEqual(createHash('sha256').update(abc).digest());
  }
});

describe.each(SUITES.map((suite) => [suite.name, suite] as const))('%s', (_, suite) => {
  const { vrf, signatures } = suite;

  test('a VRF key proves until it is destroyed, and shows nothing', () => {
    const key = vrf.generatePrivateKey();
    const secret = Buffer.from(key.reveal());
    const { proof, output } = vrf.prove(key, input);
    expect([proof.length, output.length]).toEqual([vrf.proofLength, 32]);
    expect(vrf.prove(key, input)).toEqual({ proof, output });
    expect(vrf.verify(key.publicKey, input, proof)).toEqual(output);
    expect(vrf.prove(vrf.parsePrivateKey(secret), input)).toEqual({ proof, output });

    const shown = [inspect(key, { showHidden: true, depth: 9 }), JSON.stringify({ key }), `${String(key)}`];
    for (const text of shown) {
      expect(text).not.toContain(secret.toString('hex'));
      expect(text).not.toContain([...secret.subarray(0, 4)].join(', '));
    }
    expect(shown.slice(1)).toEqual(['{"key":"[VrfPrivateKey redacted]"}', '[VrfPrivateKey redacted]']);
    expect(Object.keys(key)).toEqual(['publicKey']);

    expect(key.isDestroyed).toBe(false);
    key.destroy();
    key.destroy();
    expect(key.isDestroyed).toBe(true);
    expect(codeOf(() => vrf.prove(key, input))).toBe('ERR_DESTROYED');
    expect(codeOf(() => key.reveal())).toBe('ERR_DESTROYED');
    expect(vrf.verify(key.publicKey, input, proof)).toEqual(output);
  });

  test('VRF keys own their bytes', () => {
    const key = vrf.generatePrivateKey();
    const { proof, output } = vrf.prove(key, input);
    const secret = key.reveal();
    const copied = vrf.parsePrivateKey(secret);
    secret.fill(0);
    expect(vrf.prove(copied, input).proof).toEqual(proof);
    const encoded = Uint8Array.from(key.publicKey.encoded);
    const publicKey = vrf.parsePublicKey(encoded);
    encoded.fill(0);
    expect(vrf.verify(publicKey, input, proof)).toEqual(output);
    expect([publicKey.vrf, Object.isFrozen(publicKey)]).toEqual([vrf.name, true]);
  });

  test('two keys made by chance differ', () => {
    expect(vrf.generatePrivateKey().reveal()).not.toEqual(vrf.generatePrivateKey().reveal());
  });

  test('a proof is of one key and one input', () => {
    const [key, other] = [vrf.generatePrivateKey(), vrf.generatePrivateKey()];
    const { proof } = vrf.prove(key, input);
    expect(codeOf(() => vrf.verify(other.publicKey, input, proof))).toBe('ERR_VRF_PROOF');
    for (const wrong of [new Uint8Array(0), Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3, 0)]) {
      expect(codeOf(() => vrf.verify(key.publicKey, wrong, proof))).toBe('ERR_VRF_PROOF');
    }
  });

  test('any single flipped bit of a proof is refused', () => {
    const key = vrf.parsePrivateKey(new Uint8Array(32).fill(7));
    const { proof } = vrf.prove(key, input);
    const codes = new Set<string>();
    for (let bit = 0; bit < proof.length * 8; bit++) {
      const damaged = Uint8Array.from(proof);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      codes.add(codeOf(() => vrf.verify(key.publicKey, input, damaged)));
    }
    // The order of P-256 is so near 2^256 that one bit does not lead above it.
    const above = vrf.proofLength === 80 ? ['ERR_VRF_SCALAR'] : [];
    expect([...codes].sort()).toEqual(['ERR_VRF_POINT', 'ERR_VRF_PROOF', ...above]);
  });

  test('keys of the other suite, look-alikes and other values are the program’s mistake', () => {
    const other = SUITES.find((known) => known !== suite) as CipherSuite;
    const key = vrf.generatePrivateKey();
    const { proof } = vrf.prove(key, input);
    const foreign = other.vrf.generatePrivateKey();
    const lookAlike = { vrf: vrf.name, encoded: key.publicKey.encoded };
    const verifying = (publicKey: unknown) => () => vrf.verify(publicKey as VrfPublicKey, input, proof);
    const proving = (privateKey: unknown) => () => vrf.prove(privateKey as VrfPrivateKey, input);
    for (const run of [
      verifying(foreign.publicKey),
      verifying(lookAlike),
      verifying(key.publicKey.encoded),
      verifying(undefined),
      proving(foreign),
      proving({ publicKey: key.publicKey }),
      proving(key.publicKey),
      () => vrf.prove(key, 'text' as unknown as Uint8Array),
      () => vrf.verify(key.publicKey, 'text' as unknown as Uint8Array, proof),
      () => vrf.verify(key.publicKey, input, [...proof] as unknown as Uint8Array),
      () => vrf.parsePublicKey('02' as unknown as Uint8Array),
      () => vrf.parsePrivateKey(7 as unknown as Uint8Array),
    ]) {
      expect(codeOf(run)).toBe('ERR_ARGUMENT_TYPE');
    }
    const foreignProof = other.vrf.prove(foreign, input).proof;
    expect(codeOf(() => vrf.verify(key.publicKey, input, foreignProof))).toBe('ERR_LENGTH');
  });

  test('a commitment hides under an opening of its own and opens to one value', () => {
    const opening = suite.generateOpening();
    expect(opening).toHaveLength(16);
    expect(suite.generateOpening()).not.toEqual(opening);
    const value = Buffer.concat([opening, Buffer.from('value')]);
    const commitment = suite.commit(value);
    suite.verifyCommitment(commitment, value);
    const others: readonly Uint8Array[] = [
      Buffer.concat([suite.generateOpening(), Buffer.from('value')]),
      Buffer.concat([opening, Buffer.from('valuf')]),
      opening,
    ];
    for (const other of others) {
      expect(codeOf(() => suite.verifyCommitment(commitment, other))).toBe('ERR_COMMITMENT');
    }
    for (const wrong of [new Uint8Array(32), commitment.subarray(1), new Uint8Array(0)]) {
      expect(codeOf(() => suite.verifyCommitment(wrong, value))).toBe('ERR_COMMITMENT');
    }
    expect(codeOf(() => suite.commit('x' as unknown as Uint8Array))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => suite.verifyCommitment('x' as unknown as Uint8Array, value))).toBe(
      'ERR_ARGUMENT_TYPE',
    );
  });

  test('signatures are of one key and one message', () => {
    const raw = signatures.scheme.generatePrivateKey();
    const secret = new SecretBytes(raw);
    const encoded = signatures.scheme.derivePublicKey(raw);
    const key = signatures.parsePublicKey(encoded);
    encoded.fill(0);
    const signature = signatures.sign(secret, input);
    signatures.verify(key, input, signature);
    const damaged = Uint8Array.from(signature);
    damaged[40] = (damaged[40] as number) ^ 1;
    for (const wrong of [damaged, signature.subarray(1), new Uint8Array(0), new Uint8Array(64)]) {
      expect(codeOf(() => signatures.verify(key, input, wrong))).toBe('ERR_SIGNATURE');
    }
    expect(codeOf(() => signatures.verify(key, Uint8Array.of(1), signature))).toBe('ERR_SIGNATURE');
    const otherScheme = { ...key, scheme: key.scheme === 0x0403 ? 0x0807 : 0x0403 } as const;
    expect(codeOf(() => signatures.verify(otherScheme, input, signature))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => signatures.sign(new SecretBytes(new Uint8Array(31)), input))).toBe('ERR_KEY_LENGTH');
    secret.destroy();
    expect(codeOf(() => signatures.sign(secret, input))).toBe('ERR_DESTROYED');
  });

  test('without a CSPRNG nothing is drawn', () => {
    vi.stubGlobal('crypto', undefined);
    try {
      expect(codeOf(() => vrf.generatePrivateKey())).toBe('ERR_NO_RANDOMNESS');
      expect(codeOf(() => suite.generateOpening())).toBe('ERR_NO_RANDOMNESS');
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

test('P-256 signatures are made with the lower s, and both are accepted', () => {
  const { signatures } = KT_128_SHA256_P256;
  const raw = new Uint8Array(32).fill(7);
  const secret = new SecretBytes(raw);
  const key = signatures.parsePublicKey(signatures.scheme.derivePublicKey(raw));
  let asTheyCome = 0;
  for (let i = 0; i < 32; i++) {
    const message = Uint8Array.of(i);
    const signature = signatures.sign(secret, message);
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
    expect(s <= P256_ORDER / 2n).toBe(true);
    signatures.verify(key, message, signature);
    signatures.verify(key, message, Uint8Array.from(otherS(signature)));
    if (Buffer.from(signature).equals(signatures.scheme.sign(raw, message))) asTheyCome++;
  }
  // Half of them would have come out high.
  expect(asTheyCome).toBeGreaterThan(4);
  expect(asTheyCome).toBeLessThan(28);
});
