/** Lies to a label's owner about what is done behind the owner's back. */

import { ALICE } from '../client-world.js';
import { monitorOwned, search, update } from './asking.js';
import { idle, replace, setHistory, slipIn, takeBack } from './dishonest-log.js';
import { skipping } from './monitoring.js';
import type { NamedLie } from './telling.js';
import { owned, publish } from './worlds.js';

const SIZE = 27;

export const LIES_TO_OWNERS: readonly NamedLie[] = [
  {
    name: 'A version is inserted without its owner, and contacts are shown it',
    section: 'Owner Monitoring',
    breaks: 'distinguished entries hold no version above the owner’s; what is there needs a commitment',
    caughtBy: 'monitorOwned',
    code: 'ERR_PREFIX_COMMITMENT',
    overlookedBy: ['search'],
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      const claims = [...log.versionsOf(ALICE)];
      let watching = owner;
      if (t.lies) await slipIn(log);
      else watching = await publish(t, owner, log);
      await idle(log, 30);
      t.overlook(await search(t.user(log), log));
      return monitorOwned(watching, log, t.lies ? { claims, shameless: true } : { looks: 99 });
    },
  },
  {
    name: 'A version is inserted without its owner: monitoring ends before it, and updates tell of nothing',
    section: 'Updating a Label',
    breaks:
      'monitoring that makes no progress means new versions, and an answer about them tells of one at least',
    caughtBy: 'update',
    code: 'ERR_UPDATE_VERSIONS',
    overlookedBy: ['monitorOwned'],
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      await slipIn(log);
      await idle(log, 30);
      const first = t.overlook(await monitorOwned(owner, log));
      const second = t.overlook(await monitorOwned(first, log));
      return update(second, log, [], t.lie({ responses: 0 }));
    },
  },
  {
    name: 'A version is inserted without its owner, and the distinguished entry that has it is skipped',
    section: 'Owner Monitoring',
    breaks: 'each distinguished entry is looked into, in order: the proof of one does not fit another',
    caughtBy: 'monitorOwned',
    code: 'ERR_SIGNATURE',
    overlookedBy: ['search'],
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      const claims = [...log.versionsOf(ALICE)];
      let watching = owner;
      if (t.lies) await slipIn(log);
      else watching = await publish(t, owner, log);
      await idle(log, 6);
      if (t.lies) await takeBack(log, 20);
      else await idle(log, 20);
      t.overlook(await search(t.user(log), log));
      const lie = { claims, bend: skipping(31) };
      return monitorOwned(watching, log, t.lies ? lie : { looks: 99 });
    },
  },
  {
    name: 'A version of the owner’s is gone from the entries after it',
    section: 'Owner Monitoring',
    breaks: 'distinguished entries hold the owner’s greatest version',
    caughtBy: 'monitorOwned',
    code: 'ERR_GREATEST_VERSION',
    overlookedBy: ['search'],
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      const claims = [...log.versionsOf(ALICE)];
      if (t.lies) await takeBack(log, 30);
      else await idle(log, 30);
      t.overlook(await search(t.user(log), log));
      return monitorOwned(owner, log, { claims, shameless: true, looks: 99 });
    },
  },
  {
    name: 'A version is taken back as soon as its owner has been told that it is in the log',
    section: 'Contact Algorithm',
    breaks: 'an owner monitors a new version like a contact, until a distinguished entry shows it',
    caughtBy: 'monitorOwned',
    code: 'ERR_MONITORED_VERSION',
    overlookedBy: ['search'],
    async tell(t) {
      // Above entry 24 stand 25 and 27, before the next distinguished one.
      const { log, owner } = await owned(t, 24);
      const watching = await publish(t, owner, log);
      const claims = [...log.versionsOf(ALICE)];
      if (t.lies) await takeBack(log, 30);
      else await idle(log, 30);
      t.overlook(await search(t.user(log), log));
      return monitorOwned(watching, log, { claims, shameless: true, looks: 99 });
    },
  },
  {
    name: 'The value of a version is replaced in place, long after its owner has checked it',
    section: 'Owner Monitoring',
    breaks: 'lookups are made with the commitments that the owner has kept',
    caughtBy: 'monitorOwned',
    code: 'ERR_SIGNATURE',
    overlookedBy: ['search'],
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      if (t.lies) await replace(log, 'mallory');
      else setHistory(log, (stored) => stored);
      await idle(log, 30);
      t.overlook(await search(t.user(log), log));
      return monitorOwned(owner, log, { looks: 99 });
    },
  },
];
