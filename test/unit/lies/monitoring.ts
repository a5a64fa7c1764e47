/** Lies about what contacts have found: taken back, replaced, and not shown again. */

import { encodeContactMonitorRequest } from '../../../src/transparency/wire/monitor-messages.js';
import type { Walk } from '../../../src/transparency/walks/walk.js';
import { ALICE, grow, utf8 } from '../client-world.js';
import { monitor, monitorOwned, search, update } from './asking.js';
import { idle, replace, setHistory, slipIn, takeBack } from './dishonest-log.js';
import type { NamedLie } from './telling.js';
import { owned, publish } from './worlds.js';

/** No entry is distinguished: what is found is monitored. */
const windowMs = 2_000_000;

/** Looks into no entry at this position, and takes it that all is there. */
export const skipping = (position: number) =>
  function* <Result>(walk: Walk<Result>): Walk<Result> {
    let step = walk.next();
    while (step.done !== true) {
      const question = step.value;
      const isLook = question.ask === 'lookUps' || question.ask === 'searchLadder';
      if (!isLook || question.position !== position) step = walk.next(yield question);
      else step = walk.next(question.ask === 'searchLadder' ? 0 : question.versions.map(() => true));
    }
    return step.value;
  };

export const LIES_TO_MONITORS: readonly NamedLie[] = [
  {
    name: 'A version is taken back before its owner can have looked',
    section: 'Contact Algorithm',
    breaks: 'all lookups of a monitoring ladder show the version to be there',
    caughtBy: 'monitor',
    code: 'ERR_MONITORED_VERSION',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(13, { windowMs });
      const user = t.take(await search(t.user(log), log));
      if (t.lies) await takeBack(log);
      else await idle(log, 3);
      t.overlook(await search(t.user(log), log));
      return monitor(user, log, { shameless: true });
    },
  },
  {
    name: 'A version is taken back where the ladder leaves out what older entries have shown',
    section: 'Contact Algorithm',
    breaks: 'a monitoring ladder omits nothing; a search ladder relies on the entries to its left',
    caughtBy: 'monitor',
    code: 'ERR_MONITORED_VERSION',
    overlookedBy: ['search'],
    async tell(t) {
      // The root, entry 7, has version 2, and so ladders further to the right need not show it.
      const log = await t.log(12, { windowMs }, (position) => (position < 7 && position % 3 === 0 ? 1 : 0));
      const claims = [...log.versionsOf(ALICE)];
      const grown = async (by: number): Promise<void> => {
        if (!t.lies) await idle(log, by);
        else
          for (let i = 0; i < by; i++)
            await log.appendLeaves(log.nowMs + 10, [], [], log.entries[5]?.prefixTree);
      };
      if (t.lies) setHistory(log, (stored) => (stored === claims[2] ? { ...stored, until: 12 } : stored));
      await grown(3);
      const user = t.overlook(await search(t.user(log), log, { claims }));
      // Entry 15 is the new root.
      await grown(1);
      return monitor(user, log, { shameless: true });
    },
  },
  {
    name: 'The value of a version is replaced in place before its owner can have looked',
    section: 'Contact Algorithm',
    breaks: 'what is monitored is the version with the commitment that was found',
    caughtBy: 'monitor',
    code: 'ERR_SIGNATURE',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(13, { windowMs });
      const user = t.take(await search(t.user(log), log));
      if (t.lies) await replace(log, 'mallory');
      else await idle(log, 1);
      t.overlook(await search(t.user(log), log));
      return monitor(user, log);
    },
  },
  {
    name: 'A step of monitoring is skipped: the entry in which the version is missing',
    section: 'Contact Algorithm',
    breaks: 'each entry of the path is asked for a ladder',
    caughtBy: 'monitor',
    code: 'ERR_PROOF_SEARCHES',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(13, { windowMs });
      const user = t.take(await search(t.user(log), log));
      const with4 = log.entries[12]?.prefixTree;
      const without4 = log.entries[11]?.prefixTree;
      await log.appendLeaves(log.nowMs + 10, [], [], t.lies ? without4 : with4);
      for (let i = 0; i < 3; i++) await log.appendLeaves(log.nowMs + 10, [], [], with4);
      t.overlook(await search(t.user(log), log));
      return monitor(user, log, t.lie({ bend: skipping(13) }));
    },
  },
  {
    name: 'Monitoring is answered with the ladder of another label',
    section: 'Contact Monitor',
    breaks: 'lookups are made with the VRF outputs that were kept of the label',
    caughtBy: 'monitor',
    code: 'ERR_SIGNATURE',
    async tell(t) {
      const log = await t.log(13, { windowMs });
      const label = utf8('user 12');
      const client = t.take(await search(t.user(log), log, {}, { label }));
      await idle(log, 5);
      const { request, verify } = client.monitor(label);
      const entries = [{ position: 12, version: 0 }];
      const other = encodeContactMonitorRequest({ last: 13, label: utf8('user 11'), entries });
      const response = await log.monitor(t.lies ? other : request);
      return { operation: 'monitor', client, verify: () => verify(response, { nowMs: log.nowMs }) };
    },
  },
  {
    name: 'Monitoring is put off, by showing the tree as it was when the version was still there',
    section: 'Full Tree Head Verification',
    breaks: 'a head that stays the same is held against the clock like a new one',
    caughtBy: 'monitor',
    refusal: 'PolicyError',
    code: 'ERR_HEAD_BEHIND',
    overlookedBy: ['monitor'],
    async tell(t) {
      const log = await t.log(13, { windowMs });
      const user = t.take(await search(t.user(log), log));
      if (t.lies) await takeBack(log);
      else await idle(log, 3);
      const same = t.lie({ cut: 13 });
      const later = t.overlook(await monitor(user, log, same));
      await log.append(log.nowMs + 200_000);
      return monitor(later, log, same);
    },
  },
  {
    name: 'A version is created and removed between two monitorings of the owner, for one victim to find',
    section: 'Monitoring the Tree',
    breaks: 'who finds a version monitors it until a distinguished entry shows it, as the owner will see it',
    caughtBy: 'monitor',
    code: 'ERR_MONITORED_VERSION',
    overlookedBy: ['search', 'monitorOwned'],
    async tell(t) {
      const { log, owner } = await owned(t, 25);
      let watching = t.take(await monitorOwned(owner, log));
      if (t.lies) await slipIn(log);
      else watching = await publish(t, watching, log);
      const victim = t.overlook(await search(t.user(log), log));
      if (t.lies) await takeBack(log, 10);
      else await idle(log, 10);
      t.overlook(await monitorOwned(watching, log, { looks: 99 }));
      return monitor(victim, log, { shameless: true });
    },
  },
  {
    name: 'A value is swapped for one victim, and swapped back before the next distinguished entry',
    section: 'Owner Monitoring',
    breaks: 'an owner monitors new versions like a contact, in the entries between distinguished ones, too',
    caughtBy: 'monitorOwned',
    code: 'ERR_SIGNATURE',
    overlookedBy: ['search'],
    async tell(t) {
      const { log, owner } = await owned(t, 24);
      const watching = t.take(await update(owner, log, ['mine']));
      if (t.lies) await replace(log, 'mallory');
      else await idle(log, 1);
      t.overlook(await search(t.user(log), log));
      if (t.lies) await replace(log, 'mine');
      await grow(log, 10, () => 0);
      return monitorOwned(watching, log, { looks: 99 });
    },
  },
];
