/**
 * Random histories. An operator, its users and an auditor agree; and what an auditor says of removals is what the
 * draft's sentence says, read out over the whole history, which an auditor does not keep.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operator } from '../../src/operator.js';
import { createMemoryNodeStore } from '../../src/prefix.js';
import type { CipherSuite } from '../../src/suites.js';
import { encodeAuditorUpdate } from '../../src/transparency/wire/auditor-update.js';
import { checkAsync } from '../support/property.js';
import { AuditedLog, auditorOf, codeOf, leafOf } from './auditor-world.js';
import { Model } from './operator-model.js';
import { step, Story } from './operator-story.js';
import { createWorld, quickSuite, SUITES } from './operator-world.js';

const QUICK = SUITES.map(quickSuite);
const suite = fc.constantFrom(...QUICK.keys());

test('an operator, its users and an auditor agree', async () => {
  const history = fc.record({
    suite,
    windowMs: fc.constantFrom(0, 25, 90),
    lifetimeMs: fc.constantFrom(undefined, 120),
    maxAuditorLagMs: fc.constantFrom(0, 60),
    steps: fc.array(step, { minLength: 1, maxLength: 18, size: 'max' }),
  });
  await checkAsync(
    fc.asyncProperty(history, async ({ steps, suite: index, ...settings }) => {
      const store = createMemoryNodeStore();
      const world = createWorld({ ...settings, suite: QUICK[index] as CipherSuite, store });
      const open = (): Promise<Operator> => world.open();
      const story = new Story(world, new Model(settings.windowMs, settings.lifetimeMs), await open(), open);
      for (const next of steps) await story.play(next);
      if (story.model.treeSize > (story.auditor?.treeSize ?? 0)) await story.audit();
      expect(story.auditor?.treeSize ?? 0).toBe(story.model.treeSize);
    }),
  );
}, 300_000);

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** What a log entry wants to do with each name: nothing, or take it out, put it in, or replace it. */
const entry = fc.record({
  by: fc.constantFrom(0, 0, 5, 20, 60, 150),
  wants: fc.array(fc.constantFrom('keep', 'keep', 'keep', 'change', 'replace'), {
    minLength: NAMES.length,
    maxLength: NAMES.length,
  }),
  /** Whether the auditor is asked at once, or for several entries together. */
  waits: fc.boolean(),
  /** How many entries before the state is from that the auditor is restored from now; mostly none. */
  restores: fc.constantFrom(0, 0, 0, 1, 3),
});

const removals = fc.record({
  suite,
  windowMs: fc.constantFrom(0, 25, 90),
  insertionsKept: fc.constantFrom(0, 3, 65_536),
  entries: fc.array(entry, { minLength: 1, maxLength: 16, size: 'max' }),
});

test('leaves are removed where a distinguished entry has shown them, and nowhere else', async () => {
  const seen = new Map<string, number>();
  await checkAsync(
    fc.asyncProperty(removals, async ({ suite: index, windowMs, insertionsKept, entries }) => {
      const world = createWorld({
        suite: QUICK[index] as CipherSuite,
        windowMs,
        maxAuditorLagMs: 1000,
      });
      const log = new AuditedLog();
      const model = new Model(windowMs);
      /** The leaves of each entry: by name, the entry that inserted it. */
      const trees: Map<string, number>[] = [];
      const states: (Uint8Array | undefined)[] = [undefined];
      let auditor = auditorOf(world, { insertionsKept });
      let nowMs = 1000;
      for (const { by, wants, waits, restores } of entries) {
        nowMs += by;
        const tree = new Map(trees.at(-1));
        const changes = NAMES.map((name, i) => ({ name, at: tree.get(name), want: wants[i] as string }));
        const removed = changes.filter(({ at, want }) => want !== 'keep' && at !== undefined);
        const added = changes.filter(
          ({ at, want }) => want === 'replace' || (want === 'change' && at === undefined),
        );
        const change = {
          timestampMs: nowMs,
          removed: removed.map(({ name, at }) => leafOf(name, `${name} ${at}`)),
          added: added.map(({ name }) => leafOf(name, `${name} ${log.size}`)),
        };

        // "With the addition of the new log entry": the model has it, and says which entries are distinguished now.
        model.insert([], nowMs);
        const distinguished = model.distinguished().filter((at) => at < log.size);
        const isShown = removed.every(({ name, at }) =>
          distinguished.some((position) => trees[position]?.get(name) === at),
        );
        const update = encodeAuditorUpdate(await log.tell(change));
        // Entries that it was not asked about yet come along: what it says is of the whole.
        const untold = log.updates.slice(auditor.treeSize).map(encodeAuditorUpdate);
        const asked = auditor;
        const outcome = codeOf(() => asked.apply([...untold, update]));
        if (insertionsKept > 100) expect(outcome).toBe(isShown ? 'accepted' : 'ERR_REMOVED_EARLY');
        else if (!isShown) expect(outcome).toBeOneOf(['ERR_REMOVED_EARLY', 'ERR_REMOVED_UNKNOWN']);
        else expect(outcome).toBeOneOf(['accepted', 'ERR_REMOVED_UNKNOWN']);
        if (removed.length > 0) seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
        if (outcome !== 'accepted') {
          model.timestamps.pop();
          continue;
        }
        for (const { name } of removed) tree.delete(name);
        for (const { name } of added) tree.set(name, log.size);
        trees.push(tree);
        await log.add(change);
        if (waits) continue;
        const { root, head, after } = auditor.apply([...untold, update]);
        expect(root).toEqual(log.root);
        states.push(after);
        auditor = auditor.at(after);
        if (restores === 0) continue;
        // An older state from here on: the newest head sees to it that it comes to the same log.
        states.length = Math.max(1, states.length - restores);
        auditor = auditorOf(world, { insertionsKept, state: states.at(-1), newestHead: head });
      }
    }),
  );
  for (const code of ['accepted', 'ERR_REMOVED_EARLY', 'ERR_REMOVED_UNKNOWN']) {
    expect(seen.get(code), code).toBeGreaterThan(100);
  }
}, 300_000);
