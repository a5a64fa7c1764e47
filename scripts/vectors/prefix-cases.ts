/** Proofs from prefix trees as a user and an auditor get them, and their damages. */
import {
  insert,
  type Leaf,
  prove,
  type Proof,
  type Result,
  type Tree,
  value,
} from '../../test/reference/prefix-tree.js';
import { A, B, C, D, E, F, FIGURE, keyOf, leaf, leafField, proofFields } from './prefix-fields.js';
import { bytes, type Fields, flipped, hex, type Json, list, type VectorFile } from './vector-file.js';

const treeOf = (leaves: readonly Leaf[]): Tree =>
  leaves.reduce<Tree>((tree, each) => insert(tree, each), undefined);
const ZERO = '00'.repeat(32);

const [X, Y, Z] = [leaf('01', 'x'), leaf('1011', 'y'), leaf('111', 'z')];
const DEEP = [leaf('0000000', 'deep 0'), leaf('0000001', 'deep 1'), leaf('1', 'deep 2')];

export function addPrefixEvaluations(file: VectorFile): void {
  const add = (name: string, leaves: readonly Leaf[], ...searched: readonly Leaf[]): void => {
    const proof = prove(
      treeOf(leaves),
      searched.map(({ vrfOutput }) => vrfOutput),
    );
    const searches = searched.map((each, i) => ({
      vrfOutput: hex(each.vrfOutput),
      commitment: proof.results[i]?.resultType === 'inclusion' ? hex(each.commitment) : null,
    }));
    const root = hex(value(treeOf(leaves)));
    file.valid('PrefixEvaluation', name, { root, searches, ...proofFields(proof) });
  };
  const ONE = 'evaluated: A in the figure';
  const ALL = 'evaluated: every way to end';
  const LEAF = 'evaluated: the leaf of another key';
  const PARENT = 'evaluated: a missing child';
  add('evaluated: nothing in no leaf', []);
  add('evaluated: nothing in the figure', FIGURE);
  add('evaluated: a key in no leaf', [], X);
  add('evaluated: the only leaf', [A], A);
  add('evaluated: another key than the only leaf', [A], X);
  add(ONE, FIGURE, A);
  add(LEAF, FIGURE, Z);
  add(PARENT, FIGURE, X);
  add(ALL, FIGURE, X, E, Y, A, Z);
  add('evaluated: a commitment of zeros', [{ ...A, commitment: Buffer.alloc(32) }, B], {
    ...A,
    commitment: Buffer.alloc(32),
  });
  add('evaluated: siblings that are missing', DEEP, DEEP[0] as Leaf);

  const damaged = (of: string, code: string, damage: string, changed: Fields): void =>
    file.invalid(of, code, damage, changed);
  const results = (of: string, change: (results: readonly Json[]) => readonly Json[]): Fields => ({
    results: change(list(file.inputOf(of)['results'])),
  });
  const result = (of: string, i: number, change: Fields): Fields =>
    results(of, (all) => all.map((each, j) => (i === j ? { ...(each as Fields), ...change } : each)));
  const elements = (of: string, change: (elements: string[]) => string[]): Fields => ({
    elements: change(list(file.inputOf(of)['elements']) as string[]),
  });
  const searches = (of: string, i: number, change: Fields): Fields => ({
    searches: list(file.inputOf(of)['searches']).map((each, j) =>
      i === j ? { ...(each as Fields), ...change } : each,
    ),
  });
  const asLeaf = (shown: Leaf): Fields => ({ resultType: 'nonInclusionLeaf', leaf: leafField(shown) });

  damaged(ONE, 'ERR_PREFIX_LEAF_KEY', 'its own leaf as that of another key', result(ONE, 0, asLeaf(A)));
  damaged(
    ONE,
    'ERR_PREFIX_LEAF_KEY',
    'its own key with another commitment as the leaf of another key',
    result(ONE, 0, asLeaf({ ...A, commitment: F.commitment })),
  );
  damaged(ALL, 'ERR_PREFIX_LEAF_KEY', 'one of five hidden behind its own leaf', result(ALL, 1, asLeaf(E)));
  damaged(LEAF, 'ERR_PREFIX_LEAF_PATH', 'a leaf on another path', result(LEAF, 0, asLeaf(D)));
  damaged(LEAF, 'ERR_PREFIX_LEAF_PATH', 'a leaf that shares too few bits', result(LEAF, 0, { depth: 3 }));
  damaged(
    PARENT,
    'ERR_PREFIX_LEAF_PATH',
    'a leaf instead of the missing child',
    result(PARENT, 0, asLeaf(A)),
  );
  damaged(ALL, 'ERR_PREFIX_CONFLICT', 'a leaf above another', result(ALL, 1, { depth: 1 }));
  damaged(ALL, 'ERR_PREFIX_CONFLICT', 'one leaf at two depths', result(ALL, 1, { depth: 3 }));
  damaged(
    ALL,
    'ERR_PREFIX_CONFLICT',
    'one leaf with two commitments',
    searches(ALL, 1, { commitment: hex(F.commitment) }),
  );
  damaged(
    ALL,
    'ERR_PREFIX_CONFLICT',
    'a leaf and nothing in one place',
    result(ALL, 4, { resultType: 'nonInclusionParent', leaf: null }),
  );
  damaged(ALL, 'ERR_PREFIX_CONFLICT', 'nothing at the root', result(ALL, 0, { depth: 0 }));
  damaged(ALL, 'ERR_PREFIX_DUPLICATE', 'a key twice', searches(ALL, 2, { vrfOutput: hex(A.vrfOutput) }));
  damaged(ONE, 'ERR_PREFIX_DEPTH', 'depth 256', result(ONE, 0, { depth: 256 }));
  damaged(PARENT, 'ERR_PREFIX_DEPTH', 'a missing child at depth 256', result(PARENT, 0, { depth: 256 }));
  damaged(ONE, 'ERR_PROOF_LENGTH', 'a depth too small by one', result(ONE, 0, { depth: 2 }));
  damaged(ONE, 'ERR_PROOF_LENGTH', 'a depth too large by one', result(ONE, 0, { depth: 4 }));
  damaged(
    ONE,
    'ERR_PROOF_LENGTH',
    'an element is missing',
    elements(ONE, (all) => all.slice(0, -1)),
  );
  damaged(
    ONE,
    'ERR_PROOF_LENGTH',
    'an element too many',
    elements(ONE, (all) => [...all, ZERO]),
  );
  damaged('evaluated: the only leaf', 'ERR_PROOF_LENGTH', 'a missing sibling is given', { elements: [ZERO] });
  damaged(
    ONE,
    'ERR_PREFIX_COUNT',
    'a result is missing',
    results(ONE, () => []),
  );
  damaged(
    ONE,
    'ERR_PREFIX_COUNT',
    'a result too many',
    results(ONE, ([first]) => [first as Json, first as Json]),
  );
  damaged(
    ALL,
    'ERR_PREFIX_COMMITMENT',
    'no commitment of an included key',
    searches(ALL, 1, { commitment: null }),
  );
  const root = (of: string, damage: string, changed: Fields): void =>
    damaged(of, 'ERR_PROOF_ROOT', damage, changed);
  root(ONE, 'one bit of the commitment', searches(ONE, 0, { commitment: hex(flipped(A.commitment, 0)) }));
  root(
    ONE,
    'two elements exchanged',
    elements(ONE, ([a, b, ...rest]) => [b as string, a as string, ...rest]),
  );
  root('evaluated: a key in no leaf', 'the root of one leaf', { root: hex(value(treeOf([A]))) });
  root('evaluated: the only leaf', 'the root of no leaf', { root: ZERO });
  root('evaluated: siblings that are missing', 'a missing sibling is one bit', {
    elements: elements('evaluated: siblings that are missing', (all) =>
      all.map((element) => (element === ZERO ? hex(flipped(bytes(element), 0)) : element)),
    )['elements'] as Json,
  });
  damaged(
    ONE,
    'ERR_LENGTH',
    'an element of 31 bytes',
    elements(ONE, ([a, ...rest]) => [String(a).slice(2), ...rest]),
  );
}

