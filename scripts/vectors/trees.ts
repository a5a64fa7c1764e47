/** Trees of RFC 6962: leaves, nodes, roots, inclusion, consistency. */
import { createHash } from 'node:crypto';
import { Refusal, uint } from '../../test/reference/encoding.js';
import {
  consistencyHolds,
  inclusionHolds,
  leafHash,
  MTH,
  nodeHash,
  pathLength,
  proofLength,
} from '../../test/reference/tree.js';
import { RangedLog } from '../../test/reference/tree-ranges.js';
import { bytesOf } from './people.js';
import { damagedTrees } from './tree-damages.js';
import { bytes, type Fields, hex, type Json, list, number, VectorFile } from './vector-file.js';

/** Entry i is the uint64 i. */
const entryLeaf = (index: number): Buffer => leafHash(uint(8, index));
const log = new RangedLog(entryLeaf);
/** A log of equal leaves, which may be of any size. */
const repeated = leafHash(Buffer.from('the same entry again and again'));
const endless = new RangedLog(() => repeated, true);

const TREES = 300;

function hashes(value: Json | undefined): Buffer[] {
  const read = list(value).map((hash) => bytes(hash));
  if (read.some((hash) => hash.length !== 32)) throw new Refusal('vector-length');
  return read;
}

function judgeInclusion(input: Fields): Fields {
  const [treeSize, index] = [number(input['treeSize']), number(input['index'])];
  if (index >= treeSize) throw new Refusal('index-beyond-tree');
  if (list(input['proof']).length !== pathLength(index, treeSize)) throw new Refusal('proof-length');
  const proof = hashes(input['proof']);
  const [leaf] = hashes([input['leafHash'] as Json]) as [Buffer];
  const holds = inclusionHolds(index, treeSize, leaf, proof, bytes(input['root']));
  if (!holds) throw new Refusal('proof-root');
  return {};
}

function judgeConsistency(input: Fields): Fields {
  const [older, newer] = [number(input['olderSize']), number(input['newerSize'])];
  const [olderRoot, newerRoot] = [bytes(input['olderRoot']), bytes(input['newerRoot'])];
  if (older > newer) throw new Refusal('heads-reversed');
  if (older === newer && !olderRoot.equals(newerRoot)) throw new Refusal('heads-differ');
  if (list(input['proof']).length !== proofLength(older, newer)) throw new Refusal('proof-length');
  const proof = hashes(input['proof']);
  if (!consistencyHolds(older, newer, olderRoot, newerRoot, proof)) throw new Refusal('proof-root');
  return {};
}

export function trees(): VectorFile {
  const file = new VectorFile(
    'trees',
    'Left-balanced trees of RFC 6962: leaf and node hashes, roots, inclusion, consistency, all trees in one digest.',
    {
      LeafHash: (input) => ({ hash: hex(leafHash(bytes(input['data']))) }),
      NodeHash: (input) => ({ hash: hex(nodeHash(bytes(input['left']), bytes(input['right']))) }),
      TreeRoot: (input) => ({ root: hex(MTH(hashes(input['leafHashes']))) }),
      Inclusion: judgeInclusion,
      Consistency: judgeConsistency,
    },
  );
  file.extra('rolling', rolling());

  for (const [name, data] of [
    ['nothing', ''],
    ['one zero', '00'],
    ['32 bytes', hex(bytesOf('a leaf'))],
    ['54 bytes, which fill a block', 'a5'.repeat(54)],
    ['55 bytes, which need another', 'a5'.repeat(55)],
    ['1,000 bytes', '5a'.repeat(1000)],
    ['what looks like a node', `${hex(bytesOf('left'))}${hex(bytesOf('right'))}`],
  ] as const) {
    file.valid('LeafHash', `leaf: ${name}`, { data });
  }
  file.valid('NodeHash', 'node', { left: hex(bytesOf('left')), right: hex(bytesOf('right')) });
  file.valid('NodeHash', 'node, its children exchanged', {
    left: hex(bytesOf('right')),
    right: hex(bytesOf('left')),
  });
  file.valid('NodeHash', 'node of zeros', { left: '00'.repeat(32), right: '00'.repeat(32) });
  for (const size of [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17]) {
    const leafHashes = Array.from({ length: size }, (_, i) => hex(entryLeaf(i)));
    file.valid('TreeRoot', `root of ${size}`, { leafHashes });
  }
  addInclusions(file);
  addConsistencies(file);
  damagedTrees(file);
  return file;
}

