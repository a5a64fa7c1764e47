/** Fixed-version searches where log entries have expired: what is still believed, to the millisecond. */
import { beforeAll, describe, expect, test } from 'vitest';
import { evaluateProof } from '../../src/transparency/verifier/received-proof.js';
import { recordProof } from '../../src/transparency/operator/recorded-proof.js';
import type { Combined } from '../reference/keytrans-searches.js';
import { ABSENT, EXPIRED, found, sceneIn, searchIn } from './engine-search.js';
import {
  foundOf,
  type History,
  historyOf,
  receivedOf,
  requestOf,
  storedLabel,
  storedLog,
  walkOf,
} from './engine-world.js';

describe('a fixed-version search below an expired entry', () => {
  /** Version 0 from entry 4 on, 1 and 2 from entry 5 on; searched for 1: 7, 3 (expired), 5, 4. */
  let leap: History;
  /** Version 1 is the greatest from entry 9 on; 2 comes with entry 11. Searched for 1: 15, 7 (expired), 11, 9. */
  let step: History;
  /** Version 1 from entry 12 on; 2 comes with entry 15. Searched for 1: 15, 7 (expired), 11, 13. */
  let long: History;
  beforeAll(async () => {
    leap = await historyOf('leap', [-1, -1, -1, -1, 0, 2, 2, 2]);
    step = await historyOf('step', [-1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 1, 2, 2, 2, 2, 2]);
    long = await historyOf('long', [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 2]);
  });

  test.each([
    ['an unexpired entry on the left is distinguished, just', 70, 60, found(5, 7)],
    // "Clients MUST NOT accept a proof where the identified log entry is itself the leftmost unexpired and
    // distinguished log entry."
    ['the entry is itself the leftmost that owners check', 71, 60, EXPIRED],
    ['the one on the left is not expired, just', 70, 51, found(5, 7)],
    ['the one on the left has just expired', 70, 50, EXPIRED],
  ])('step 6.2: %s', async (_, windowMs, fourth, expected) => {
    const times = [0, 0, 0, 0, fourth, 70, 80, 150];
    expect(await searchIn(sceneIn(leap, { times, windowMs, maximumLifetimeMs: 100, target: 1 }))).toEqual(
      expected,
    );
  });

  test('step 6.2 asks for nothing where no entry is expired', async () => {
    const times = [0, 0, 0, 0, 60, 70, 80, 150];
    const scene = sceneIn(leap, { times, windowMs: 151, maximumLifetimeMs: 152, target: 1 });
    expect(await searchIn(scene)).toEqual(found(5, null));
  });

  test('step 6.2 does not count an entry to the right', async () => {
    // 7 is distinguished and not expired, and so is 5; nothing to the left of 5 is.
    const times = [0, 0, 0, 0, 0, 70, 80, 150];
    const scene = sceneIn(leap, { times, windowMs: 60, maximumLifetimeMs: 100, target: 1 });
    expect(await searchIn(scene)).toEqual(EXPIRED);
  });

  test.each([
    ['the entry itself is distinguished, just', 40, found(9, 15)],
    // 11 is, to its right; so is 7, to its left, and expired.
    ['it is just not', 41, EXPIRED],
  ])('step 5.2: %s', async (_, windowMs, expected) => {
    const times = [0, 0, 0, 0, 0, 0, 0, 0, 25, 30, 35, 40, 60, 80, 100, 120];
    const scene = sceneIn(step, { times, windowMs, maximumLifetimeMs: 100, target: 1 });
    expect(await searchIn(scene)).toEqual(expected);
  });

  test.each([
    ['one above it, to its left, is distinguished', 60, 95, found(13, 15)],
    ['that one is expired, and so the entry is distinguished itself', 50, 99, found(13, 15)],
  ])('step 5.2: %s', async (_, eleventh, windowMs, expected) => {
    const times = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, eleventh, 70, 80, 90, 150];
    const scene = sceneIn(long, { times, windowMs, maximumLifetimeMs: 100, target: 1 });
    expect(await searchIn(scene)).toEqual(expected);
  });

  test('the root of an old log may be expired, and nothing above the version be left', async () => {
    const times = [0, 0, 0, 0, 60, 70, 80, 150];
    expect(await searchIn(sceneIn(leap, { times, windowMs: 10, maximumLifetimeMs: 100, target: 9 }))).toEqual(
      ABSENT,
    );
  });
});

test('step 6.3: the version is looked up, and is not there', async () => {
  // An auditor has let the log remove version 4, which never was the greatest: 5 came with it.
  const there = [0, 1, 2, 3, 5];
  const history = await historyOf('removed', [3, 5, 5], (upTo) => there.filter((version) => version <= upTo));
  const scene = sceneIn(history, { times: [1, 2, 3], target: 4 });
  const { task } = scene;
  const { proof, result } = await recordProof(
    requestOf(task),
    storedLog(scene),
    {
      ...storedLabel(scene),
      holds: (position, version) => version <= (position === 0 ? 3 : 5) && there.includes(version),
    },
    walkOf(task),
  );
  expect(proof.prefixProofs.at(-1)?.results.length).toBe(1);
  expect(foundOf(result)).toEqual(ABSENT);
  const read = evaluateProof(receivedOf(scene, proof as Combined), walkOf(task));
  expect(foundOf(read.result)).toEqual(ABSENT);
});
