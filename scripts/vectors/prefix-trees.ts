/** Prefix trees: their roots, proofs from them, proofs evaluated by a user, and updates evaluated by an auditor. */
import { createHash } from 'node:crypto';
import { Refusal, uint } from '../../test/reference/encoding.js';
import {
  change,
  encodeProof,
  evaluate,
  evaluateUpdate,
  insert,
  type Leaf,
  type Proof,
  prove,
  type Result,
  type Search,
  type Tree,
  value,
} from '../../test/reference/prefix-tree.js';
import { addPrefixEvaluations, addPrefixUpdates } from './prefix-cases.js';
import { A, B, C, D, E, F, FIGURE, keyOf, leaf, leafField, named, proofFields } from './prefix-fields.js';
import { bytes, type Fields, hex, type Json, list, number, text, VectorFile } from './vector-file.js';

const TREES = 300;
/** Keys of a batch proof of the rolling digests. */
const BATCH = 40;

// ------------------------------------------------------------------------------------- fields

const leafOf = (field: Json | undefined): Leaf => {
  const { vrfOutput, commitment } = field as Fields;
  return { vrfOutput: bytes(vrfOutput), commitment: bytes(commitment) };
};

function resultOf(field: Json): Result {
  const { resultType, leaf: shown, depth } = field as Fields;
  const type = text(resultType);
  if (type === 'nonInclusionLeaf') return { resultType: type, leaf: leafOf(shown), depth: number(depth) };
  if (type !== 'inclusion' && type !== 'nonInclusionParent') throw new Error(`no type: ${type}`);
  return { resultType: type, depth: number(depth) };
}

const proofOf = (input: Fields): Proof => ({
  results: list(input['results']).map(resultOf),
  elements: list(input['elements']).map(bytes),
});

// ------------------------------------------------------------------------------------- judges

function judgeHistory(input: Fields): Fields {
  let tree: Tree;
  const roots = list(input['entries']).map((entry) => {
    const { added, removed } = entry as Fields;
    tree = change(tree, list(added).map(leafOf), list(removed).map(bytes));
    return hex(value(tree));
  });
  return { roots };
}

function judgeProof(input: Fields): Fields {
  const tree = list(input['leaves'])
    .map(leafOf)
    .reduce<Tree>((rest, one) => insert(rest, one), undefined);
  const proof = prove(tree, list(input['searches']).map(bytes));
  return { root: hex(value(tree)), ...proofFields(proof), encoded: hex(encodeProof(proof)) };
}

function judgeEvaluation(input: Fields): Fields {
  const searches = list(input['searches']).map((field): Search => {
    const { vrfOutput, commitment } = field as Fields;
    return { vrfOutput: bytes(vrfOutput), commitment: commitment === null ? undefined : bytes(commitment) };
  });
  const proof = proofOf(input);
  if (hex(evaluate(searches, proof)) !== input['root']) throw new Refusal('proof-root');
  return { included: proof.results.map(({ resultType }) => resultType === 'inclusion') };
}

function judgeUpdate(input: Fields): Fields {
  const [added, removed] = [list(input['added']).map(leafOf), list(input['removed']).map(leafOf)];
  const { before, after } = evaluateUpdate(added, removed, proofOf(input));
  return { before: hex(before), after: hex(after) };
}

export function prefixTrees(): VectorFile {
  const file = new VectorFile('prefix-trees', 'Prefix trees of key transparency: roots, proofs, updates.', {
    PrefixHistory: judgeHistory,
    PrefixProofOf: judgeProof,
    PrefixEvaluation: judgeEvaluation,
    PrefixUpdate: judgeUpdate,
  });
  file.extra('rollingPrefix', rolling());
  addHistories(file);
  addProofs(file);
  addPrefixEvaluations(file);
  addPrefixUpdates(file);
  return file;
}

// ------------------------------------------------------------------------------------- cases

/** Two keys that part at the last bit but so many. */
function twins(sharedBits: number): readonly [Leaf, Leaf] {
  const one = keyOf('', 'twins');
  const other = Buffer.from(one);
  const byte = Math.floor(sharedBits / 8);
  const weight = 2 ** (7 - (sharedBits % 8));
  const rest = other[byte] as number;
  other[byte] = Math.floor(rest / weight) % 2 === 1 ? rest - weight : rest + weight;
  const commitment = named('commitment of twins');
  return [
    { vrfOutput: one, commitment },
    { vrfOutput: other, commitment },
  ];
}

type Entry = { readonly added: readonly Leaf[]; readonly removed: readonly Leaf[] };
const entryField = ({ added, removed }: Entry): Fields => ({
  added: added.map(leafField),
  removed: removed.map(({ vrfOutput }) => hex(vrfOutput)),
});

