/** Proofs that only a prover makes who departs from RFC 9381, and that its verification accepts all the same. */
import { Refusal } from '../../test/reference/encoding.js';
import { type Own, type VrfTrace, vrfProve, vrfVerify } from '../../test/reference/vrf.js';
import { ORDER_2, ORDER_8 } from './points.js';
import { hex, type VectorFile } from './vector-file.js';
import type { Structures } from './vrf.js';

export function oddProofs(file: VectorFile, { vrf, proof, curve }: Structures, secret: Uint8Array): void {
  if (curve === 'P-256') return;
  const add = (name: string, own: Own): void => {
    const { alpha, made } = firstThatHolds(vrf, secret, own);
    file.valid(proof, `${curve}: ${name}`, {
      publicKey: hex(made.PK),
      input: hex(alpha),
      proof: hex(made.pi),
    });
  };
  add('the nonce is zero, so U and V are the identity', { k: 0n });
  add('Gamma with a part of order 2: the same output', { plusGamma: ORDER_2 });
  add('Gamma with a part of order 8: the same output', { plusGamma: ORDER_8 });
  add('a key with a part of order 8', { plusY: ORDER_8 });
}

/** The small part vanishes where the challenge is a multiple of its order: one input in eight, or in two. */
function firstThatHolds(vrf: string, secret: Uint8Array, own: Own): { alpha: Buffer; made: VrfTrace } {
  for (let i = 0; ; i++) {
    const alpha = Buffer.from(`input ${i}`);
    const made = vrfProve(vrf, secret, alpha, own);
    try {
      vrfVerify(vrf, made.PK, alpha, made.pi);
      return { alpha, made };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
}
