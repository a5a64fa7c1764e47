/**
 * Tasks: VRF proofs made and checked. The inputs and what must come of them are the published vectors, which the
 * reference has made.
 */

import { createRequire } from 'node:module';
import type { CurvePoint } from '@noble/curves/abstract/curve.js';
import {
  KT_128_SHA256_Ed25519,
  KT_128_SHA256_P256,
  type Vrf,
  type VrfPrivateKey,
} from 'contact-key-verification/suites.js';
import { assertRefused } from '../control.js';
import { digest, type Task } from '../harness.js';
import {
  type Curve,
  EDWARDS25519,
  encodeEach,
  encodeTogether,
  fourMultiplications,
  type Key,
  type Multiply,
  P256,
  prove,
  sharedDoublings,
  verify,
} from './vrf-composition.js';

const OURS = 'this library';

/** The VRFs of the library. */
export const VRFS: readonly Vrf[] = [KT_128_SHA256_Ed25519.vrf, KT_128_SHA256_P256.vrf];

interface Case {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly input: Uint8Array;
  readonly proof: Uint8Array;
  readonly output: Uint8Array;
}

interface Published {
  readonly valid: readonly {
    readonly structure: string;
    readonly input: Readonly<Record<'vrf' | 'secret' | 'input', string>>;
    readonly output: Readonly<Record<'publicKey' | 'proof' | 'output', string>>;
  }[];
}

/** Several, as one input takes more tries to reach the curve than another. */
function casesOf(name: string): Case[] {
  const { valid } = createRequire(import.meta.url)('contact-key-verification/vectors/vrf.json') as Published;
  const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
  return valid
    .filter(({ structure, input }) => structure === 'VrfProving' && input.vrf === name)
    .map(({ input, output }) => ({
      secret: hex(input.secret),
      publicKey: hex(output.publicKey),
      input: hex(input.input),
      proof: hex(output.proof),
      output: hex(output.output),
    }));
}

/** Verification of one case, by some way. */
type Verifier = (one: Case) => Uint8Array;

function verifierTask(title: string, cases: readonly Case[], ways: ReadonlyMap<string, Verifier>): Task {
  const expected = digest(Buffer.concat(cases.map(({ output }) => output)));
  return {
    title,
    unit: 'proofs',
    units: cases.length,
    baseline: OURS,
    contenders: [...ways].map(([name, way]) => {
      const [first] = cases as [Case];
      assertRefused(name, () => way({ ...first, input: Uint8Array.of(...first.input, 0) }));
      return { name, run: () => Buffer.concat(cases.map(way)), expected };
    }),
  };
}

/** What each key is parsed to: once, or anew for every proof. */
type Keys = <T>(parse: (encoded: Uint8Array) => T) => (encoded: Uint8Array) => T;

const once: Keys = <T>(parse: (encoded: Uint8Array) => T) => {
  const parsed = new Map<string, T>();
  return (encoded: Uint8Array): T => {
    const id = Buffer.from(encoded).toString('hex');
    const key = parsed.get(id) ?? parse(encoded);
    parsed.set(id, key);
    return key;
  };
};

const anew: Keys = (parse) => parse;

function waysOf<P extends CurvePoint<bigint, P>>(
  vrf: Vrf,
  curve: Curve<P>,
  keys: Keys,
): Map<string, Verifier> {
  const ours = keys(vrf.parsePublicKey);
  const keyOf = keys((encoded): Key<P> => ({ point: curve.points.fromBytes(encoded), encoded }));
  return new Map<string, Verifier>([
    [OURS, ({ publicKey, input, proof }) => vrf.verify(ours(publicKey), input, proof)],
    [
      'without a table of the key',
      ({ publicKey, input, proof }) =>
        verify(curve, keyOf(publicKey), input, proof, { combine: sharedDoublings, encode: encodeTogether }),
    ],
    [
      'four multiplyUnsafe',
      ({ publicKey, input, proof }) =>
        verify(curve, keyOf(publicKey), input, proof, { combine: fourMultiplications, encode: encodeEach }),
    ],
  ]);
}

const waysFor = (vrf: Vrf, keys: Keys): Map<string, Verifier> =>
  vrf.publicKeyLength === 33 ? waysOf(vrf, P256, keys) : waysOf(vrf, EDWARDS25519, keys);

export function vrfVerifyingTask(vrf: Vrf): Task {
  return verifierTask(`${vrf.name}: verify`, casesOf(vrf.name), waysFor(vrf, once));
}

/** The first proof of a key, when what is kept of the key has to be computed. */
export function vrfFirstVerifyingTask(vrf: Vrf): Task {
  return verifierTask(`${vrf.name}: parse a key, verify one proof`, casesOf(vrf.name), waysFor(vrf, anew));
}

/** Proving. The ways that may leak the private key stand here as what that costs, not as a choice. */
export function vrfProvingTask(vrf: Vrf): Task {
  const cases = casesOf(vrf.name);
  const expected = digest(Buffer.concat(cases.map(({ proof, output }) => Buffer.concat([proof, output]))));
  const keys = cases.map(({ secret }) => vrf.parsePrivateKey(secret));
  const composed = (multiply: Multiply) => (): Uint8Array =>
    Buffer.concat(
      cases.map(({ secret, input }) =>
        vrf.publicKeyLength === 33
          ? prove(P256, secret, input, multiply)
          : prove(EDWARDS25519, secret, input, multiply),
      ),
    );
  const ours = (): Uint8Array =>
    Buffer.concat(
      cases.flatMap(({ input }, i) => {
        const { proof, output } = vrf.prove(keys[i] as VrfPrivateKey, input);
        return [proof, output];
      }),
    );
  const contenders = [
    { name: OURS, run: ours },
    { name: 'four multiply', run: composed((point, scalar) => point.multiply(scalar)) },
    { name: 'four multiplyUnsafe', run: composed((point, scalar) => point.multiplyUnsafe(scalar)) },
  ];
  return {
    title: `${vrf.name}: prove`,
    unit: 'proofs',
    units: cases.length,
    baseline: OURS,
    contenders: contenders.map((contender) => ({ ...contender, expected })),
  };
}
