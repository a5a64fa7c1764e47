/**
 * The recorded logs of `katie-00da525.json`, as far as their prefix trees go: what each log entry adds, and the
 * prefix proofs in the answers to searches, with the keys of their binary ladders.
 */
import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import type { PrefixLeaf, PrefixProof, PrefixSearchResult } from 'contact-key-verification/prefix.js';
import { fromHex } from './foreign.js';

/** A recorded log. */
export interface RecordedLog {
  readonly name: string;
  readonly suite: 1 | 2;
  readonly entries: readonly {
    readonly added: readonly RecordedLeaf[];
    readonly prefix_root: string;
  }[];
  readonly operations: readonly {
    readonly op: string;
    readonly request: string;
    readonly response: string;
    readonly counts: { readonly prefix_proofs: number };
  }[];
}

interface RecordedLeaf {
  readonly vrf_output: string;
  readonly commitment: string;
}

/** A recorded leaf as the library takes it. */
export const recordedLeaf = ({ vrf_output, commitment }: RecordedLeaf): PrefixLeaf => ({
  vrfOutput: fromHex(vrf_output),
  commitment: fromHex(commitment),
});

/** A prefix proof of an answer, with its bytes. */
export interface RecordedProof {
  readonly proof: PrefixProof;
  readonly encoded: string;
}

/** The part of an answer that speaks of prefix trees. */
export interface RecordedAnswer {
  /** The VRF outputs of the binary ladder, in its order. */
  readonly ladder: readonly Uint8Array[];
  readonly proofs: readonly RecordedProof[];
}

/** Reads an answer to a search; every byte of it must be used. */
export function readAnswer(log: RecordedLog, request: string, response: string): RecordedAnswer {
  const reader = new Cursor(fromHex(response));
  if (reader.uint(1) === 2) {
    reader.take(8);
    reader.take(reader.uint(2));
  }
  if (!namesVersion(fromHex(request))) reader.take(4);
  reader.take(16);
  reader.take(reader.uint(4));
  const ladder = reader.list(1, () => {
    const proof = reader.take(log.suite === 1 ? 81 : 80);
    if (reader.uint(1) === 1) reader.take(32);
    return vrfOutput(log.suite, proof);
  });
  reader.list(1, () => reader.take(8));
  const proofs = reader.list(1, () => readProof(reader));
  reader.list(1, () => reader.take(32));
  reader.list(2, () => reader.take(32));
  if (!reader.isAtEnd()) throw new Error('bytes are left over');
  return { ladder, proofs };
}

function namesVersion(request: Uint8Array): boolean {
  const reader = new Cursor(request);
  if (reader.uint(1) === 1) reader.take(8);
  reader.take(reader.uint(1));
  return reader.uint(1) === 1;
}

function readProof(reader: Cursor): RecordedProof {
  const from = reader.at;
  const results = reader.list(1, (): PrefixSearchResult => {
    const type = reader.uint(1);
    if (type === 2) {
      const leaf = { vrfOutput: reader.take(32), commitment: reader.take(32) };
      return { resultType: 'nonInclusionLeaf', leaf, depth: reader.uint(1) };
    }
    if (type !== 1 && type !== 3) throw new Error(`no type of result: ${type}`);
    return { resultType: type === 1 ? 'inclusion' : 'nonInclusionParent', depth: reader.uint(1) };
  });
  const elements = reader.list(2, () => reader.take(32));
  return { proof: { results, elements }, encoded: Buffer.from(reader.since(from)).toString('hex') };
}

/** `proof_to_hash` of RFC 9381, section 5.2, for the two suites with try-and-increment. */
function vrfOutput(suite: 1 | 2, proof: Uint8Array): Uint8Array {
  if (suite === 1) {
    // The cofactor is 1.
    const hash = createHash('sha256').update(Uint8Array.of(1, 3)).update(proof.subarray(0, 33));
    return new Uint8Array(hash.update(Uint8Array.of(0)).digest());
  }
  const gamma = ed25519.Point.fromBytes(proof.subarray(0, 32)).clearCofactor().toBytes();
  const hash = createHash('sha512').update(Uint8Array.of(3, 3)).update(gamma).update(Uint8Array.of(0));
  return new Uint8Array(hash.digest().subarray(0, 32));
}

class Cursor {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.#bytes.length) throw new Error('the bytes end too soon');
    this.at += length;
    return this.#bytes.slice(this.at - length, this.at);
  }

  uint(width: number): number {
    return this.take(width).reduce((value, byte) => value * 256 + byte, 0);
  }

  list<T>(width: number, read: () => T): T[] {
    return Array.from({ length: this.uint(width) }, read);
  }

  since(from: number): Uint8Array {
    return this.#bytes.slice(from, this.at);
  }

  isAtEnd(): boolean {
    return this.at === this.#bytes.length;
  }
}
