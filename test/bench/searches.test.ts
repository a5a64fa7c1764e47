/** The tasks of verified searches over a tiny log: the parts are what the whole is made of, and damage is found. */

import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from 'contact-key-verification/suites.js';
import { describe, expect, test } from 'vitest';
import { measure } from '../../bench/harness.js';
import { HASHING, searchTasks, SIGNATURES, VRF, WHOLE } from '../../bench/tasks/searches.js';

const ONCE = { rounds: 1, timeMs: 0 };
const TINY = { labels: 60, labelsInAnEntry: 2, searched: 1 };

describe.each([KT_128_SHA256_Ed25519, KT_128_SHA256_P256])('$name', (suite) => {
  test('every search is verified, and every part does what it must', async () => {
    const tasks = await searchTasks(suite, TINY);
    expect(tasks.map(({ vrfProofs }) => vrfProofs)).toEqual([2, 2, 2, 8, 8, 6, 6]);
    for (const { task, responseBytes } of tasks) {
      expect(task.contenders.map(({ name }) => name)).toEqual([WHOLE, VRF, SIGNATURES, HASHING]);
      expect(measure(task, ONCE).every(({ nanosecondsPerUnit }) => nanosecondsPerUnit > 0)).toBe(true);
      expect(responseBytes).toBeGreaterThan(2 * suite.vrf.proofLength);
      const damaged = task.contenders.map((contender) => ({
        ...contender,
        run: () => Uint8Array.of(...contender.run(), 0),
      }));
      for (const contender of damaged) {
        expect(() => measure({ ...task, contenders: [contender] }, ONCE)).toThrow('computed a wrong result');
      }
    }
  });
});
