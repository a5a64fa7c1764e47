/** A head log from end to end: the operator's heads, witnesses' cosignatures, users who compare. */

import { describe, expect, test } from 'vitest';
import { WitnessedWorld, witnessOf } from './witness-world.js';

const three = [0, 1, 2].map((i) => witnessOf(i));
const policyOf = (witnesses: typeof three) => ({ threshold: 2, keys: witnesses.map(({ key }) => key) });

describe('a head log', () => {
  test('is cosigned, served, read and compared, as it grows', async () => {
    const world = await WitnessedWorld.open({ witnesses: policyOf(three) });
    let tracker = world.tracker(three);
    for (let round = 0; round < 6; round++) {
      await world.grow(5);
      const outcomes = await world.round(three);
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['cosigned', 'cosigned', 'cosigned']);
      tracker = await world.read(tracker);
      const proven = await world.prove();
      const compared = tracker.compare(proven, { nowMs: world.nowMs });
      expect(compared).toMatchObject({ outcome: 'same', pending: 0 });
      tracker = tracker.at(compared.after);
      expect(world.heads.newest).toMatchObject(proven.heads.at(-1) as object);
    }
    expect(world.heads.treeSize).toBeGreaterThan(8);
  });
});
