/**
 * The prefix tree of the key transparency draft, transcribed slowly: places are strings of bits, and a node is known
 * by the bits that lead to it. "Prefix Tree" under "Tree Construction", "Cryptographic Computations" and "Tree
 * Proofs", and "Auditing" (draft-ietf-keytrans-protocol, editor's copy 526cc8a).
 *
 * Where the draft is silent: the tree without leaves has the all-zero root; one leaf alone is the root; a removal
 * empties the leaf's place, and that of a parent without children, and no other node moves; removals come before
 * additions.
 */
import { createHash } from 'node:crypto';
import { concat, demand, equal, uint } from './encoding.js';

type Bytes = Uint8Array;

export interface Leaf {
  readonly vrfOutput: Bytes;
  readonly commitment: Bytes;
}

/** Nothing, a leaf, a parent, or a node of which only the value is known. */
export type Tree =
  | undefined
  | { readonly leaf: Leaf }
  | { readonly left: Tree; readonly right: Tree }
  | { readonly value: Bytes };

export type Result =
  | { readonly resultType: 'inclusion'; readonly depth: number }
  | { readonly resultType: 'nonInclusionLeaf'; readonly leaf: Leaf; readonly depth: number }
  | { readonly resultType: 'nonInclusionParent'; readonly depth: number };

export interface Proof {
  readonly results: readonly Result[];
  readonly elements: readonly Bytes[];
}

export interface Search {
  readonly vrfOutput: Bytes;
  readonly commitment: Bytes | undefined;
}

const ZERO = Buffer.alloc(32);
const sha256 = (bytes: Bytes): Buffer => createHash('sha256').update(bytes).digest();

/** The bits of a key, the first byte's most significant first. */
export function bits(key: Bytes): string {
  return [...key].map((byte) => byte.toString(2).padStart(8, '0')).join('');
}

// ------------------------------------------------------------------------------------- values

/** leaf.value = Hash(0x02 || vrf_output || commitment) */
export function leafValue({ vrfOutput, commitment }: Leaf): Buffer {
  return sha256(concat(Buffer.from([0x02]), vrfOutput, commitment));
}

/** parent.value = Hash(0x03 || parent.leftChild.value || parent.rightChild.value) */
export function parentValue(left: Bytes, right: Bytes): Buffer {
  return sha256(concat(Buffer.from([0x03]), left, right));
}

const known = new WeakMap<object, Bytes>();

/** "If one of the children does not exist, an all-zero byte string of length Hash.Nh is used instead." */
export function value(tree: Tree): Bytes {
  if (tree === undefined) return ZERO;
  if ('value' in tree) return tree.value;
  const before = known.get(tree);
  if (before !== undefined) return before;
  const computed = 'leaf' in tree ? leafValue(tree.leaf) : parentValue(value(tree.left), value(tree.right));
  known.set(tree, computed);
  return computed;
}

// ------------------------------------------------------------------------------------- construction

const sameKey = (a: Leaf, b: Leaf): boolean => equal(a.vrfOutput, b.vrfOutput);

/** The tree with a leaf more. Trees are values: the old one stays. */
export function insert(tree: Tree, leaf: Leaf, depth = 0): Tree {
  demand(depth <= 255, 'prefix-depth');
  // "If the search terminates at a parent without a left or right child, a new leaf is simply added".
  if (tree === undefined) return { leaf };
  if ('value' in tree) throw new Error('the search leads into an unknown part');
  if ('leaf' in tree) {
    demand(!sameKey(tree.leaf, leaf), 'prefix-present');
    // "one or more intermediate nodes are added until the new leaf and the existing leaf would no longer reside in
    // the same place": the existing one moves down by one, and the search goes on.
    return insert(insertBelow(tree, depth), leaf, depth);
  }
  const isRight = bits(leaf.vrfOutput)[depth] === '1';
  return isRight
    ? { left: tree.left, right: insert(tree.right, leaf, depth + 1) }
    : { left: insert(tree.left, leaf, depth + 1), right: tree.right };
}

