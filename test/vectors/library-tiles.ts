/** Tiled logs through `log.js`: trees over a given engine, paths and entry bundles without one. */
import { createHash } from 'node:crypto';
import {
  assembleConsistency,
  assembleInclusion,
  createTileSink,
  createTreeBuilder,
  encodeEntryBundle,
  encodeEntryBundlePath,
  encodeTilePath,
  hashLeaf,
  openEntryBundle,
  parseEntryBundlePath,
  parseTilePath,
  planConsistency,
  planInclusion,
  planTiles,
  type ProofPlan,
  type Tile,
  type TilePathForm,
  type TreeHasher,
  verifyInclusion,
  verifyTiles,
} from 'contact-key-verification/log.js';
import { expect } from 'vitest';
import { flat } from '../support/log-tree.js';
import { byteList, bytes, type Fields, hex, number, text } from './files.js';

function formOf(value: unknown): TilePathForm {
  if (value !== 'c2sp' && value !== 'sumdb') throw new Error(`no form: ${String(value)}`);
  return value;
}

/** Entry i is i as eight bytes. */
function leafHashes(count: number): Uint8Array {
  const hashes = new Uint8Array(count * 32);
  const entry = Buffer.alloc(8);
  for (let i = 0; i < count; i++) {
    entry.writeBigUInt64BE(BigInt(i));
    hashes.set(hashLeaf(Uint8Array.from(entry)), i * 32);
  }
  return hashes;
}

/** All tiles of the log of so many entries, as the builder hands them out. */
function tilesOf(treeSize: number, height: number, hasher: TreeHasher): readonly Tile[] {
  const sink = createTileSink({ height });
  const builder = createTreeBuilder({ hasher, onNodes: sink.onNodes });
  builder.append(leafHashes(treeSize));
  return sink.takeTiles(builder.treeSize);
}

/** The nodes of a proof, from exactly the tiles that the library plans. */
function nodesOf(input: Fields, treeSize: number, plan: Pick<ProofPlan, 'nodes'>, hasher: TreeHasher) {
  const [form, height] = [formOf(input['form']), number(input['height'])];
  const given = (input['tiles'] as readonly Fields[]).map(({ path, hashes }) => ({
    ...parseTilePath(text(path), form),
    hashes: bytes(hashes),
  }));
  const tilePlan = planTiles({ treeSize, nodes: plan.nodes, height });
  const places = (tiles: readonly { level: number; index: number }[]): string[] =>
    tiles.map(({ level, index }) => `${level}/${index}`);
  expect(places(tilePlan.tiles)).toEqual(places(given));
  const head = { treeSize, root: bytes(input['root']) };
  const tiles = given.map(({ hashes }) => hashes);
  return verifyTiles(head, tilePlan, tiles, { hasher }).nodes;
}

/** By structure: what the library makes of an input. */
export const TILE_JUDGES: Readonly<Record<string, (input: Fields, hasher: TreeHasher) => Fields>> = {
  LogTiles: (input, hasher) => {
    const form = formOf(input['form']);
    const tiles = tilesOf(number(input['treeSize']), number(input['height']), hasher);
    const digest = createHash('sha256');
    for (const { hashes } of tiles) digest.update(hashes);
    return { paths: tiles.map((tile) => encodeTilePath(tile, form)), sha256: digest.digest('hex') };
  },
  Tile: (input, hasher) => {
    const wanted = parseTilePath(text(input['path']), formOf(input['form']));
    const found = tilesOf(number(input['treeSize']), wanted.height, hasher).find(
      ({ level, index }) => level === wanted.level && index === wanted.index,
    );
    expect(found).toMatchObject(wanted);
    return { hashes: hex((found as Tile).hashes) };
  },
  TileInclusion: (input, hasher) => {
    const [treeSize, index] = [number(input['treeSize']), number(input['index'])];
    const plan = planInclusion({ treeSize, index });
    // The leaf hash is asked for beside the nodes of its proof, and verified with it.
    const nodes = nodesOf(input, treeSize, { nodes: [{ level: 0, index }, ...plan.nodes] }, hasher);
    const [leafHash, ...others] = nodes as [Uint8Array, ...Uint8Array[]];
    const proof = assembleInclusion(plan, others, { hasher });
    verifyInclusion({ treeSize, root: bytes(input['root']) }, { index, leafHash, proof }, { hasher });
    return { leafHash: hex(leafHash), proof: proof.map(hex) };
  },
  TileConsistency: (input, hasher) => {
    const [olderSize, newerSize] = [number(input['olderSize']), number(input['newerSize'])];
    const plan = planConsistency({ olderSize, newerSize });
    const proof = assembleConsistency(plan, nodesOf(input, newerSize, plan, hasher), { hasher });
    return { proof: proof.map(hex) };
  },
};

/** The same for what hashes no tree. */
export const TILE_FORM_JUDGES: Readonly<Record<string, (input: Fields) => Fields>> = {
  TilePath: (input) => {
    const [form, path] = [formOf(input['form']), text(input['path'])];
    const tile = parseTilePath(path, form);
    expect(encodeTilePath(tile, form)).toBe(path);
    return { ...tile };
  },
  EntryBundlePath: (input) => {
    const [form, path] = [formOf(input['form']), text(input['path'])];
    const bundle = parseEntryBundlePath(path, form);
    expect(encodeEntryBundlePath(bundle, form)).toBe(path);
    return { ...bundle };
  },
  EntryBundle: (input) => {
    const entries = openEntryBundle(bytes(input['bundle']), flat(byteList(input['leafHashes'])));
    expect(hex(encodeEntryBundle(entries))).toBe(input['bundle']);
    return { entries: entries.map(hex) };
  },
};
