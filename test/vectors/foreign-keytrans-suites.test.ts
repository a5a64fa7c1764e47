/**
 * The cipher suites of KEYTRANS against RFC 9381's examples, the vectors of OR13/kt, and two logs recorded from katie:
 * VRF proofs, commitments, tree-head signatures. Structures are encoded here by hand.
 */

import {
  type CipherSuite,
  KT_128_SHA256_Ed25519,
  KT_128_SHA256_P256,
} from 'contact-key-verification/suites.js';
import { expect, test } from 'vitest';
import { codeOf } from '../support/accounts.js';
import { checkCorpus, fromHex } from '../support/foreign.js';
import { vrfProve, vrfVerify } from '../reference/vrf.js';
import { hex } from './files.js';

const SUITES: readonly CipherSuite[] = [KT_128_SHA256_P256, KT_128_SHA256_Ed25519];

function suiteOf(id: number): CipherSuite {
  const suite = SUITES.find((known) => known.id === id);
  if (suite === undefined) throw new Error(`no suite: ${id}`);
  return suite;
}

// --- RFC 9381 ---------------------------------------------------------------------------------------------------

interface Example {
  readonly example: number;
  readonly suite: string;
  readonly SK: string;
  readonly x: string;
  readonly PK: string;
  readonly alpha: string;
  readonly try_and_increment_ctr: number;
  readonly H: string;
  readonly k: string;
  readonly U: string;
  readonly V: string;
  readonly pi: string;
  readonly beta: string;
}

test('RFC 9381, examples with try-and-increment', () =>
  checkCorpus('ecvrf-rfc9381', 6, async (files, runCase) => {
    const { vectors } = files.json<{ vectors: readonly Example[] }>('rfc9381-ecvrf.json');
    // The others hash to the curve in another way.
    for (const one of vectors.filter(({ suite }) => suite.endsWith('-TAI'))) {
      await runCase(`example ${one.example}`, () => {
        const [secret, input] = [fromHex(one.SK), fromHex(one.alpha)];
        // Every value on the way is the reference's; `unit/vrf-steps.test.ts` holds the library to the same ones.
        const trace = vrfProve(one.suite, secret, input);
        const number = (value: bigint): string => value.toString(16).padStart(64, '0');
        expect({
          PK: hex(trace.PK),
          ctr: trace.ctr,
          H: hex(trace.H),
          U: hex(trace.U),
          V: hex(trace.V),
          pi: hex(trace.pi),
          beta: hex(trace.beta),
        }).toEqual({
          PK: one.PK,
          ctr: one.try_and_increment_ctr,
          H: one.H,
          U: one.U,
          V: one.V,
          pi: one.pi,
          beta: one.beta,
        });
        // The RFC prints numbers of edwards25519 as they are encoded, least significant byte first.
        const asPrinted = (text: string): string =>
          one.suite.startsWith('ECVRF-P256') ? text : hex(fromHex(text).reverse());
        expect([number(trace.x), number(trace.k)]).toEqual([asPrinted(one.x), asPrinted(one.k)]);
        expect(hex(vrfVerify(one.suite, trace.PK, input, trace.pi))).toBe(one.beta);

        const vrf = SUITES.map((suite) => suite.vrf).find(({ name }) => name === one.suite);
        if (vrf === undefined) throw new Error(`no VRF: ${one.suite}`);
        const key = vrf.parsePrivateKey(secret);
        expect(hex(key.publicKey.encoded)).toBe(one.PK);
        const { proof, output } = vrf.prove(key, input);
        expect([hex(proof), hex(output)]).toEqual([one.pi, one.beta.slice(0, 64)]);
        expect(hex(vrf.verify(vrf.parsePublicKey(fromHex(one.PK)), input, proof))).toBe(hex(output));
      });
    }
  }));

// --- OR13/kt ----------------------------------------------------------------------------------------------------

interface VrfCase {
  readonly name: string;
  readonly input: {
    readonly label: string;
    readonly version: number;
    readonly private_key: string;
    readonly public_key: string;
    readonly proof?: string;
  };
  readonly expect: {
    readonly error?: boolean;
    readonly output: string;
    readonly proof: string;
    readonly vrf_input: string;
  };
}

