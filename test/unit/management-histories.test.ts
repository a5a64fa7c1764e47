/**
 * Manager, service operator, owners and contacts against each other over random histories: requests that are held up,
 * lost, repeated and overtaken, programs that end at any write, devices that do not know of each other. No version is
 * ever signed for two values, no label is ever stuck, every answer verifies, and all is what a naive model says.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createServiceOperator } from '../../src/operator.js';
import { createMemoryNodeStore } from '../../src/prefix.js';
import type { CipherSuite } from '../../src/suites.js';
import { checkAsync } from '../support/property.js';
import { ManagementStory, step } from './management-story.js';
import { managedWorld } from './manager-world.js';
import { Model } from './operator-model.js';
import { QUICK, Signatures } from './service-world.js';

const history = fc.record({
  suite: fc.constantFrom(0, 1),
  windowMs: fc.constantFrom(0, 25, 90),
  steps: fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
});

test('one value for each version, whatever is lost, and every answer verifies', async () => {
  const seen = new Set<string>();
  await checkAsync(
    fc.asyncProperty(history, async ({ suite: index, windowMs, steps }) => {
      const suite = QUICK[index] as CipherSuite;
      const world = managedWorld({ suite, windowMs, store: createMemoryNodeStore() });
      const store = createMemoryNodeStore();
      const signatures = new Signatures(world);
      const signer = signatures.sign;
      const story = new ManagementStory({
        world,
        model: new Model(windowMs),
        store,
        manager: await world.open(),
        openManager: () => world.open(),
        signatures,
        service: await createServiceOperator(world.bytes, { suite, signer, store }),
        seen,
      });
      await story.play({ do: 'idle', clock: 0 });
      await story.play({ do: 'idle', clock: 40 });
      for (const name of ['ann', 'ben']) {
        for (const device of [0, 1]) await story.play({ do: 'own', label: name, device });
      }
      for (const next of steps) await story.play(next);
      expect(story.manager.head?.treeSize).toBe(story.model.treeSize);
    }),
  );
  // The law says something about every turn that a history can take.
  const turns = [
    'created',
    'created before',
    'told',
    'skipped',
    'crash',
    'unsettled',
    'unsettled ahead',
    'settled',
  ];
  const refusals = ['ERR_UPDATE_EMPTY', 'ERR_NO_VERSION', 'ERR_VERSION_SKIPPED'];
  const others = ['delivered late', 'settled by itself', 'watch nothing', 'watch update', 'monitored'];
  for (const turn of [...turns, ...refusals, ...others]) expect(seen, turn).toContain(turn);
}, 300_000);
