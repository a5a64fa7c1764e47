/** Real logs: the Go checksum database, Google's Argon2020, Sigstore's Rekor; and the test log of tessera. */

import { equalBytes } from 'contact-key-verification/bytes.js';
import { parsePublicKeyDer } from 'contact-key-verification/keys.js';
import {
  assembleRoot,
  type Checkpoint,
  createTileSink,
  createTreeBuilder,
  deriveVerifierKey,
  encodeEntryBundlePath,
  encodeTilePath,
  fetchConsistency,
  fetchInclusion,
  fetchNodes,
  hashLeaf,
  openCheckpoint,
  openEntryBundle,
  parseEntryBundle,
  parseTilePath,
  planRoot,
  planTiles,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
  verifyTiles,
} from 'contact-key-verification/log.js';
import { expect, test } from 'vitest';
import { checkCorpus, fromBase64, fromHex, utf8 } from '../support/foreign.js';
import { flat, outcome } from '../support/log-tree.js';
import { leafHash as referenceLeafHash, MTH } from '../support/rfc6962.js';

// --- Go checksum database ------------------------------------------------------------------------------------

const GO = '2021-size-1835197';
const goPolicy = (vkey: string): { origin: string; keys: string[] } => ({
  origin: 'go.sum database tree',
  keys: [vkey],
});

/** A lookup answer: the record's number, its text, an empty line, and a signed head. */
function parseLookup(answer: string): { index: number; record: string; note: string } {
  const number = answer.slice(0, answer.indexOf('\n'));
  const end = answer.indexOf('\n\n') + 2;
  return { index: Number(number), record: answer.slice(number.length + 1, end - 1), note: answer.slice(end) };
}

test('Go checksum database lookups', () =>
  checkCorpus('sumdb-golang', 13, async (files, runCase) => {
    const policy = goPolicy(files.json<{ vkey: string }>('sumdb-key.extracted.json').vkey);
    const head = openCheckpoint(files.bytes(`${GO}/latest`), policy);
    const reading = {
      form: 'sumdb',
      fetchTile: (path: string): Uint8Array => files.bytes(`${GO}/${path}`),
    } as const;
    for (const file of files.files(`${GO}/lookup`)) {
      await runCase(file, async () => {
        const { index, record, note } = parseLookup(files.text(file));
        const seen = openCheckpoint(utf8(note), policy);
        const proof = await fetchInclusion(head, index, reading);
        const claim = { index, leafHash: hashLeaf(utf8(record)), proof };
        expect(verifyInclusion(head, claim).index).toBe(index);
        expect(
          outcome(() => verifyInclusion(head, { ...claim, leafHash: hashLeaf(utf8(`${record} `)) })),
        ).toBe('ERR_PROOF_ROOT');
        verifyConsistency(seen, head, await fetchConsistency(seen.treeSize, head, reading));
        const edge = planRoot(seen.treeSize);
        expect(assembleRoot(edge, await fetchNodes(head, edge.nodes, reading))).toEqual(seen.root);
      });
    }
  }));

test('Go checksum database tiles', () =>
  checkCorpus('sumdb-golang', 15, async (files, runCase) => {
    const policy = goPolicy(files.json<{ vkey: string }>('sumdb-key.extracted.json').vkey);
    const head = openCheckpoint(files.bytes(`${GO}/latest`), policy);
    for (const file of files.files(`${GO}/tile`)) {
      await runCase(file, () => {
        const path = file.slice(GO.length + 1);
        const tile = parseTilePath(path, 'sumdb');
        expect(encodeTilePath(tile, 'sumdb')).toBe(path);
        // The tile is true if its first node, and with it the whole tile, leads to the signed head.
        const level = tile.level * tile.height;
        const plan = planTiles({ treeSize: head.treeSize, nodes: [{ level, index: tile.index * 256 }] });
        const tiles = plan.tiles.map((id) => files.bytes(`${GO}/${encodeTilePath(id, 'sumdb')}`));
        expect(verifyTiles(head, plan, tiles).tiles).toContainEqual(files.bytes(file));
        const damaged = tiles.map((bytes) => Uint8Array.from(bytes));
        const at = plan.tiles.findIndex((id) => encodeTilePath(id, 'sumdb') === path);
        const last = (damaged[at] as Uint8Array).length - 1;
        (damaged[at] as Uint8Array)[last] = ((damaged[at] as Uint8Array)[last] as number) ^ 1;
        expect(outcome(() => verifyTiles(head, plan, damaged))).toBe('ERR_TILE_ROOT');
      });
    }
  }));

