/** The operator, over real cipher suites: whatever it answers verifies. */

import { describe, expect, test } from 'vitest';
import { User } from './operator-user.js';
import { bytesOf, createWorld, SUITES } from './operator-world.js';

const insertion = (label: string, ...values: string[]) => ({
  label: bytesOf(label),
  values: values.map(bytesOf),
});

describe.each(SUITES)('$name', (suite) => {
  test('a life: insertions, searches, monitoring, ownership', async () => {
    const world = createWorld({ suite, windowMs: 20 });
    const operator = await world.open();
    expect(operator.head).toBeUndefined();
    await operator.insert([insertion('alice', 'a0'), insertion('bob', 'b0')], { nowMs: 1000 });
    expect(operator.head).toMatchObject({ treeSize: 1, timestampMs: 1000 });
    const user = new User(world, operator);
    expect(await user.search('alice')).toMatchObject({ version: 0, value: 'a0', terminal: 0 });
    const owner = new User(world, operator);
    const owned = await owner.own('alice', 0);
    for (let i = 1; i < 12; i++) {
      await operator.insert([insertion('bob', `b${i}`, `b${i}'`)], { nowMs: 1000 + 7 * i });
      await owner.update(owned, i % 2 === 0 ? [`a${i}`] : [`a${i}`, `a${i}'`], 1000 + 7 * i + 3);
      const { version, value, terminal, versions } = await user.search('bob');
      expect([version, value]).toEqual([2 * i, `b${i}'`]);
      await user.monitor('bob', [{ position: terminal, version }], versions);
      while (await owner.monitorOwned(owned));
    }
    expect(await user.search('alice')).toMatchObject({ version: 17, value: "a11'" });
    expect(await user.search('alice', 3)).toMatchObject({ version: 3, value: 'a2' });
    expect((await user.distinguished(undefined)).length).toBeGreaterThan(3);
    expect(user.heads).toContain('same');
  }, 30_000);
});