const MAX = 2 ** 53 - 1;

function addInclusions(file: VectorFile): void {
  const add = (name: string, of: RangedLog, leaf: Uint8Array, index: number, treeSize: number): void => {
    file.valid('Inclusion', name, {
      treeSize,
      root: hex(of.root(0, treeSize)),
      index,
      leafHash: hex(leaf),
      proof: of.path(index, 0, treeSize).map(hex),
    });
  };
  for (const [index, size] of [
    [0, 1],
    [0, 2],
    [1, 2],
    [2, 3],
    [0, 5],
    [4, 5],
    [2, 7],
    [6, 7],
    [0, 8],
    [5, 8],
    [7, 8],
    [128, 129],
    [150, 300],
    [299, 300],
  ] as const) {
    add(`${index} of ${size}`, log, entryLeaf(index), index, size);
  }
  for (const [index, size] of [
    [0, 2 ** 31],
    [2 ** 31, 2 ** 31 + 1],
    [2 ** 32 - 1, 2 ** 32 + 1],
    [2 ** 32, 2 ** 32 + 1],
    [2 ** 40 + 12_345, 2 ** 41 - 7],
    [0, MAX],
    [MAX - 1, MAX],
  ] as const) {
    add(`${index} of ${size} equal leaves`, endless, repeated, index, size);
  }
  // What no proof tells: how many leaves are under its last hash. Hence "against one verified head".
  file.valid('Inclusion', '0 of 5, under the root of 8: the size is not authenticated', {
    ...file.inputOf('0 of 8'),
    treeSize: 5,
  });
}

function addConsistencies(file: VectorFile): void {
  const add = (name: string, of: RangedLog, older: number, newer: number): void => {
    file.valid('Consistency', name, {
      olderSize: older,
      olderRoot: hex(of.root(0, older)),
      newerSize: newer,
      newerRoot: hex(of.root(0, newer)),
      proof: of.proof(older, newer).map(hex),
    });
  };
  for (const [older, newer] of [
    [1, 1],
    [1, 2],
    [1, 8],
    [2, 3],
    [3, 4],
    [3, 7],
    [4, 7],
    [6, 8],
    [7, 8],
    [8, 8],
    [8, 9],
    [127, 129],
    [128, 300],
    [255, 300],
    [300, 300],
  ] as const) {
    add(`${older} to ${newer}`, log, older, newer);
  }
  for (const [older, newer] of [
    [2 ** 31, 2 ** 32],
    [2 ** 32 - 1, 2 ** 32 + 1],
    [2 ** 32 + 1, 2 ** 33 + 1],
    [1, MAX],
    [MAX - 1, MAX],
  ] as const) {
    add(`${older} to ${newer} equal leaves`, endless, older, newer);
  }
}

/** The definitions stand in the README beside the vectors. */
function rolling(): Fields {
  const roots = createHash('sha256').update(MTH([]));
  const inclusion = createHash('sha256');
  const consistency = createHash('sha256');
  for (let size = 1; size <= TREES; size++) {
    roots.update(log.root(0, size));
    for (let index = 0; index < size; index++) {
      const path = log.path(index, 0, size);
      inclusion.update(uint(8, size)).update(uint(8, index)).update(uint(8, path.length));
      for (const hash of path) inclusion.update(hash);
    }
    for (let older = 1; older <= size; older++) {
      const proof = log.proof(older, size);
      consistency.update(uint(8, older)).update(uint(8, size)).update(uint(8, proof.length));
      for (const hash of proof) consistency.update(hash);
    }
  }
  return {
    trees: TREES,
    roots: roots.digest('hex'),
    inclusion: inclusion.digest('hex'),
    consistency: consistency.digest('hex'),
  };
}
