/**
 * Random years of a head log: the log grows, requests and answers are lost, witnesses are away, the program ends and comes
 * back, users come at any time. Whatever happens, no witness ever refuses, and every user who reads finds the same.
 */

import { expect, test } from 'vitest';
import type { HeadTracker } from '../../src/witnesses.js';
import { WitnessedWorld, witnessOf } from './witness-world.js';

/** Numbers below `below`, the same for one seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

test.each(Array.from({ length: 12 }, (_, seed) => seed))('history %i', async (seed) => {
  const random = randomOf(seed);
  const witnesses = [0, 1, 2].map((i) => witnessOf(i));
  const options = { witnesses: { threshold: 2, keys: witnesses.map(({ key }) => key) } };
  const lenient = { maxAgeMs: 1e9, maxLagMs: 1e9 };
  let world = await WitnessedWorld.open(options);
  let user: HeadTracker = world.tracker(witnesses, lenient);
  let hasRead = false;
  const seen = new Set<string>();
  for (let step = 0; step < 40; step++) {
    await world.grow(1 + random(3), 20 + random(60));
    if (random(3) > 0) await world.append();
    if (random(3) > 0 && world.heads.treeSize > 0) {
      await world.heads.signCheckpoint();
      for (const witness of witnesses) {
        if (random(4) === 0) continue;
        const { body, take } = await world.heads.submit(witness.key);
        const answer = await witness.addCheckpoint(body, world);
        expect([200, 409]).toContain(answer.status);
        // The answer may be lost, come after the next checkpoint is signed, or twice.
        if (random(4) === 0) continue;
        if (random(6) === 0) await world.heads.signCheckpoint();
        seen.add((await take(answer)).outcome);
        if (random(6) === 0) await take(answer);
      }
    }
    if (random(8) === 0) {
      const again = new WitnessedWorld(world.store.copy());
      again.nowMs = world.nowMs;
      world = await again.reopen(options);
      seen.add('reopened');
    }
    if (random(3) === 0 && (await world.heads.read('checkpoint')) !== undefined) {
      user = await world.read(user);
      hasRead = true;
    }
    if (random(4) === 0) {
      // Somebody new sees what those see who have been there.
      if ((await world.heads.read('checkpoint')) !== undefined)
        await world.read(world.tracker(witnesses, lenient));
    }
    if (hasRead && random(3) === 0) {
      // He may not have read for longer than the walk reaches back.
      const { outcome, after } = user.compare(await world.prove(), { nowMs: world.nowMs });
      expect(['same', 'gap', 'head-log-late']).toContain(outcome);
      user = user.at(after);
      seen.add('compared');
    }
  }
  expect(seen).toContain('cosigned');
  expect(seen).toContain('compared');
  await world.round(witnesses);
  await world.round(witnesses);
  user = await world.read(user);
  const { outcome, after } = user.compare(await world.prove(), { nowMs: world.nowMs });
  expect(['same', 'gap']).toContain(outcome);
  expect(user.at(after).compare(await world.prove(), { nowMs: world.nowMs })).toMatchObject({
    outcome: 'same',
    pending: 0,
  });
});
