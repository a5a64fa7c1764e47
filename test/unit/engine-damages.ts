/** What can go wrong in each queue of a CombinedTreeProof: something is missing, twice, elsewhere or another. */
import fc from 'fast-check';
import type { Combined } from '../reference/keytrans-searches.js';
import type { Proof, Result } from '../reference/prefix-tree.js';

type Act = 'drop' | 'duplicate' | 'swap' | 'alter' | 'append';
type Place = 'timestamps' | 'searches' | 'roots' | 'elements' | 'results' | 'prefixElements';

export interface Damage {
  readonly place: Place;
  readonly act: Act;
  readonly at: number;
  readonly other: number;
  readonly search: number;
}

export const damages: fc.Arbitrary<Damage> = fc.record({
  place: fc.constantFrom<Place>('timestamps', 'searches', 'roots', 'elements', 'results', 'prefixElements'),
  act: fc.constantFrom<Act>('drop', 'duplicate', 'swap', 'alter', 'append'),
  at: fc.nat(1000),
  other: fc.nat(1000),
  search: fc.nat(1000),
});

export function damageOf(proof: Combined, damage: Damage): Combined {
  const { other } = damage;
  switch (damage.place) {
    case 'timestamps':
      return {
        ...proof,
        timestampsMs: listed(proof.timestampsMs, damage, (ms) => otherTime(ms, other), other),
      };
    case 'roots':
      return { ...proof, prefixRoots: listed(proof.prefixRoots, damage, (hash) => flip(hash, other), HASH) };
    case 'elements':
      return {
        ...proof,
        inclusion: { elements: listed(proof.inclusion.elements, damage, (hash) => flip(hash, other), HASH) },
      };
    case 'searches':
      return {
        ...proof,
        prefixProofs: listed(proof.prefixProofs, damage, (one) => damageSearch(one, damage), EMPTY),
      };
    default: {
      const at = damage.search % Math.max(1, proof.prefixProofs.length);
      const prefixProofs = proof.prefixProofs.map((one, i) => (i === at ? damageSearch(one, damage) : one));
      return { ...proof, prefixProofs };
    }
  }
}

const HASH: Uint8Array = new Uint8Array(32).fill(7);
const EMPTY: Proof = { results: [], elements: [HASH] };
const PARENT: Result = { resultType: 'nonInclusionParent', depth: 1 };

function damageSearch(search: Proof, damage: Damage): Proof {
  const { other } = damage;
  return damage.place === 'prefixElements'
    ? { ...search, elements: listed(search.elements, damage, (hash) => flip(hash, other), HASH) }
    : { ...search, results: listed(search.results, damage, (result) => otherResult(result, other), PARENT) };
}

function listed<T>(list: readonly T[], { act, at, other }: Damage, alter: (one: T) => T, extra: T): T[] {
  if (act === 'append') return [...list, extra];
  if (list.length === 0) return [];
  const [i, j] = [at % list.length, other % list.length];
  const [one, two] = [list[i] as T, list[j] as T];
  if (act === 'drop') return list.filter((_, k) => k !== i);
  if (act === 'duplicate') return [...list.slice(0, i), one, ...list.slice(i)];
  if (act === 'swap') return list.map((each, k) => (k === i ? two : k === j ? one : each));
  return list.map((each, k) => (k === i ? alter(one) : each));
}

/** A little off, either way. */
const otherTime = (ms: number, by: number): number =>
  Math.max(0, ms + (by % 2 === 0 ? 1 : -1) * (1 + (by % 5)));

function flip(hash: Uint8Array, by: number): Uint8Array {
  const copy = Uint8Array.from(hash);
  const at = by % 32;
  copy[at] = (copy[at] as number) ^ (1 << (by % 8));
  return copy;
}

/** Another type, another depth, or another leaf. */
function otherResult(result: Result, by: number): Result {
  const { depth } = result;
  if (by % 3 === 0) return { ...result, depth: (depth + 1 + (by % 9)) % 256 };
  if (result.resultType === 'nonInclusionLeaf' && by % 3 === 1) {
    const { vrfOutput, commitment } = result.leaf;
    return by % 2 === 0
      ? { ...result, leaf: { vrfOutput: flip(vrfOutput, by), commitment } }
      : { ...result, leaf: { vrfOutput, commitment: flip(commitment, by) } };
  }
  return result.resultType === 'inclusion'
    ? { resultType: 'nonInclusionParent', depth }
    : { resultType: 'inclusion', depth };
}