/** struct { opaque label<0..2^8-1>; uint32 version; } VrfInput; */
function encodeVrfInput(label: Uint8Array, version: number): Uint8Array {
  const encoded = Buffer.alloc(4);
  encoded.writeUInt32BE(version);
  return Buffer.concat([Buffer.of(label.length), label, encoded]);
}

function checkVrf(file: string, id: number): void {
  test(`OR13/kt ${file}`, () =>
    checkCorpus('keytrans/or13-kt', 11, async (files, runCase) => {
      const { vrf } = suiteOf(id);
      const { cases } = files.json<{ cases: readonly VrfCase[] }>(file);
      for (const { name, input, expect: expected } of cases) {
        await runCase(name, () => {
          const key = vrf.parsePrivateKey(fromHex(input.private_key));
          expect(hex(key.publicKey.encoded)).toBe(input.public_key);
          const publicKey = vrf.parsePublicKey(fromHex(input.public_key));
          const encoded = encodeVrfInput(fromHex(input.label), input.version);
          if (expected.error === true) {
            const proof = fromHex(String(input.proof));
            expect(codeOf(() => vrf.verify(publicKey, encoded, proof))).toBe('ERR_VRF_PROOF');
            return;
          }
          expect(hex(encoded)).toBe(expected.vrf_input);
          const { proof, output } = vrf.prove(key, encoded);
          expect([hex(proof), hex(output)]).toEqual([expected.proof, expected.output]);
          expect(hex(vrf.verify(publicKey, encoded, fromHex(expected.proof)))).toBe(expected.output);
        });
      }
    }));
}

checkVrf('vrf-p256.json', 1);
checkVrf('vrf.json', 2);

interface CommitmentCase {
  readonly name: string;
  readonly input: {
    readonly opening: string;
    readonly label: string;
    readonly version: number;
    readonly update: { readonly value: string };
    readonly commitment?: string;
  };
  readonly expect: {
    readonly error?: boolean;
    readonly commitment: string;
    readonly commitment_value: string;
  };
}

/** struct { opaque opening[16]; opaque label<0..2^8-1>; uint32 version; opaque value<0..2^32-1>; } */
function encodeCommitmentValue(
  opening: Uint8Array,
  label: Uint8Array,
  version: number,
  value: Uint8Array,
): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([opening, encodeVrfInput(label, version), length, value]);
}

test('OR13/kt commitment.json', () =>
  checkCorpus('keytrans/or13-kt', 7, async (files, runCase) => {
    const { cases } = files.json<{ cases: readonly CommitmentCase[] }>('commitment.json');
    for (const { name, input, expect: expected } of cases) {
      await runCase(name, () => {
        const value = encodeCommitmentValue(
          fromHex(input.opening),
          fromHex(input.label),
          input.version,
          fromHex(input.update.value),
        );
        for (const suite of SUITES) {
          if (expected.error === true) {
            const commitment = fromHex(String(input.commitment));
            expect(codeOf(() => suite.verifyCommitment(commitment, value))).toBe('ERR_COMMITMENT');
            continue;
          }
          expect(hex(value)).toBe(expected.commitment_value);
          expect(hex(suite.commit(value))).toBe(expected.commitment);
          suite.verifyCommitment(fromHex(expected.commitment), value);
        }
      });
    }
  }));

interface TreeHeadCase {
  readonly name: string;
  readonly input: {
    readonly signature_public_key: string;
    readonly auditor_public_key?: string;
    readonly vrf_public_key: string;
  };
  readonly expect: {
    readonly tree_head_tbs: string;
    readonly signature: string;
    readonly auditor_tree_head?: string;
    readonly auditor_tree_head_tbs?: string;
  };
}

