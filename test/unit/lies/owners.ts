/** Lies to a label's owner: about the past of the label, and about what was done behind the owner's back. */

import type { OwnerInitResponse } from '../../../src/transparency/owner-messages.js';
import { walkOwnerInitialization } from '../../../src/transparency/owner-walks.js';
import type { Walk } from '../../../src/transparency/walk.js';
import { ALICE } from '../client-world.js';
import type { HonestLog, Lie } from '../honest-log.js';
import { initializeOwner, monitorOwned, search, update } from './asking.js';
import { idle, replace, setHistory, slipIn, takeBack } from './dishonest-log.js';
import { skipping } from './monitoring.js';
import type { NamedLie, Telling } from './telling.js';
import { AT_START, owned, publish, START } from './worlds.js';

const SIZE = 27;

/** The distinguished entry 15 has version 5, and the one after it, 23, does not. */
async function downgraded(t: Telling): Promise<HonestLog> {
  const log = await t.log(START + 1);
  if (t.lies) await takeBack(log, SIZE - START - 1);
  else await idle(log, SIZE - START - 1);
  return log;
}

/** Takes it that nothing it looks up is there. */
function* denying<Result>(walk: Walk<Result>): Walk<Result> {
  let step = walk.next();
  while (step.done !== true) {
    const question = step.value;
    const answer = yield question;
    step = walk.next(question.ask === 'lookUps' ? question.versions.map(() => false) : answer);
  }
  return step.value;
}

/** Does not care where an owner begins. */
function lettingIn(log: HonestLog, start: number): Lie<OwnerInitResponse> {
  const policy = { reasonableMonitoringWindowMs: 0, maximumLifetimeMs: undefined };
  const greatest = (position: number): number | undefined => log.greatestAt(ALICE, position);
  const bend = (): Walk<never> =>
    walkOwnerInitialization(log.size, policy, start, greatest) as unknown as Walk<never>;
  return { bend };
}

export const LIES_TO_OWNERS: readonly NamedLie[] = [
  {
    name: 'An owner who begins is told of a lower greatest version than the log holds',
    section: 'Owner Initialization',
    breaks: 'each ladder ends as the claimed greatest version says; what is there needs a commitment',
    caughtBy: 'initializeOwner',
    code: 'ERR_PREFIX_COMMITMENT',
    async tell(t) {
      const log = await t.log(SIZE);
      const claims = log.versionsOf(ALICE).slice(0, AT_START);
      return initializeOwner(t.user(log), log, START, t.lie({ claims, shameless: true }));
    },
  },
  {
    name: 'An owner who begins is told that a later version was there already',
    section: 'Owner Initialization',
    breaks: 'each ladder ends as the claimed greatest version says',
    caughtBy: 'initializeOwner',
    code: 'ERR_GREATEST_VERSION',
    async tell(t) {
      const log = await t.log(SIZE);
      const claims = log
        .versionsOf(ALICE)
        .map((stored, version) => (version === AT_START + 1 ? { ...stored, position: START } : stored));
      return initializeOwner(t.user(log), log, START, t.lie({ claims, shameless: true }));
    },
  },
  {
    name: 'An owner who begins is told that the label is new',
    section: 'Owner Initialization',
    breaks: 'where the label is not there, version 0 is shown to be absent',
    caughtBy: 'initializeOwner',
    code: 'ERR_PREFIX_COMMITMENT',
    async tell(t) {
      const log = await t.log(SIZE);
      return initializeOwner(t.user(log), log, START, t.lie({ claims: [], bend: denying }));
    },
  },
  {
    name: 'A version was taken back before the owner’s time',
    section: 'Owner Initialization',
    breaks: 'greatest versions do not rise to the left',
    caughtBy: 'initializeOwner',
    code: 'ERR_OWNED_VERSIONS',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await downgraded(t);
      t.overlook(await search(t.user(log), log));
      return initializeOwner(t.user(log), log, 23);
    },
  },
  {
    name: 'A version was taken back before the owner’s time, and is denied altogether',
    section: 'Owner Initialization',
    breaks: 'older distinguished entries are looked into as well, as far as they have not expired',
    caughtBy: 'initializeOwner',
    code: 'ERR_PREFIX_COMMITMENT',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await downgraded(t);
      t.overlook(await search(t.user(log), log));
      const claims = log.versionsOf(ALICE).slice(0, AT_START);
      return initializeOwner(t.user(log), log, 23, t.lie({ claims, shameless: true }));
    },
  },
  {
    name: 'An owner is let in at an entry that has expired, and that no contact goes by any more',
    section: 'Owner Algorithm',
    breaks: 'ownership begins at a distinguished entry that has not expired',
    caughtBy: 'initializeOwner',
    refusal: 'PolicyError',
    code: 'ERR_OWNER_START',
    async tell(t) {
      const log = await t.log(SIZE, t.lie({ lifetimeMs: 150 }));
      return initializeOwner(t.user(log), log, 7, t.lie(lettingIn(log, 7)));
    },
  },
  {
    name: 'An owner is let in at an entry that is not distinguished, so that contacts go by others',
    section: 'Owner Algorithm',
    breaks: 'ownership begins at a distinguished entry that has not expired',
    caughtBy: 'initializeOwner',
    refusal: 'PolicyError',
    code: 'ERR_OWNER_START',
    async tell(t) {
      const log = await t.log(SIZE, { windowMs: t.lies ? 100 : 0 });
      return initializeOwner(t.user(log), log, 19, t.lie(lettingIn(log, 19)));
    },
  },
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
