/** Lies about which versions a search finds: hidden, old, invented, taken back. */

import type { SearchResponse } from '../../../src/transparency/wire/search-messages.js';
import type { Walk } from '../../../src/transparency/walks/walk.js';
import { ALICE, grow, utf8 } from '../client-world.js';
import type { HonestLog, Lie, StoredVersion } from '../honest-log.js';
import { search } from './asking.js';
import { idle, setHistory, takeBack } from './dishonest-log.js';
import { headAt, withHead } from './heads.js';
import type { NamedLie } from './telling.js';
import { committing, patching } from './values.js';

/** Alice has version 4 in entry 12, and nothing is distinguished to the right of entry 7. */
const SIZE = 14;
const GREATEST = 4;

/** The version before is said to be the greatest; the log holds what it holds. */
const hiding = (log: HonestLog): Lie<SearchResponse> => ({
  claims: log.versionsOf(ALICE).slice(0, GREATEST),
  shameless: true,
});

/** Stops looking where the version that is hidden would come. */
function* endingBefore<Result>(walk: Walk<Result>): Walk<Result> {
  let step = walk.next();
  while (step.done !== true) {
    const question = step.value;
    const isLast = question.ask === 'searchLadder' && question.position === SIZE - 1;
    if (!isLast) step = walk.next(yield question);
    else {
      // After 0, 1 and 3, which entries to the left have shown, come 7, 5 and the one that is hidden.
      yield { ask: 'lookUps', position: question.position, versions: [7, 5] };
      step = walk.next(0);
    }
  }
  return step.value;
}