function checkTreeHeads(file: string, id: number): void {
  test(`OR13/kt ${file}, signatures`, () =>
    checkCorpus('keytrans/or13-kt', 9, async (files, runCase) => {
      const { signatures, vrf } = suiteOf(id);
      const { cases } = files.json<{ cases: readonly TreeHeadCase[] }>(file);
      for (const { name, input, expect: expected } of cases) {
        await runCase(name, () => {
          vrf.parsePublicKey(fromHex(input.vrf_public_key));
          const key = signatures.parsePublicKey(fromHex(input.signature_public_key));
          const signature = fromHex(expected.signature);
          signatures.verify(key, fromHex(expected.tree_head_tbs), signature);
          const other = fromHex(`${expected.tree_head_tbs.slice(0, -2)}ff`);
          expect(codeOf(() => signatures.verify(key, other, signature))).toBe('ERR_SIGNATURE');
          if (input.auditor_public_key === undefined) return;
          const auditor = signatures.parsePublicKey(fromHex(input.auditor_public_key));
          // struct { uint64 timestamp; uint64 tree_size; opaque signature<0..2^16-1>; } AuditorTreeHead;
          const ofAuditor = fromHex(String(expected.auditor_tree_head)).subarray(18);
          signatures.verify(auditor, fromHex(String(expected.auditor_tree_head_tbs)), ofAuditor);
        });
      }
    }));
}

checkTreeHeads('tree-head-p256.json', 1);
checkTreeHeads('tree-head.json', 2);

// --- katie ------------------------------------------------------------------------------------------------------

interface World {
  readonly name: string;
  readonly suite: number;
  readonly config: string;
  readonly vrf_private: string;
  readonly signature_private: string;
  readonly entries: readonly {
    readonly position: number;
    readonly tree_head_tbs: string;
    readonly tree_head_signature: string;
    readonly added: readonly {
      readonly label: string;
      readonly version: number;
      readonly value: string;
      readonly opening: string;
      readonly commitment: string;
      readonly commitment_body: string;
      readonly vrf_input: string;
      readonly vrf_output: string;
      readonly vrf_proof: string;
    }[];
  }[];
}

/** The two public keys at the beginning of a Configuration: uint16, uint8, then opaque<0..2^16-1> twice. */
function keysOf(configuration: Uint8Array): [signature: Uint8Array, vrf: Uint8Array] {
  const bytes = Buffer.from(configuration);
  const length = bytes.readUInt16BE(3);
  const at = 5 + length;
  return [bytes.subarray(5, at), bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at))];
}

test('katie: VRF proofs, commitments and tree heads of two recorded logs', () =>
  checkCorpus('keytrans', 42, async (files, runCase) => {
    const { worlds } = files.json<{ worlds: readonly World[] }>('katie-00da525.json');
    let added = 0;
    let highS = 0;
    for (const world of worlds) {
      const { vrf, signatures, ...suite } = suiteOf(world.suite);
      const [signatureKey, vrfKey] = keysOf(fromHex(world.config)).map((key) => Uint8Array.from(key));
      const key = vrf.parsePrivateKey(fromHex(world.vrf_private));
      const publicKey = vrf.parsePublicKey(vrfKey as Uint8Array);
      expect(publicKey.encoded).toEqual(key.publicKey.encoded);
      const verifier = signatures.parsePublicKey(signatureKey as Uint8Array);
      expect(signatures.scheme.derivePublicKey(fromHex(world.signature_private))).toEqual(verifier.key);
      for (const entry of world.entries) {
        await runCase(`${world.name}, entry ${entry.position}`, () => {
          for (const one of entry.added) {
            const input = encodeVrfInput(fromHex(one.label), one.version);
            expect(hex(input)).toBe(one.vrf_input);
            const { proof, output } = vrf.prove(key, input);
            expect([hex(proof), hex(output)]).toEqual([one.vrf_proof, one.vrf_output]);
            expect(hex(vrf.verify(publicKey, input, fromHex(one.vrf_proof)))).toBe(one.vrf_output);
            const value = encodeCommitmentValue(
              fromHex(one.opening),
              fromHex(one.label),
              one.version,
              fromHex(one.value),
            );
            expect(hex(value)).toBe(one.commitment_body);
            expect(hex(suite.commit(value))).toBe(one.commitment);
            added++;
          }
          const signature = fromHex(entry.tree_head_signature);
          signatures.verify(verifier, fromHex(entry.tree_head_tbs), signature);
          if (world.suite === 1 && (signature[32] as number) >= 0x80) highS++;
        });
      }
    }
    console.info(`katie: ${added} labels, ${highS} P-256 signatures with the higher s`);
    expect([added, highS]).toEqual([58, 9]);
  }));
