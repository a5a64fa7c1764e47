/** Lies to somebody who begins to own a label: about what was there before. */

import type { OwnerInitResponse } from '../../../src/transparency/wire/owner-messages.js';
import { walkOwnerInitialization } from '../../../src/transparency/walks/owner-walks.js';
import type { Walk } from '../../../src/transparency/walks/walk.js';
import { ALICE } from '../client-world.js';
import type { HonestLog, Lie } from '../honest-log.js';
import { initializeOwner, search } from './asking.js';
import { idle, takeBack } from './dishonest-log.js';
import type { NamedLie, Telling } from './telling.js';
import { AT_START, START } from './worlds.js';

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

export const LIES_TO_NEW_OWNERS: readonly NamedLie[] = [
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
];
