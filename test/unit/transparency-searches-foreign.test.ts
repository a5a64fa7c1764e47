/**
 * Searches that logs of others answered: two that katie (Go) recorded, in both cipher suites, to users who knew
 * nothing and to users who had seen an earlier tree. Every response is read from its bytes, its VRF proofs are
 * verified, its walk consumes each queue exactly, and the tree head's signature covers the root that comes out.
 */

import { expect, test } from 'vitest';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import { parseConfiguration } from '../../src/transparency/configuration.js';
import { walkFixedVersion } from '../../src/transparency/fixed-version-search.js';
import { type SearchResult, walkGreatestVersion } from '../../src/transparency/greatest-version-search.js';
import { baseLadder } from '../../src/transparency/ladder.js';
import { parseLogEntry } from '../../src/transparency/proofs.js';
import { evaluateProof, type KnownVersion } from '../../src/transparency/received-proof.js';
import { parseSearchRequest, parseSearchResponse } from '../../src/transparency/search-messages.js';
import { encodeTreeHeadTbs } from '../../src/transparency/tree-head.js';
import type { TreeView } from '../../src/transparency/tree-view.js';
import { encodeCommitmentValue, encodeVrfInput } from '../../src/transparency/update.js';
import type { Walk } from '../../src/transparency/walk.js';
import { checkCorpus, fromHex } from '../support/foreign.js';

interface Operation {
  readonly op: string;
  readonly request: string;
  readonly response: string;
  readonly retained?: {
    readonly tree_size: number;
    readonly full_subtrees: readonly string[];
    readonly frontier: readonly { readonly position: number; readonly log_entry: string }[];
  };
}

interface World {
  readonly name: string;
  readonly config: string;
  readonly entries: readonly {
    readonly log_root: string;
    readonly full_subtrees: readonly string[];
    readonly log_entry: string;
    readonly added: readonly { readonly label: string; readonly version: number; readonly value: string }[];
  }[];
  readonly operations: readonly Operation[];
}

const SUITES = { 1: KT_128_SHA256_P256, 2: KT_128_SHA256_Ed25519 };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('katie: answers to searches', () =>
  checkCorpus('keytrans', 128, async (files, runCase) => {
    const { worlds } = files.json<{ worlds: World[] }>('katie-00da525.json');
    for (const world of worlds) {
      for (const [i, operation] of world.operations.entries()) {
        if (operation.op === 'search')
          await runCase(`${world.name} ${i}`, () => checkSearch(world, operation));
      }
    }
  }));

function checkSearch(world: World, operation: Operation): void {
  const configuration = parseConfiguration(fromHex(world.config));
  const suite = SUITES[configuration.ciphersuite];
  const request = parseSearchRequest(fromHex(operation.request));
  const response = parseSearchResponse(fromHex(operation.response), configuration, request);
  const { label } = request;
  const target = request.version ?? (response.version as number);

  const inserted = world.entries.findIndex(({ added }) =>
    added.some((leaf) => leaf.label === hex(label) && leaf.version === target),
  );
  // katie answers a search for a label that is not there with a ladder of one step (A draft's response has none of
  // that: "clients MUST consider any SearchResponse with a negative result as invalid").
  if (inserted < 0 && request.version === undefined) {
    expect(response.binaryLadder.length).toBeLessThan(baseLadder(target).length);
    return;
  }

  const versions = new Map<number, KnownVersion>();
  const vrfKey = suite.vrf.parsePublicKey(configuration.vrfPublicKey);
  for (const [i, version] of baseLadder(target).entries()) {
    const step = response.binaryLadder[i];
    if (step === undefined) throw new Error('the ladder is too short');
    const vrfOutput = suite.vrf.verify(vrfKey, encodeVrfInput({ label, version }), step.proof);
    const commitment =
      version === target
        ? suite.commit(
            encodeCommitmentValue(
              { opening: response.opening, label, version, update: response.value },
              configuration,
            ),
          )
        : step.commitment;
    versions.set(version, { vrfOutput, commitment });
  }
  expect(response.binaryLadder).toHaveLength(versions.size);

  const { fullTreeHead } = response;
  const treeSize =
    fullTreeHead.headType === 'updated' ? fullTreeHead.treeHead.treeSize : (request.last as number);
  const walk: Walk<unknown> =
    request.version === undefined
      ? walkGreatestVersion(treeSize, configuration.reasonableMonitoringWindowMs, target)
      : walkFixedVersion(treeSize, configuration, target);
  const evaluated = evaluateProof(
    { treeSize, view: viewOf(operation), versions, proof: response.search },
    walk,
  );
  if (inserted < 0) {
    expect(evaluated.result).toEqual({ outcome: 'absent' });
  } else {
    expect((evaluated.result as SearchResult).terminal).toBeGreaterThanOrEqual(inserted);
  }
  const entry = world.entries[treeSize - 1];
  expect(hex(evaluated.root)).toBe(entry?.log_root);
  expect(evaluated.view.fullSubtrees.map(hex)).toEqual(entry?.full_subtrees);
  for (const { position, timestampMs, prefixTree } of evaluated.view.frontier) {
    const logged = parseLogEntry(fromHex(String(world.entries[position]?.log_entry)));
    expect(logged).toEqual({ timestampMs, prefixTree });
  }
  if (fullTreeHead.headType === 'updated') {
    suite.signatures.verify(
      suite.signatures.parsePublicKey(configuration.signaturePublicKey),
      encodeTreeHeadTbs({ config: configuration, treeSize, root: evaluated.root }),
      fullTreeHead.treeHead.signature,
    );
  }
}

function viewOf({ retained }: Operation): TreeView | undefined {
  if (retained === undefined) return undefined;
  return {
    treeSize: retained.tree_size,
    fullSubtrees: retained.full_subtrees.map(fromHex),
    frontier: retained.frontier.map(({ position, log_entry }) => ({
      position,
      ...parseLogEntry(fromHex(log_entry)),
    })),
  };
}