function insertBelow(tree: { readonly leaf: Leaf }, depth: number): Tree {
  return bits(tree.leaf.vrfOutput)[depth] === '1'
    ? { left: undefined, right: tree }
    : { left: tree, right: undefined };
}

/** The tree with a leaf less. */
export function remove(tree: Tree, key: Bytes, depth = 0): Tree {
  demand(tree !== undefined, 'prefix-absent');
  if (tree === undefined || 'value' in tree) throw new Error('the search leads into an unknown part');
  if ('leaf' in tree) {
    demand(equal(tree.leaf.vrfOutput, key), 'prefix-absent');
    return undefined;
  }
  const isRight = bits(key)[depth] === '1';
  const left = isRight ? tree.left : remove(tree.left, key, depth + 1);
  const right = isRight ? remove(tree.right, key, depth + 1) : tree.right;
  // "A node is either a leaf if it has no children, or a parent if it has either a left child or a right child".
  return left === undefined && right === undefined ? undefined : { left, right };
}

/** The tree after the changes of a log entry. */
export function change(tree: Tree, added: readonly Leaf[], removed: readonly Bytes[]): Tree {
  const without = removed.reduce((rest, key) => remove(rest, key), tree);
  return added.reduce((rest, leaf) => insert(rest, leaf), without);
}

// ------------------------------------------------------------------------------------- proofs

/** The node at a place, which is the bits that lead to it. */
function at(tree: Tree, place: string): Tree {
  if (place === '') return tree;
  if (tree === undefined || !('left' in tree)) throw new Error('no such place');
  return at(place[0] === '1' ? tree.right : tree.left, place.slice(1));
}

/** Where the search for a key ends. */
export function search(tree: Tree, key: Bytes): { readonly result: Result; readonly leaf: Leaf | undefined } {
  for (let depth = 0; ; depth++) {
    const node = at(tree, bits(key).slice(0, depth));
    if (node === undefined) return { result: { resultType: 'nonInclusionParent', depth }, leaf: undefined };
    if ('value' in node) throw new Error('the search leads into an unknown part');
    if ('leaf' in node) {
      const { leaf } = node;
      return equal(leaf.vrfOutput, key)
        ? { result: { resultType: 'inclusion', depth }, leaf }
        : { result: { resultType: 'nonInclusionLeaf', leaf, depth }, leaf: undefined };
    }
  }
}

/**
 * "The elements array consists of the fewest node values that can be hashed together with these leaves to produce
 * the root", from left to right: the places beside the ways to the terminals.
 */
function copath(terminals: readonly string[]): string[] {
  if (terminals.length === 0) return [''];
  const ways = new Set(terminals.flatMap((place) => [...place].map((_, i) => place.slice(0, i))));
  const beside = [...ways].flatMap((way) => [`${way}0`, `${way}1`]);
  return beside.filter((place) => !ways.has(place) && !terminals.includes(place)).sort();
}

export function prove(tree: Tree, keys: readonly Bytes[]): Proof {
  const found = keys.map((key) => search(tree, key).result);
  const terminals = found.map(({ depth }, i) => bits(keys[i] as Bytes).slice(0, depth));
  return { results: found, elements: copath(terminals).map((place) => value(at(tree, place))) };
}

/** The encoding of a PrefixProof. */
export function encodeProof({ results, elements }: Proof): Buffer {
  const types = { inclusion: 1, nonInclusionLeaf: 2, nonInclusionParent: 3 };
  return concat(
    uint(1, results.length),
    ...results.map((result) =>
      concat(
        uint(1, types[result.resultType]),
        ...(result.resultType === 'nonInclusionLeaf' ? [result.leaf.vrfOutput, result.leaf.commitment] : []),
        uint(1, result.depth),
      ),
    ),
    uint(2, elements.length),
    ...elements,
  );
}

// ------------------------------------------------------------------------------------- evaluation

/** What a proof says stands at a place. */
interface Terminal {
  readonly place: string;
  readonly leaf: Leaf | undefined;
}