const ascending = (leaves: readonly Leaf[]): Leaf[] =>
  [...leaves].sort((a, b) => Buffer.compare(a.vrfOutput, b.vrfOutput));

export function addPrefixUpdates(file: VectorFile): void {
  const add = (
    name: string,
    leaves: readonly Leaf[],
    added: readonly Leaf[],
    removed: readonly Leaf[],
  ): void => {
    const [up, down] = [ascending(added), ascending(removed)];
    const proof: Proof = prove(
      treeOf(leaves),
      [...up, ...down].map(({ vrfOutput }) => vrfOutput),
    );
    file.valid('PrefixUpdate', name, {
      added: up.map(leafField),
      removed: down.map(leafField),
      ...proofFields(proof),
    });
  };
  const ADD = 'updated: F is added to the figure';
  const TWO = 'updated: two are added and two removed';
  const REPLACE = 'updated: A is replaced';
  add('updated: nothing', FIGURE, [], []);
  add('updated: the first leaf', [], [A], []);
  add('updated: a leaf pushes the root down', [A], [B], []);
  add(ADD, FIGURE, [F], []);
  add('updated: two in one missing child', FIGURE, [leaf('0100', 'x'), leaf('0111', 'y')], []);
  add(
    'updated: three below one leaf',
    FIGURE,
    [leaf('110110', 'x'), leaf('110111', 'y'), leaf('1100', 'z')],
    [],
  );
  add('updated: A goes, B stays where it is', FIGURE, [], [A]);
  add('updated: the only leaf goes', [A], [], [A]);
  add('updated: every leaf goes', [A, B], [], [A, B]);
  add('updated: a parent goes with its children', FIGURE, [], [A, B]);
  add(REPLACE, FIGURE, [{ ...A, commitment: F.commitment }], [A]);
  add('updated: a place is emptied and taken at once', FIGURE, [leaf('00011', 'x')], [A]);
  add(TWO, FIGURE, [F, leaf('1110', 'x')], [A, E]);
  add('updated: a skipped version', FIGURE, [{ ...F, commitment: Buffer.alloc(32) }], []);

  const fields = (name: string, of: string, change: (all: Json[]) => Json[]): Fields => ({
    [name]: change([...list(file.inputOf(of)[name])]),
  });
  const exchanged = ([a, b, ...rest]: Json[]): Json[] => [b as Json, a as Json, ...rest];
  const first =
    (change: Fields) =>
    ([a, ...rest]: Json[]): Json[] => [{ ...(a as Fields), ...change }, ...rest];
  const damaged = (of: string, code: string, damage: string, changed: Fields): void =>
    file.invalid(of, code, damage, changed);
  const asResult = (shown: Result): Fields =>
    (proofFields({ results: [shown], elements: [] })['results'] as Fields[])[0] as Fields;

  damaged(TWO, 'ERR_PREFIX_ORDER', 'added in descending order', fields('added', TWO, exchanged));
  damaged(TWO, 'ERR_PREFIX_ORDER', 'removed in descending order', fields('removed', TWO, exchanged));
  const twice = ([a, , ...rest]: Json[]): Json[] => [a as Json, a as Json, ...rest];
  damaged(TWO, 'ERR_PREFIX_DUPLICATE', 'one added twice', fields('added', TWO, twice));
  damaged(TWO, 'ERR_PREFIX_DUPLICATE', 'one removed twice', fields('removed', TWO, twice));
  const present = { resultType: 'inclusion', leaf: null };
  damaged(ADD, 'ERR_PREFIX_PRESENT', 'the added key is there', fields('results', ADD, first(present)));
  damaged(
    REPLACE,
    'ERR_PREFIX_PRESENT',
    'the replaced key is not the removed one',
    fields('removed', REPLACE, first(leafField(B))),
  );
  const GONE = 'updated: A goes, B stays where it is';
  const missing = asResult({ resultType: 'nonInclusionParent', depth: 3 });
  damaged(GONE, 'ERR_PREFIX_ABSENT', 'the removed key is not there', fields('results', GONE, first(missing)));
  damaged(
    GONE,
    'ERR_PREFIX_ABSENT',
    'another leaf is there',
    fields('results', GONE, first(asResult({ resultType: 'nonInclusionLeaf', leaf: B, depth: 3 }))),
  );
  damaged(
    REPLACE,
    'ERR_PREFIX_CONFLICT',
    'the replaced key at another depth',
    fields('results', REPLACE, first({ depth: 2 })),
  );
  damaged(
    REPLACE,
    'ERR_PREFIX_LEAF_KEY',
    'the replaced key hidden behind its own leaf',
    fields('results', REPLACE, first(asResult({ resultType: 'nonInclusionLeaf', leaf: A, depth: 3 }))),
  );
  damaged(ADD, 'ERR_PREFIX_COUNT', 'no result', { results: [] });
  damaged(
    ADD,
    'ERR_PREFIX_COUNT',
    'an added leaf more',
    fields('added', ADD, (all) => [...all, leafField(leaf('11111', 'z'))]),
  );
  damaged(
    ADD,
    'ERR_PROOF_LENGTH',
    'an element is missing',
    fields('elements', ADD, (all) => all.slice(1)),
  );
  damaged(ADD, 'ERR_PREFIX_DEPTH', 'depth 256', fields('results', ADD, first({ depth: 256 })));

  // Beside a leaf that shares 255 bits with the new one: that would need a place at depth 256.
  const one = keyOf('', 'deepest');
  const beside = (last: number): Leaf => {
    const key = Buffer.from(one);
    key[31] = last;
    return { vrfOutput: key, commitment: C.commitment };
  };
  const DEEPEST = 'updated: two leaves at depth 255';
  add(DEEPEST, [beside(2)], [beside(1)], []);
  damaged(
    DEEPEST,
    'ERR_PREFIX_DEPTH',
    'two leaves that share 255 bits',
    fields('added', DEEPEST, first({ vrfOutput: hex(beside(3).vrfOutput) })),
  );
}