// --- Certificate Transparency ---------------------------------------------------------------------------------

test('Google Argon2020 at 961,984,011 leaves', () =>
  checkCorpus('ct-argon2020-azul', 4, async (files, runCase) => {
    const key = files.json<{ spki_b64: string; size_3654490_root_b64: string }>('log-key.extracted.json');
    const sth = files.json<{
      tree_size: number;
      timestamp: number;
      sha256_root_hash: string;
      tree_head_signature: string;
    }>('get-sth.json');
    const origin = 'ct.googleapis.com/logs/argon2020';
    const publicKey = parsePublicKeyDer(fromBase64(key.spki_b64));
    const verifierKey = deriveVerifierKey({ name: origin, algorithm: 'tree-head', publicKey });
    // The answer of get-sth as a checkpoint (C2SP static-ct-api): the time, then the signature as it is.
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(sth.timestamp));
    const line = Buffer.concat([fromHex(verifierKey.id), time, fromBase64(sth.tree_head_signature)]);
    const note = (root: string): Uint8Array =>
      utf8(`${origin}\n${sth.tree_size}\n${root}\n\n— ${origin} ${line.toString('base64')}\n`);
    const open = (root: string): Checkpoint => openCheckpoint(note(root), { origin, keys: [verifierKey] });
    const head = open(sth.sha256_root_hash);

    await runCase('signed head', () => {
      expect(head.treeSize).toBe(961_984_011);
      expect(head.signedBy.map(({ timestampMs }) => timestampMs)).toEqual([sth.timestamp]);
      expect(outcome(() => open(key.size_3654490_root_b64))).toBe('ERR_SIGNATURE');
    });
    await runCase('entry', () => {
      const file = 'get-entries-start-10000-end-10000.json';
      const { entries } = files.json<{ entries: readonly { leaf_input: string }[] }>(file);
      const name = files.files('.').find((path) => path.startsWith('get-proof-by-hash')) as string;
      const leafHash = hashLeaf(fromBase64((entries[0] as { leaf_input: string }).leaf_input));
      // The hash that was asked for stands in the file's name: percent signs written as dashes.
      const asked = decodeURIComponent(
        (/.*-hash-(.+)\.json$/.exec(name)?.[1] ?? '').replace(/-(?=[0-9A-F]{2})/g, '%'),
      );
      expect(leafHash).toEqual(fromBase64(asked));
    });
    await runCase('inclusion', () => {
      const entry = 'get-entries-start-10000-end-10000.json';
      const { entries } = files.json<{ entries: readonly { leaf_input: string }[] }>(entry);
      const name = files.files('.').find((path) => path.startsWith('get-proof-by-hash')) as string;
      const answer = files.json<{ leaf_index: number; audit_path: readonly string[] }>(name);
      const leafHash = hashLeaf(fromBase64((entries[0] as { leaf_input: string }).leaf_input));
      const claim = { index: answer.leaf_index, leafHash, proof: answer.audit_path.map(fromBase64) };
      expect(verifyInclusion(head, claim).index).toBe(10_000);
      expect(outcome(() => verifyInclusion(head, { ...claim, index: 10_001 }))).toBe('ERR_PROOF_ROOT');
    });
    await runCase('consistency', () => {
      const { consistency } = files.json<{ consistency: readonly string[] }>(
        'get-sth-consistency-first-3654490-second-961984011.json',
      );
      const older = { treeSize: 3_654_490, root: fromBase64(key.size_3654490_root_b64) };
      const proof = consistency.map(fromBase64);
      expect(verifyConsistency(older, head, proof).treeSize).toBe(head.treeSize);
      expect(outcome(() => verifyConsistency({ ...older, treeSize: 3_654_491 }, head, proof))).not.toBe(
        'accepted',
      );
    });
  }));