function terminalOf({ vrfOutput, commitment }: Search, result: Result): Terminal {
  const { depth } = result;
  demand(depth <= 255, 'prefix-depth');
  const place = bits(vrfOutput).slice(0, depth);
  if (result.resultType === 'nonInclusionParent') return { place, leaf: undefined };
  if (result.resultType === 'inclusion') {
    demand(commitment !== undefined, 'prefix-commitment');
    return { place, leaf: { vrfOutput, commitment: commitment as Bytes } };
  }
  // "nonInclusionLeaf for a leaf node not matching the requested search key"
  demand(!equal(result.leaf.vrfOutput, vrfOutput), 'prefix-leaf-key');
  demand(bits(result.leaf.vrfOutput).startsWith(place), 'prefix-leaf-path');
  return { place, leaf: result.leaf };
}

/** The part of the tree that a proof shows. */
export function shownTree(searches: readonly Search[], { results, elements }: Proof): Tree {
  demand(results.length === searches.length && results.length <= 255, 'prefix-count');
  const terminals = searches.map((each, i) => terminalOf(each, results[i] as Result));
  for (const a of terminals) {
    for (const b of terminals) {
      const isSame = a.place === b.place && equal(value(slot(a)), value(slot(b)));
      demand(isSame || !b.place.startsWith(a.place), 'prefix-conflict');
    }
  }
  const places = new Map(terminals.map((terminal) => [terminal.place, slot(terminal)]));
  const others = copath([...places.keys()]);
  demand(elements.length === others.length, 'proof-length');
  demand(
    elements.every((element) => element.length === 32),
    'vector-length',
  );
  for (const [i, place] of others.entries()) {
    const element = elements[i] as Bytes;
    places.set(place, equal(element, ZERO) ? undefined : { value: element });
  }
  const build = (place: string): Tree =>
    places.has(place) ? places.get(place) : { left: build(`${place}0`), right: build(`${place}1`) };
  return build('');
}

const slot = ({ leaf }: Terminal): Tree => (leaf === undefined ? undefined : { leaf });

function isAscending(keys: readonly Bytes[]): void {
  for (const [i, key] of keys.slice(1).entries()) {
    const order = Buffer.compare(keys[i] as Bytes, key);
    demand(order !== 0, 'prefix-duplicate');
    demand(order < 0, 'prefix-order');
  }
}

/** The root that a proof leads to. */
export function evaluate(searches: readonly Search[], proof: Proof): Bytes {
  const keys = searches.map(({ vrfOutput }) => bits(vrfOutput));
  demand(new Set(keys).size === keys.length, 'prefix-duplicate');
  return value(shownTree(searches, proof));
}

/** "Auditing", steps 2, 3, 4, 6 and 7: the roots before and after. */
export function evaluateUpdate(
  added: readonly Leaf[],
  removed: readonly Leaf[],
  proof: Proof,
): { readonly before: Bytes; readonly after: Bytes } {
  isAscending(added.map(({ vrfOutput }) => vrfOutput));
  isAscending(removed.map(({ vrfOutput }) => vrfOutput));
  demand(proof.results.length === added.length + removed.length, 'prefix-count');
  for (const [i, leaf] of added.entries()) {
    const isReplaced = removed.some((other) => sameKey(other, leaf));
    demand(isReplaced || proof.results[i]?.resultType !== 'inclusion', 'prefix-present');
  }
  for (const result of proof.results.slice(added.length)) {
    demand(result.resultType === 'inclusion', 'prefix-absent');
  }
  const searches = [...added, ...removed].map(({ vrfOutput }) => ({
    vrfOutput,
    commitment: removed.find((leaf) => equal(leaf.vrfOutput, vrfOutput))?.commitment,
  }));
  const tree = shownTree(searches, proof);
  const keys = removed.map(({ vrfOutput }) => vrfOutput);
  return { before: value(tree), after: value(change(tree, added, keys)) };
}
