/** Batch proofs with one thing wrong. */
import { bytes, type Fields, flipped, hex, type Json, list, text, type VectorFile } from './vector-file.js';

const flip = (hash: Json | undefined, at = 0): string => hex(flipped(bytes(hash), at));
const replaced = <T>(whole: readonly T[], at: number, by: T): T[] =>
  whole.map((one, i) => (i === at ? by : one));

/** @param head the value of the head over leaves `begin` to `end` - 1 of the log */
export function damagedBatches(file: VectorFile, head: (begin: number, end: number) => string): void {
  const ALL = '5, 41, 49 of 50; 40 kept; 30 audited';
  const SEVEN = '0 of 7';
  const GROWN = 'tree of 7; 5 kept';
  const all = file.inputOf(ALL);
  const proof = list(all['proof']).map(text);
  const ofSeven = list(file.inputOf(SEVEN)['proof']).map(text);
  const ofGrown = list(file.inputOf(GROWN)['proof']).map(text);
  const leaves = list(all['leaves']) as readonly Fields[];
  const retained = all['retained'] as Fields;
  const kept = list(retained['fullSubtrees']).map(text);
  const refuse = (code: string, of: string, damage: string, change: Fields): void =>
    file.invalid(of, code, damage, change);

  const length = 'ERR_PROOF_LENGTH';
  refuse(length, ALL, 'no element', { proof: [] });
  refuse(length, ALL, 'the last element is missing', { proof: proof.slice(0, -1) });
  refuse(length, GROWN, 'an element more', { proof: [...ofGrown, head(6, 7)] });
  refuse(length, SEVEN, 'the head of the unbalanced [4,7) for those of [4,6) and [6,7)', {
    proof: [...ofSeven.slice(0, 2), head(4, 7)],
  });
  refuse(length, ALL, 'one leaf less to be proven', { leaves: [leaves[0] as Fields, leaves[2] as Fields] });

  const past = 'ERR_RETAINED_SUBTREE';
  refuse(past, ALL, 'another head was kept, over a leaf that is proven', {
    retained: { ...retained, fullSubtrees: replaced(kept, 0, flip(kept[0], 31)) },
  });
  refuse(past, ALL, 'another leaf under a kept head', {
    leaves: replaced(leaves, 0, { index: 5, leafHash: head(6, 7) }),
  });
  refuse(past, ALL, 'one bit of an element under a kept head is another', {
    proof: replaced(proof, 1, flip(proof[1])),
  });
  refuse(past, ALL, 'the proven leaf stands beside its place', {
    leaves: replaced(leaves, 0, { ...leaves[0], index: 4 }),
  });
  const audited = 'tree of 50; 40 kept; 30 audited';
  const ofAudited = list(file.inputOf(audited)['proof']).map(text);
  refuse(past, audited, 'one bit of an element of the auditor’s tree is another', {
    proof: replaced(ofAudited, 3, flip(ofAudited[3])),
  });

  refuse('ERR_HEAD_EMPTY', ALL, 'a tree of no leaves', { treeSize: 0 });
  refuse('ERR_HEAD_EMPTY', ALL, 'an auditor’s tree of no leaves', { auditorSize: 0 });
  refuse('ERR_HEAD_ORDER', ALL, 'a tree smaller than the one kept', { treeSize: 39 });
  refuse('ERR_HEAD_ORDER', ALL, 'an auditor’s tree larger than the tree', { auditorSize: 51 });
  refuse('ERR_INDEX_RANGE', ALL, 'a leaf at the size', {
    leaves: replaced(leaves, 2, { ...leaves[2], index: 50 }),
  });
  refuse('ERR_INDEX_RANGE', SEVEN, 'a leaf that would fit if it were cut to 32 bits', {
    leaves: [{ index: 2 ** 32, leafHash: head(0, 1) }],
  });

  refuse('ERR_LENGTH', ALL, 'an element of 31 bytes', { proof: replaced(proof, 0, text(proof[0]).slice(2)) });
  refuse('ERR_LENGTH', ALL, 'an empty element', { proof: replaced(proof, 4, '') });
  refuse('ERR_LENGTH', SEVEN, 'a leaf hash of 33 bytes', {
    leaves: [{ index: 0, leafHash: `${head(0, 1)}00` }],
  });

  const state = (damage: string, change: Fields): void =>
    refuse('ERR_STORED_STATE', ALL, damage, { retained: { ...retained, ...change } });
  state('a kept head is missing', { fullSubtrees: kept.slice(1) });
  state('a kept head too many', { fullSubtrees: [...kept, head(0, 1)] });
  state('a kept head of 31 bytes', { fullSubtrees: replaced(kept, 1, text(kept[1]).slice(2)) });
  state('a kept tree of no leaves', { treeSize: 0 });
}