// --- Rekor ----------------------------------------------------------------------------------------------------

interface RekorBundle {
  readonly verificationMaterial: {
    readonly tlogEntries: readonly {
      readonly canonicalizedBody: string;
      readonly inclusionProof?: {
        readonly logIndex: string;
        readonly rootHash: string;
        readonly treeSize: string;
        readonly hashes: readonly string[];
        readonly checkpoint: { readonly envelope: string };
      };
    }[];
  };
}

interface Rekor {
  readonly inclusion: {
    readonly canonicalized_body_b64: string;
    readonly log_index: number;
    readonly tree_size: number;
    readonly root: string;
    readonly hashes: readonly string[];
  };
  readonly checkpoints: readonly { readonly log: string; readonly spki_b64: string; readonly note: string }[];
  readonly bad_checkpoints: readonly string[];
}

const firstLine = (note: string): string => note.slice(0, note.indexOf('\n'));
/** The name of Rekor's key is the first word of its origin. */
const rekorKey = (origin: string, spki: string): ReturnType<typeof deriveVerifierKey> =>
  deriveVerifierKey({
    name: origin.split(' ')[0] as string,
    algorithm: 'ecdsa',
    publicKey: parsePublicKeyDer(fromBase64(spki)),
  });

test('Rekor bundles', () =>
  checkCorpus('sigstore-js', 6, async (files, runCase) => {
    const { checkpoints } = files.json<Rekor>('rekor.extracted.json');
    const spki = (checkpoints[0] as { spki_b64: string }).spki_b64;
    for (const file of files.files('bundles')) {
      const [entry] = files.json<RekorBundle>(file).verificationMaterial.tlogEntries;
      if (entry?.inclusionProof === undefined) continue;
      const { canonicalizedBody, inclusionProof } = entry;
      await runCase(file, () => {
        const note = inclusionProof.checkpoint.envelope;
        const origin = firstLine(note);
        const head = openCheckpoint(utf8(note), { origin, keys: [rekorKey(origin, spki)] });
        expect(head.treeSize).toBe(Number(inclusionProof.treeSize));
        expect(head.root).toEqual(fromBase64(inclusionProof.rootHash));
        expect(head.extensions).toHaveLength(1);
        const claim = {
          index: Number(inclusionProof.logIndex),
          leafHash: hashLeaf(fromBase64(canonicalizedBody)),
          proof: inclusionProof.hashes.map(fromBase64),
        };
        expect(verifyInclusion(head, claim).treeSize).toBe(head.treeSize);
        const other = { ...claim, leafHash: hashLeaf(fromBase64(canonicalizedBody).subarray(1)) };
        expect(outcome(() => verifyInclusion(head, other))).toBe('ERR_PROOF_ROOT');
      });
    }
  }));

test('Rekor inclusion, and its must-reject cases', () =>
  checkCorpus('sigstore-js', 5, async (files, runCase) => {
    const { inclusion } = files.json<Rekor>('rekor.extracted.json');
    const head = { treeSize: inclusion.tree_size, root: fromHex(inclusion.root) };
    const claim = {
      index: inclusion.log_index,
      leafHash: hashLeaf(fromBase64(inclusion.canonicalized_body_b64)),
      proof: inclusion.hashes.map(fromHex),
    };
    const cases = {
      'as it is': [claim, 'accepted'],
      'body replaced': [{ ...claim, leafHash: hashLeaf(utf8('{}')) }, 'ERR_PROOF_ROOT'],
      'index -1': [{ ...claim, index: -1 }, 'ERR_ARGUMENT_RANGE'],
      'index at the tree size': [{ ...claim, index: head.treeSize }, 'ERR_INDEX_RANGE'],
      'hashes truncated': [{ ...claim, proof: claim.proof.slice(0, -1) }, 'ERR_PROOF_LENGTH'],
    } as const;
    for (const [name, [given, expected]] of Object.entries(cases)) {
      await runCase(name, () => expect(outcome(() => verifyInclusion(head, given))).toBe(expected));
    }
  }));

