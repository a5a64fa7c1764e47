/** Proofs with one thing wrong. */
import { bytes, type Fields, flipped, hex, type Json, list, text, type VectorFile } from './vector-file.js';

const hashesOf = (input: Fields): string[] => list(input['proof']).map(text);
const flip = (hash: Json | undefined, at = 0): string => hex(flipped(bytes(hash), at));

/** One hash of a proof replaced. */
const replaced = (proof: readonly string[], at: number, by: string): string[] =>
  proof.map((hash, i) => (i === at ? by : hash));

export function damagedTrees(file: VectorFile): void {
  damagedInclusions(file);
  damagedConsistencies(file);
}

function damagedInclusions(file: VectorFile): void {
  const [SEVEN, EIGHT, LAST] = ['2 of 7', '5 of 8', '6 of 7'];
  const [seven, eight] = [file.inputOf(SEVEN), file.inputOf(EIGHT)];
  const ofSeven = hashesOf(seven);
  const ofEight = hashesOf(eight);
  const [a, b, c] = ofSeven as [string, string, string];

  const length = (of: string, damage: string, change: Fields): void =>
    file.invalid(of, 'ERR_PROOF_LENGTH', damage, change);
  length(SEVEN, 'no hash', { proof: [] });
  length(SEVEN, 'the last hash is missing', { proof: [a, b] });
  length(SEVEN, 'the last hash twice', { proof: [a, b, c, c] });
  length('0 of 1', 'a hash where none belongs', { proof: [a] });
  length(LAST, 'of a tree with one leaf more', { treeSize: 8 });

  const root = (of: string, damage: string, change: Fields): void =>
    file.invalid(of, 'ERR_PROOF_ROOT', damage, change);
  root(SEVEN, 'one bit of a hash is another', { proof: replaced(ofSeven, 1, flip(b)) });
  root(SEVEN, 'two hashes exchanged', { proof: [b, a, c] });
  root(EIGHT, 'the index beside it', { index: 4 });
  root(EIGHT, 'one bit of the leaf hash is another', { leafHash: flip(eight['leafHash'], 31) });
  root('9007199254740990 of 9007199254740991 equal leaves', 'one bit of the root is another', {
    root: flip(file.inputOf('9007199254740990 of 9007199254740991 equal leaves')['root']),
  });

  file.invalid(EIGHT, 'ERR_INDEX_RANGE', 'the index is the size', { index: 8 });
  file.invalid(EIGHT, 'ERR_INDEX_RANGE', 'an index that fits 53 bits only', { index: 2 ** 53 - 1 });
  file.invalid(EIGHT, 'ERR_INDEX_RANGE', 'an index that would fit if it were cut to 32 bits', {
    index: 2 ** 32 + 5,
  });
  file.invalid(EIGHT, 'ERR_LENGTH', 'a hash of 31 bytes', {
    proof: replaced(ofEight, 0, text(ofEight[0]).slice(2)),
  });
  file.invalid(EIGHT, 'ERR_LENGTH', 'an empty hash', { proof: replaced(ofEight, 2, '') });
  file.invalid(EIGHT, 'ERR_LENGTH', 'a leaf hash of 33 bytes', { leafHash: `${text(eight['leafHash'])}00` });
}

function damagedConsistencies(file: VectorFile): void {
  const [THREE, FOUR, SIX] = ['3 to 7', '4 to 7', '6 to 8'];
  const [three, four, six] = [file.inputOf(THREE), file.inputOf(FOUR), file.inputOf(SIX)];
  const proof = hashesOf(three);
  const ofFour = hashesOf(four);
  const ofSix = hashesOf(six);
  const [first, second, third] = proof as [string, string, string];

  const length = (of: string, damage: string, change: Fields): void =>
    file.invalid(of, 'ERR_PROOF_LENGTH', damage, change);
  length(THREE, 'no hash', { proof: [] });
  length(THREE, 'the first hash is missing', { proof: proof.slice(1) });
  length(FOUR, 'the older root before it', { proof: [text(four['olderRoot']), ...ofFour] });
  length('8 to 8', 'a hash where none belongs', { proof: [first] });
  length('3 to 4', 'a newer tree with one leaf more', { newerSize: 5 });

  const root = (of: string, damage: string, change: Fields): void =>
    file.invalid(of, 'ERR_PROOF_ROOT', damage, change);
  root(THREE, 'one bit of a hash is another', { proof: replaced(proof, 3, flip(proof[3])) });
  root(THREE, 'two hashes exchanged', { proof: [second, first, third, ...proof.slice(3)] });
  root(SIX, 'one bit of the older root is another', { olderRoot: flip(six['olderRoot'], 31) });
  root(FOUR, 'one bit of the newer root is another', { newerRoot: flip(four['newerRoot']) });
  root('128 to 300', 'the root of the tree before', {
    olderRoot: text(file.inputOf('127 to 129')['olderRoot']),
  });

  const [same, longest] = [file.inputOf('8 to 8'), '9007199254740990 to 9007199254740991 equal leaves'];
  file.invalid('8 to 8', 'ERR_HEAD_MISMATCH', 'another older root', { olderRoot: flip(same['olderRoot']) });
  file.invalid('8 to 8', 'ERR_HEAD_MISMATCH', 'another newer root', {
    newerRoot: flip(same['newerRoot'], 31),
  });
  file.invalid(THREE, 'ERR_HEAD_ORDER', 'an older tree of 8', { olderSize: 8 });
  file.invalid(longest, 'ERR_HEAD_ORDER', 'a newer size cut to 32 bits', { newerSize: 2 ** 32 - 1 });
  file.invalid(SIX, 'ERR_LENGTH', 'a hash of 31 bytes', {
    proof: replaced(ofSix, 0, text(ofSix[0]).slice(2)),
  });
  file.invalid(SIX, 'ERR_LENGTH', 'a hash of 33 bytes', { proof: replaced(ofSix, 1, `${text(ofSix[1])}00`) });
}