function addHistories(file: VectorFile): void {
  const add = (name: string, ...entries: readonly (readonly [Leaf[], Leaf[]])[]): void => {
    const fields = entries.map(([added, removed]) => entryField({ added, removed }));
    file.valid('PrefixHistory', name, { entries: fields });
  };
  add('no leaf', [[], []]);
  add('one leaf, the root', [[A], []]);
  add('two leaves', [[A, E], []]);
  add('a leaf that pushes the root down', [[A], []], [[B], []]);
  add('the figure, and F', [[...FIGURE], []], [[F], []]);
  add('the figure in another order', [[E, C, A], []], [[D, B], []]);
  add('a leaf goes, and its sibling stays where it is', [[...FIGURE], []], [[], [A]]);
  add('a leaf goes, and its key comes back', [[...FIGURE], []], [[], [A]], [[A], []]);
  add('a leaf is replaced', [[...FIGURE], []], [[{ ...A, commitment: F.commitment }], [A]]);
  add('the only leaf goes', [[A], []], [[], [A]]);
  add('the only leaf goes, and another comes', [[A], []], [[], [A]], [[B], []]);
  add('two leaves go, and their parents with them', [[A, B], []], [[], [A, B]]);
  add('a place is emptied and taken at once', [[A, E], []], [[B], [A]]);
  add(
    'a lone leaf is replaced, and moves up',
    [[A, B], []],
    [[], [B]],
    [[{ ...A, commitment: F.commitment }], [A]],
  );
  add('all leaves go, and the figure comes again', [[...FIGURE], []], [[], [...FIGURE]], [[...FIGURE], []]);
  add('an entry that changes nothing', [[A, E], []], [[], []]);
  add('a commitment of zeros', [[{ ...A, commitment: Buffer.alloc(32) }, E], []]);
  add('two leaves at depth 255', [[...twins(254)], []]);

  const base = 'the figure, and F';
  const damaged = (code: string, damage: string, added: Leaf[], removed: Leaf[]): void => {
    const [first] = list(file.inputOf(base)['entries']) as [Json];
    file.invalid(base, code, damage, { entries: [first, entryField({ added, removed })] });
  };
  damaged('ERR_PREFIX_PRESENT', 'a key that is there is added', [A], []);
  damaged(
    'ERR_PREFIX_PRESENT',
    'a key that is there is added with another commitment',
    [{ ...A, commitment: F.commitment }],
    [],
  );
  damaged('ERR_PREFIX_ABSENT', 'a key that is not there is removed', [], [F]);
  damaged('ERR_PREFIX_ABSENT', 'a key without a place is removed', [], [leaf('010', 'G')]);
  damaged('ERR_PREFIX_DEPTH', 'two keys that share 255 bits', [...twins(255)], []);
}

function addProofs(file: VectorFile): void {
  const add = (name: string, leaves: readonly Leaf[], ...searches: readonly Buffer[]): void => {
    file.valid('PrefixProofOf', name, { leaves: leaves.map(leafField), searches: searches.map(hex) });
  };
  const all = FIGURE.map(({ vrfOutput }) => vrfOutput as Buffer);
  add('no search in no leaf', []);
  add('no search in the figure', FIGURE);
  add('a search in no leaf', [], keyOf('', 'x'));
  add('the key of one leaf', [A], A.vrfOutput as Buffer);
  add('another key than that of one leaf', [A], keyOf('1', 'x'));
  for (const [i, key] of all.entries()) add(`the key of ${'ABCDE'[i]} in the figure`, FIGURE, key);
  add('a key that ends at another leaf', FIGURE, keyOf('110', 'x'));
  add('a key that ends at no child', FIGURE, keyOf('01', 'x'));
  add('all keys of the figure', FIGURE, ...all);
  add('all keys, the last first', FIGURE, ...[...all].reverse());
  add('two keys that end at one leaf', FIGURE, keyOf('110', 'x'), keyOf('111', 'y'));
  add('two keys that end at one missing child', FIGURE, keyOf('010', 'x'), keyOf('011', 'y'));
  add('a leaf by its own key and by another', FIGURE, keyOf('1110', 'x'), E.vrfOutput as Buffer);
  add('all ways to end', FIGURE, keyOf('01', 'x'), E.vrfOutput as Buffer, keyOf('1011', 'y'));
  add('the deepest leaves', twins(254), ...twins(254).map(({ vrfOutput }) => vrfOutput as Buffer));
  add('a key that leaves early where leaves are deep', twins(254), keyOf('', 'x'));
}

/** The definitions stand in the README beside the vectors. */
function rolling(): Fields {
  const digest = (name: string, i: number): Buffer =>
    createHash('sha256').update(Buffer.from(name)).update(uint(8, i)).digest();
  const leaves = Array.from({ length: TREES + 1 }, (_, i) => ({
    vrfOutput: digest('key', i),
    commitment: digest('commitment', i),
  }));
  const keys = leaves.map(({ vrfOutput }) => vrfOutput);
  let tree: Tree;
  const roots = createHash('sha256').update(value(tree));
  const proofs = createHash('sha256');
  const batches = createHash('sha256');
  for (let size = 0; size <= TREES; size++) {
    for (const key of keys.slice(0, size + 1)) proofs.update(encodeProof(prove(tree, [key])));
    batches.update(encodeProof(prove(tree, keys.slice(Math.max(0, size + 1 - BATCH), size + 1).reverse())));
    if (size === TREES) break;
    tree = insert(tree, leaves[size] as Leaf);
    roots.update(value(tree));
  }
  let emptied: Tree = tree;
  const removals = createHash('sha256');
  for (const key of keys.slice(0, TREES)) {
    emptied = change(emptied, [], [key]);
    removals.update(value(emptied));
  }
  return {
    trees: TREES,
    roots: roots.digest('hex'),
    proofs: proofs.digest('hex'),
    batches: batches.digest('hex'),
    removals: removals.digest('hex'),
  };
}
