/** One search at a time, in a log whose times are written out. */
import { expect } from 'vitest';
import { evaluateProof } from '../../src/transparency/verifier/received-proof.js';
import { recordProof } from '../../src/transparency/operator/recorded-proof.js';
import { logOf, retainedAt } from '../reference/keytrans-answers.js';
import type { Combined, Found, SearchTask } from '../reference/keytrans-searches.js';
import {
  foundOf,
  type History,
  receivedOf,
  requestOf,
  type Scene,
  storedLabel,
  storedLog,
  walkOf,
  worldOf,
} from './engine-world.js';

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export interface Setting {
  readonly times: readonly number[];
  readonly windowMs?: number;
  readonly maximumLifetimeMs?: number;
  readonly lastSize?: number;
  readonly auditorSize?: number;
  readonly kind?: SearchTask['kind'];
  readonly target: number;
}

export function sceneIn(history: History, setting: Setting): Scene {
  const { times, windowMs = 0, maximumLifetimeMs = null, lastSize, auditorSize = null } = setting;
  const world = worldOf(history, (position) => times[position] as number);
  return {
    history,
    world,
    task: {
      treeSize: times.length,
      auditorSize,
      retained: lastSize === undefined ? null : retainedAt(world, lastSize),
      windowMs,
      maximumLifetimeMs,
      kind: setting.kind ?? 'fixed',
      target: setting.target,
    },
  };
}

/** Records a proof and reads it: where the search ends, for both. */
export async function searchIn(scene: Scene): Promise<Found> {
  const { task, world } = scene;
  const recorded = await recordProof(requestOf(task), storedLog(scene), storedLabel(scene), walkOf(task));
  const read = evaluateProof(receivedOf(scene, recorded.proof as Combined), walkOf(task));
  expect(read.result).toEqual(recorded.result);
  expect(hex(read.root)).toBe(hex(logOf(world).root(task.treeSize)));
  return foundOf(read.result);
}

export const found = (terminal: number, rightmostDistinguished: number | null): Found => ({
  outcome: 'found',
  terminal,
  rightmostDistinguished,
});
export const EXPIRED: Found = { outcome: 'expired', terminal: null, rightmostDistinguished: null };
export const ABSENT: Found = { outcome: 'absent', terminal: null, rightmostDistinguished: null };
