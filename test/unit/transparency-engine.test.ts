/**
 * The proof engine against the reference, over random logs: what a log records is the answer that its history alone
 * decides; what a user reads from it is the tree, the view of it, and where the search ends; and of a damaged proof
 * both think alike, whoever reads it.
 */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { VerificationError } from '../../src/errors.js';
import { createTypeScriptHasher } from '../../src/hashing/typescript-hasher.js';
import type { TreeHasher } from '../../src/hashing/tree-hasher.js';
import { createWasmHasher } from '../../src/wasm.js';
import { evaluateProof } from '../../src/transparency/verifier/received-proof.js';
import { recordProof } from '../../src/transparency/operator/recorded-proof.js';
import { encodeCombinedTreeProof, parseCombinedTreeProof } from '../../src/transparency/wire/proofs.js';
import { answerSearch, logOf, retainedAt } from '../reference/keytrans-answers.js';
import { Refusal } from '../reference/encoding.js';
import { type Combined, verifySearch } from '../reference/keytrans-searches.js';
import { standsFor } from '../../scripts/vectors/refusals.js';
import { check, checkAsync } from '../support/property.js';
import { damageOf, damages } from './engine-damages.js';
import {
  foundOf,
  histories,
  type History,
  receivedOf,
  requestOf,
  plans,
  type Scene,
  sceneOf,
  storedLabel,
  storedLog,
  versionsOf,
  walkOf,
} from './engine-world.js';

let pool: readonly History[];
beforeAll(async () => {
  pool = await histories();
});

const ENGINES: readonly TreeHasher[] = [createTypeScriptHasher(), createWasmHasher()];
const engines = fc.constantFrom(...ENGINES);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
/** Bytes of any kind as hex, so that buffers and plain arrays compare. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, field: unknown) => {
      if (field instanceof Uint8Array) return Buffer.from(field).toString('hex');
      // A buffer comes here as what its own method has made of it.
      const data = (field as { type?: string; data?: number[] } | null)?.data;
      return Array.isArray(data) ? Buffer.from(data).toString('hex') : field;
    }),
  );

test('what a log records is what its history decides', async () => {
  await checkAsync(
    fc.asyncProperty(plans, async (plan) => {
      const scene = sceneOf(pool, plan);
      const { task, world } = scene;
      const { proof, found } = answerSearch(world, task);
      const recorded = await recordProof(requestOf(task), storedLog(scene), storedLabel(scene), walkOf(task));
      expect(plain(recorded.proof)).toEqual(plain(proof));
      expect(foundOf(recorded.result)).toEqual(found);
    }),
  );
});

test('what a user reads is the tree, the view and the end of the search', () => {
  const seen = new Map<string, number>();
  check(
    fc.property(plans, engines, (plan, hasher) => {
      const scene = sceneOf(pool, plan);
      const { task, world } = scene;
      const { proof, found } = answerSearch(world, task);
      const travelled = parseCombinedTreeProof(encodeCombinedTreeProof(proof));
      const { leaves, looks, ...evaluated } = evaluateProof(receivedOf(scene, travelled), walkOf(task), {
        hasher,
      });
      const log = logOf(world);
      expect(plain({ ...evaluated, result: foundOf(evaluated.result) })).toEqual(
        plain({
          result: found,
          root: log.root(task.treeSize),
          ...(task.auditorSize === null ? {} : { auditorRoot: log.root(task.auditorSize) }),
          earlier: [],
          view: retainedAt(world, task.treeSize),
        }),
      );
      expect(leaves.map(({ leafHash }) => hex(leafHash))).toEqual(
        leaves.map(({ index }) => hex(log.value([index, index + 1]))),
      );
      expect(looks.map((look) => look.proof)).toEqual(travelled.prefixProofs);
      const { retained, root, ...rest } = verifySearch(task, versionsOf(scene), proof);
      expect(plain({ retained, root })).toEqual(plain({ retained: evaluated.view, root: evaluated.root }));
      expect(rest).toMatchObject(found);
      const kind = `${task.kind} ${found.outcome}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }),
  );
  // The law says something about every way to end.
  for (const kind of ['greatest found', 'fixed found', 'fixed absent', 'fixed expired']) {
    expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(20);
  }
});

/** What becomes of a proof: a code or a reason, or a root, which is the true one or is not. */
type Fate = { readonly code: string } | { readonly root: string };

function fateHere(scene: Scene, proof: Combined, hasher: TreeHasher): Fate {
  try {
    return { root: hex(evaluateProof(receivedOf(scene, proof), walkOf(scene.task), { hasher }).root) };
  } catch (error) {
    if (error instanceof VerificationError) return { code: error.code };
    throw error;
  }
}

function fateThere(
  scene: Scene,
  proof: Combined,
): { readonly reason: Refusal['reason'] } | { readonly root: string } {
  try {
    return { root: hex(verifySearch(scene.task, versionsOf(scene), proof).root) };
  } catch (error) {
    if (error instanceof Refusal) return { reason: error.reason };
    throw error;
  }
}

test('a damaged proof is refused, for the reason that the reference gives', () => {
  const codes = new Set<string>();
  check(
    fc.property(plans, damages, engines, (plan, damage, hasher) => {
      const scene = sceneOf(pool, plan);
      const { proof } = answerSearch(scene.world, scene.task);
      const damaged = damageOf(proof, damage);
      fc.pre(JSON.stringify(plain(damaged)) !== JSON.stringify(plain(proof)));
      const [here, there] = [fateHere(scene, damaged, hasher), fateThere(scene, damaged)];
      if ('code' in here) {
        codes.add(here.code);
        if (!('reason' in there)) throw new Error(`${here.code}, and the reference accepts it`);
        if (!standsFor(here.code, there.reason)) throw new Error(`${here.code} for ${there.reason}`);
      } else {
        // It holds together, and leads to a root that nobody signed.
        expect(there).toEqual(here);
        expect(here.root).not.toBe(hex(logOf(scene.world).root(scene.task.treeSize)));
      }
    }),
  );
  for (const code of [
    'ERR_PROOF_TIMESTAMPS',
    'ERR_PROOF_SEARCHES',
    'ERR_PROOF_ROOTS',
    'ERR_PROOF_LENGTH',
    'ERR_TIMESTAMP_ORDER',
    'ERR_ENTRY_ROOT',
    'ERR_LADDER_LENGTH',
  ]) {
    expect(codes, code).toContain(code);
  }
});

test('another version than the proven one is no greatest version, and no reader is misled', () => {
  check(
    fc.property(plans, fc.integer({ min: -3, max: 3 }), (plan, shift) => {
      const scene = sceneOf(pool, plan);
      const target = scene.task.target + shift;
      fc.pre(shift !== 0 && target >= 0 && scene.task.kind === 'greatest');
      const { proof } = answerSearch(scene.world, scene.task);
      const lied = { ...scene, task: { ...scene.task, target } };
      const [here, there] = [fateHere(lied, proof, ENGINES[0] as TreeHasher), fateThere(lied, proof)];
      if (!('code' in here && 'reason' in there)) throw new Error('accepted');
      expect(standsFor(here.code, there.reason), `${here.code} for ${there.reason}`).toBe(true);
    }),
  );
});
