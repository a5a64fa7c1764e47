/** The leaves that the vectors of prefix trees use, and leaves and proofs as fields. */
import { createHash } from 'node:crypto';
import type { Leaf, Proof } from '../../test/reference/prefix-tree.js';
import { type Fields, hex } from './vector-file.js';

export const leafField = ({ vrfOutput, commitment }: Leaf): Fields => ({
  vrfOutput: hex(vrfOutput),
  commitment: hex(commitment),
});

export const proofFields = ({ results, elements }: Proof): Fields => ({
  results: results.map((result) => ({
    resultType: result.resultType,
    leaf: result.resultType === 'nonInclusionLeaf' ? leafField(result.leaf) : null,
    depth: result.depth,
  })),
  elements: elements.map(hex),
});

/** 32 bytes from a name. */
export const named = (name: string): Buffer =>
  createHash('sha256').update(`prefix-trees.json: ${name}`).digest();

/** A key that begins with some bits; the rest is a hash of the name. */
export function keyOf(start: string, name: string): Buffer {
  const key = named(`key of ${name}`);
  for (const [i, bit] of [...start].entries()) {
    const byte = Math.floor(i / 8);
    const weight = 2 ** (7 - (i % 8));
    const rest = key[byte] as number;
    const isSet = Math.floor(rest / weight) % 2 === 1;
    if (isSet !== (bit === '1')) key[byte] = bit === '1' ? rest + weight : rest - weight;
  }
  return key;
}

export const leaf = (start: string, name: string): Leaf => ({
  vrfOutput: keyOf(start, name),
  commitment: named(`commitment of ${name}`),
});

/** The five entries of the draft's figure, and the sixth. */
export const [A, B, C, D, E, F] = [
  leaf('00010', 'A'),
  leaf('00101', 'B'),
  leaf('10001', 'C'),
  leaf('10111', 'D'),
  leaf('11011', 'E'),
  leaf('01101', 'F'),
] as const;
export const FIGURE: readonly Leaf[] = [A, B, C, D, E];