export const LIES_TO_SEARCHERS: readonly NamedLie[] = [
  {
    name: 'The newest version is hidden: the one before is said to be the greatest',
    section: 'Greatest-Version Search',
    breaks:
      'no lookup of a version above the claimed one shows it to be there; what is there needs a commitment',
    caughtBy: 'search',
    code: 'ERR_PREFIX_COMMITMENT',
    async tell(t) {
      const log = await t.log(SIZE);
      return search(t.user(log), log, t.lie(hiding(log)));
    },
  },
  {
    name: 'The newest version is hidden, and its commitment is given all the same',
    section: 'Search',
    breaks: 'commitments come with versions that exist: above the greatest there is none',
    caughtBy: 'search',
    code: 'ERR_LADDER_COMMITMENT',
    async tell(t) {
      const log = await t.log(SIZE);
      const commitment = log.commitmentOf(ALICE, GREATEST) as Uint8Array;
      const patch = committing(GREATEST - 1, GREATEST, commitment);
      return search(t.user(log), log, t.lie({ ...hiding(log), patch }));
    },
  },
  {
    name: 'The newest version is hidden by ending the ladder before it',
    section: 'Binary Ladder',
    breaks: 'a ladder goes on until it is decided, and no further',
    caughtBy: 'search',
    code: 'ERR_LADDER_LENGTH',
    async tell(t) {
      const log = await t.log(SIZE);
      return search(t.user(log), log, t.lie({ ...hiding(log), shameless: false, bend: endingBefore }));
    },
  },
  {
    name: 'The newest version is hidden by answering from a history without it, under the head of the one with it',
    section: 'Search',
    breaks: 'the signed root is the one that the proof leads to',
    caughtBy: 'search',
    code: 'ERR_SIGNATURE',
    async tell(t) {
      const log = await t.log(12);
      const fork = log.fork();
      await grow(log, 2);
      await grow(fork, 2, () => 0);
      const head = withHead(headAt(log, SIZE, log.rootAt(SIZE)));
      return search(t.user(log), t.lies ? fork : log, head);
    },
  },
  {
    name: 'A version is announced that the log does not hold yet',
    section: 'Greatest-Version Search',
    breaks: 'the last entry has every version of the ladder up to the claimed one',
    caughtBy: 'search',
    code: 'ERR_GREATEST_VERSION',
    async tell(t) {
      const log = await t.log(SIZE);
      const promised = { ...(log.versionsOf(ALICE).at(-1) as StoredVersion), value: utf8('promised') };
      const claims = [...log.versionsOf(ALICE), promised];
      return search(t.user(log), log, t.lie({ claims, shameless: true }));
    },
  },
  {
    name: 'The proof for one version is sold as the proof for a later one',
    section: 'Search',
    breaks: 'there are as many VRF proofs as the ladder of the claimed version has lookups',
    caughtBy: 'search',
    code: 'ERR_LADDER_STEPS',
    async tell(t) {
      const log = await t.log(SIZE);
      return search(t.user(log), log, t.lie(patching(() => ({ version: 9 }))));
    },
  },
  {
    name: 'The greatest version is taken back, and the one before served to who has seen it',
    section: 'Greatest-Version Search',
    breaks: 'versions only rise: none below one that is monitored is the greatest',
    caughtBy: 'search',
    code: 'ERR_GREATEST_VERSION',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(13);
      const user = t.take(await search(t.user(log), log));
      if (t.lies) await takeBack(log);
      else await idle(log, 3);
      t.overlook(await search(t.user(log), log));
      return search(user, log);
    },
  },
  {
    name: 'A version that nobody inserted is served to who asks for it',
    section: 'Fixed-Version Search',
    breaks: 'some entry shows the version that was asked for',
    caughtBy: 'search',
    code: 'ERR_VERSION_ABSENT',
    async tell(t) {
      const log = await t.log(SIZE);
      const [last] = log.versionsOf(ALICE).slice(-1) as [StoredVersion];
      if (!t.lies) await grow(log, 2);
      const history = [...log.versionsOf(ALICE), { ...last, position: Infinity, value: utf8('mallory') }];
      return search(t.user(log), log, t.lie({ history }), { version: GREATEST + 1 });
    },
  },
  {
    name: 'A version is served from an entry that no owner may have looked at before all others expired',
    section: 'Fixed-Version Search',
    breaks: 'to the left of the entry stands a distinguished one that has not expired and was inspected',
    caughtBy: 'search',
    refusal: 'PolicyError',
    code: 'ERR_VERSION_EXPIRED',
    async tell(t) {
      // Entry 15 is expired; 23 has version 1; 19 has version 0, and nothing distinguished is above it to the left.
      const lifetimeMs = t.lies ? 101 : 1000;
      const log = await t.log(28, { lifetimeMs }, (position) => (position === 0 || position === 22 ? 1 : 0));
      return search(t.user(log), log, {}, { version: 0 });
    },
  },
  {
    name: 'The log goes on from another history than the user has seen',
    section: 'Updating Views of the Tree',
    breaks: 'the root follows from the heads of subtrees that the user has retained',
    caughtBy: 'search',
    code: 'ERR_SIGNATURE',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(SIZE);
      const fork = log.fork();
      await grow(log, 1);
      const user = t.take(await search(t.user(log), log));
      await grow(fork, 5, () => 1);
      await grow(log, 4);
      const told = t.lies ? fork : log;
      t.overlook(await search(t.user(told), told));
      return search(user, told);
    },
  },
  {
    name: 'An entry is rewritten that a user has passed, and shown to that user in a root of its own',
    section: 'Tree Proofs',
    breaks: 'the head of a retained subtree that the proof computes again is the retained one',
    caughtBy: 'search',
    code: 'ERR_RETAINED_SUBTREE',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(1);
      const fork = log.fork();
      await grow(log, 14);
      const user = t.take(await search(t.user(log), log));
      await grow(log, 5);
      // All trees are the log's, but that of entry 1: it had bob's key in it for ten milliseconds.
      const bob = { vrfOutput: fork.vrfOutput(utf8('bob'), 0), commitment: new Uint8Array(32).fill(7) };
      for (const [position, { timestampMs, prefixTree }] of log.entries.entries()) {
        if (position > 0) await fork.appendLeaves(timestampMs, position === 1 ? [bob] : [], [], prefixTree);
      }
      for (const [label, versions] of log.history) fork.history.set(label, versions);
      const told = t.lies ? fork : log;
      t.overlook(await search(t.user(told), told, {}, { version: 0 }));
      return search(user, told, {}, { version: 0 });
    },
  },
  {
    name: 'A version is taken back before the last entry, and the one before is said to be the greatest throughout',
    section: 'Greatest-Version Search',
    breaks: 'no inspected entry holds a version above the claimed one, also not an older entry',
    caughtBy: 'search',
    code: 'ERR_PREFIX_COMMITMENT',
    async tell(t) {
      // Version 5 stands in the distinguished entry 15, and in none after it.
      const log = await t.log(16);
      if (t.lies) {
        setHistory(log, (stored) => (stored.position === 15 ? { ...stored, until: 16 } : stored));
        for (let i = 0; i < 4; i++)
          await log.appendLeaves(log.nowMs + 10, [], [], log.entries[14]?.prefixTree);
      } else await idle(log, 4);
      const claims = log.versionsOf(ALICE).slice(0, 5);
      return search(t.user(log), log, t.lie({ claims, shameless: true }));
    },
  },
];