test('Rekor checkpoints, and its must-reject cases', () =>
  checkCorpus('sigstore-js', 11, async (files, runCase) => {
    const { checkpoints, bad_checkpoints: bad } = files.json<Rekor>('rekor.extracted.json');
    for (const { log, spki_b64: spki, note } of checkpoints) {
      await runCase(log, () => {
        const origin = firstLine(note);
        const head = openCheckpoint(utf8(note), { origin, keys: [rekorKey(origin, spki)] });
        expect(head.signedBy).toHaveLength(1);
      });
    }
    const { spki_b64: spki, note: good } = checkpoints[0] as Rekor['checkpoints'][0];
    const policy = { origin: firstLine(good), keys: [rekorKey(firstLine(good), spki)] };
    // By the order of the corpus. The seventh has another key id: not a false signature, but none of a known key.
    const codes = [
      'ERR_NOTE_FORMAT',
      'ERR_TEXT_ENCODING',
      'ERR_NOTE_FORMAT',
      'ERR_TEXT_ENCODING',
      'ERR_TEXT_ENCODING',
      'ERR_TEXT_ENCODING',
      'ERR_NOTE_UNSIGNED',
      'ERR_TEXT_ENCODING',
      'ERR_NOTE_UNSIGNED',
    ];
    for (const [i, note] of bad.entries()) {
      await runCase(`bad ${i}`, () =>
        expect(outcome(() => openCheckpoint(utf8(note), policy))).toBe(codes[i]),
      );
    }
  }));

// --- tessera --------------------------------------------------------------------------------------------------

interface Tessera {
  readonly vkey: string;
  readonly leaves: readonly string[];
}

test('tessera checkpoints, roots from leaves and from tiles', () =>
  checkCorpus('tessera', 16, async (files, runCase) => {
    const { vkey, leaves } = files.json<Tessera>('log-key.extracted.json');
    const policy = { origin: 'example.com/log/testdata', keys: [vkey] };
    const leafHashes = leaves.map((leaf) => hashLeaf(utf8(leaf)));
    for (let size = 0; size <= leaves.length; size++) {
      await runCase(`checkpoint.${size}`, () => {
        const head = openCheckpoint(files.bytes(`log/checkpoint.${size}`), policy);
        expect(head.treeSize).toBe(size);
        expect(head.root).toEqual(treeRoot(flat(leafHashes.slice(0, size))));
        expect(head.root).toEqual(MTH(leaves.slice(0, size).map((leaf) => referenceLeafHash(utf8(leaf)))));
        if (size === 0) return;
        const plan = planTiles({ treeSize: size, nodes: [] });
        const tiles = plan.tiles.map((tile) => files.bytes(`log/${encodeTilePath(tile)}`));
        const [verified] = verifyTiles(head, plan, tiles).tiles;
        const bundlePath = encodeEntryBundlePath({ height: 8, index: 0, width: size });
        const entries = openEntryBundle(files.bytes(`log/${bundlePath}`), verified as Uint8Array);
        expect(entries).toEqual(leaves.slice(0, size).map(utf8));
      });
    }
  }));

test('tessera tiles, made again by our builder', () =>
  checkCorpus('tessera', 15, async (files, runCase) => {
    const { leaves } = files.json<Tessera>('log-key.extracted.json');
    const sink = createTileSink();
    const builder = createTreeBuilder({ onNodes: sink.onNodes });
    for (const leaf of leaves) {
      await runCase(`size ${builder.treeSize + 1}`, () => {
        builder.append(hashLeaf(utf8(leaf)));
        const tiles = sink.takeTiles(builder.treeSize);
        expect(tiles.map((tile) => encodeTilePath(tile))).toEqual([`tile/0/000.p/${builder.treeSize}`]);
        for (const tile of tiles) {
          const theirs = files.bytes(`log/${encodeTilePath(tile)}`);
          expect(equalBytes(tile.hashes, theirs)).toBe(true);
        }
        const bundle = files.bytes(`log/tile/entries/000.p/${builder.treeSize}`);
        expect(parseEntryBundle(bundle, builder.treeSize).at(-1)).toEqual(utf8(leaf));
      });
    }
  }));
