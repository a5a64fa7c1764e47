/**
 * Operator and users against each other over random histories: several labels, several versions in an entry, clocks
 * that stop and go back, lost states, owners, auditors that lag, deleted openings, pruning, programs that end and begin
 * again. Every answer verifies, and is what a naive model says; every refusal is one that the model expects.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operator } from '../../src/operator.js';
import { createMemoryNodeStore } from '../../src/prefix.js';
import type { CipherSuite } from '../../src/suites.js';
import { checkAsync } from '../support/property.js';
import { Model } from './operator-model.js';
import { step, Story } from './operator-story.js';
import { createWorld, quickSuite, SUITES } from './operator-world.js';

const QUICK = SUITES.map(quickSuite);

const history = fc.record({
  suite: fc.constantFrom(0, 1),
  windowMs: fc.constantFrom(0, 25, 90),
  lifetimeMs: fc.constantFrom(undefined, undefined, 120, 300),
  maxAuditorLagMs: fc.constantFrom(undefined, undefined, 60),
  pageEntries: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
});

test('every answer verifies and is what the model says', async () => {
  await checkAsync(
    fc.asyncProperty(history, async ({ steps, pageEntries, lifetimeMs, windowMs, ...settings }) => {
      const store = createMemoryNodeStore();
      const lag = settings.maxAuditorLagMs;
      const world = createWorld({
        suite: QUICK[settings.suite] as CipherSuite,
        windowMs,
        lifetimeMs,
        store,
        ...(lag === undefined ? {} : { maxAuditorLagMs: lag }),
      });
      const open = (): Promise<Operator> => world.open({ pageEntries });
      const story = new Story(world, new Model(windowMs, lifetimeMs), await open(), open);
      for (const next of steps) await story.play(next);
      expect(story.operator.head?.treeSize ?? 0).toBe(story.model.treeSize);
    }),
  );
}, 300_000);
