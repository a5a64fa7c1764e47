/** Vectors of prefix trees as the library judges them. */
import {
  createPrefixTree,
  evaluatePrefixUpdate,
  type PrefixLeaf,
  type PrefixProof,
  type PrefixSearchResult,
  type PrefixTreeHead,
  type PrefixTreeOptions,
  verifyPrefixProof,
} from 'contact-key-verification/prefix.js';
import type { TreeHasher } from 'contact-key-verification/prefix.js';
import { encodeProof } from '../reference/prefix-tree.js';
import { byteList, bytes, type Fields, hex, number, text } from './files.js';

const list = (value: unknown): readonly Fields[] => value as readonly Fields[];
export const leafOf = (field: unknown): PrefixLeaf => {
  const { vrfOutput, commitment } = field as Fields;
  return { vrfOutput: bytes(vrfOutput), commitment: bytes(commitment) };
};
const leafField = ({ vrfOutput, commitment }: PrefixLeaf): Fields => ({
  vrfOutput: hex(vrfOutput),
  commitment: hex(commitment),
});

function resultOf({ resultType, leaf, depth: field }: Fields): PrefixSearchResult {
  const [type, depth] = [text(resultType), number(field)];
  if (type === 'nonInclusionLeaf') return { resultType: type, leaf: leafOf(leaf), depth };
  if (type !== 'inclusion' && type !== 'nonInclusionParent') throw new Error(`no type: ${type}`);
  return { resultType: type, depth };
}

const proofOf = (input: Fields): PrefixProof => ({
  results: list(input['results']).map(resultOf),
  elements: byteList(input['elements']),
});

/** By structure: what the library makes of an input. */
export const PREFIX_JUDGES: Readonly<Record<string, (input: Fields, hasher: TreeHasher) => Fields>> = {
  PrefixEvaluation: (input, hasher) => {
    const searches = list(input['searches']).map(({ vrfOutput, commitment }) => ({
      vrfOutput: bytes(vrfOutput),
      commitment: commitment === null ? undefined : bytes(commitment),
    }));
    const found = verifyPrefixProof(bytes(input['root']), searches, proofOf(input), { hasher });
    return { included: found.map(({ commitment }) => commitment !== undefined) };
  },
  PrefixUpdate: (input, hasher) => {
    const [added, removed] = [list(input['added']).map(leafOf), list(input['removed']).map(leafOf)];
    const { before, after } = evaluatePrefixUpdate({ added, removed, proof: proofOf(input) }, { hasher });
    return { before: hex(before), after: hex(after) };
  },
};

/** The same for what a node store takes part in. */
export const STORED_PREFIX_JUDGES: Readonly<
  Record<string, (input: Fields, options: PrefixTreeOptions) => Promise<Fields>>
> = {
  PrefixHistory: async (input, options) => {
    const tree = createPrefixTree(options);
    let head: PrefixTreeHead | undefined;
    const roots: string[] = [];
    for (const [position, entry] of list(input['entries']).entries()) {
      const added = list(entry['added']).map(leafOf);
      head = await tree.update(head, { position, added, removed: byteList(entry['removed']) });
      roots.push(hex(head.root));
    }
    return { roots };
  },
  PrefixProofOf: async (input, options) => {
    const tree = createPrefixTree(options);
    const head = await tree.update(undefined, { position: 0, added: list(input['leaves']).map(leafOf) });
    const { proof } = await tree.prove(head, byteList(input['searches']));
    const results = proof.results.map((result) => ({
      resultType: result.resultType,
      leaf: result.resultType === 'nonInclusionLeaf' ? leafField(result.leaf) : null,
      depth: result.depth,
    }));
    const encoded = hex(encodeProof(proof));
    return { root: hex(head.root), results, elements: proof.elements.map(hex), encoded };
  },
};
