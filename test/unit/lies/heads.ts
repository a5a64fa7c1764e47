/** Lies about tree heads and time: old trees, other trees, clocks. */

import type { SearchResponse } from '../../../src/transparency/wire/search-messages.js';
import { grow } from '../client-world.js';
import type { HonestLog, Lie } from '../honest-log.js';
import { search } from './asking.js';
import type { NamedLie } from './telling.js';

/** Alice has version 4 in entry 12, and nothing is distinguished to the right of entry 7. */
const SIZE = 14;
const NONE = new Uint8Array(32);

/** The log's head at a size, as a response carries it. */
export function headAt(log: HonestLog, treeSize: number, root: Uint8Array): SearchResponse['fullTreeHead'] {
  const treeHead = { treeSize, signature: log.signHead(treeSize, root) };
  return { headType: 'updated', treeHead, auditorTreeHead: undefined };
}

export const withHead = (fullTreeHead: SearchResponse['fullTreeHead']): Lie<SearchResponse> => ({
  patch: (given) => ({ ...given, fullTreeHead }),
});

export const LIES_ABOUT_HEADS: readonly NamedLie[] = [
  {
    name: 'An old tree is served as the newest, so that later versions are missing',
    section: 'Full Tree Head Verification',
    breaks:
      'the newest timestamp is at most max_behind behind the user’s clock; up to there a log may be late',
    caughtBy: 'search',
    refusal: 'PolicyError',
    code: 'ERR_HEAD_BEHIND',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(SIZE, { maxBehindMs: 1000 });
      const oldMs = log.nowMs;
      await log.append(oldMs + 2000, [{ label: 'alice', values: ['new key'] }]);
      const old = t.lie({ cut: SIZE });
      t.overlook(await search(t.user(log), log, old, { nowMs: t.lies ? oldMs + 1000 : log.nowMs }));
      return search(t.user(log), log, old);
    },
  },
  {
    name: 'A user is told for too long that nothing has changed',
    section: 'Full Tree Head Verification',
    breaks: 'a head that stays the same is held against the clock like a new one',
    caughtBy: 'search',
    refusal: 'PolicyError',
    code: 'ERR_HEAD_BEHIND',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(SIZE, { maxBehindMs: 1000 });
      const user = t.take(await search(t.user(log), log));
      const oldMs = log.nowMs;
      await log.append(oldMs + 2000, [{ label: 'alice', values: ['new key'] }]);
      const same = t.lie({ cut: SIZE });
      t.overlook(await search(user, log, same, { nowMs: t.lies ? oldMs + 1000 : log.nowMs }));
      return search(user, log, same);
    },
  },
  {
    name: 'The newest entry is dated in the future, so that it will seem new for long',
    section: 'Full Tree Head Verification',
    breaks: 'the newest timestamp is at most max_ahead ahead of the user’s clock',
    caughtBy: 'search',
    refusal: 'PolicyError',
    code: 'ERR_HEAD_AHEAD',
    async tell(t) {
      const log = await t.log(SIZE);
      const { nowMs } = log;
      await log.append(nowMs + (t.lies ? 5000 : 10));
      return search(t.user(log), log, {}, { nowMs });
    },
  },
  {
    name: 'A user who has seen a larger tree is shown a smaller one, with its true head',
    section: 'Full Tree Head Verification',
    breaks: 'a new tree is larger than the one that the user advertised',
    caughtBy: 'search',
    code: 'ERR_HEAD_ORDER',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(SIZE);
      const user = t.take(await search(t.user(log), log));
      const shrunk = t.lie({ cut: SIZE - 2 });
      t.overlook(await search(t.user(log), log, shrunk));
      return search(user, log, shrunk, t.lie({ instead: t.user(log) }));
    },
  },
  {
    name: 'A user is shown another tree of the size that is known',
    section: 'Full Tree Head Verification',
    breaks: 'a new tree is larger than the one that the user advertised',
    caughtBy: 'search',
    code: 'ERR_HEAD_ORDER',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(SIZE - 1);
      const fork = log.fork();
      await grow(log, 1);
      await grow(fork, 1, () => 1);
      const user = t.take(await search(t.user(log), log));
      t.overlook(await search(t.user(log), t.lies ? fork : log));
      return t.lies ? search(user, fork, {}, { instead: t.user(log) }) : search(user, log);
    },
  },
  {
    name: 'Nothing has changed, a user is told, and is answered from another history',
    section: 'Combined Tree',
    breaks: 'a log entry’s prefix tree is the one that the user has retained',
    caughtBy: 'search',
    code: 'ERR_ENTRY_ROOT',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(SIZE - 1);
      const fork = log.fork();
      await grow(log, 1);
      await grow(fork, 1, () => 1);
      const user = t.take(await search(t.user(log), log));
      const told = t.lies ? fork : log;
      t.overlook(await search(t.user(log), told));
      return search(user, told);
    },
  },
  {
    name: 'Nothing has changed, somebody is told who has not seen anything: so no head is signed',
    section: 'Full Tree Head Verification',
    breaks: 'only users who advertised a tree can be told that it is still the newest',
    caughtBy: 'search',
    code: 'ERR_HEAD_SAME',
    async tell(t) {
      const log = await t.log(SIZE);
      return search(t.user(log), log, t.lie(withHead({ headType: 'same' })));
    },
  },
  {
    name: 'The log is said to be empty',
    section: 'Greatest-Version Search',
    breaks: 'a search begins at a log entry; a tree of none can show nothing',
    caughtBy: 'search',
    code: 'ERR_HEAD_EMPTY',
    async tell(t) {
      const log = await t.log(SIZE);
      return search(t.user(log), log, t.lie(withHead(headAt(log, 0, NONE))));
    },
  },
  {
    name: 'The newest entry is dated before older ones',
    section: 'Updating Views of the Tree',
    breaks: 'timestamps along the frontier do not decrease',
    caughtBy: 'search',
    code: 'ERR_TIMESTAMP_ORDER',
    async tell(t) {
      const log = await t.log(SIZE - 1);
      await log.append(log.nowMs + (t.lies ? -50 : 10));
      return search(t.user(log), log);
    },
  },
  {
    name: 'An entry is dated before one that a user has seen, and is off the frontier by now',
    section: 'Updating Views of the Tree',
    breaks:
      'timestamps from the last entry seen to the newest do not decrease; who is new cannot see those between',
    caughtBy: 'search',
    code: 'ERR_TIMESTAMP_ORDER',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(9);
      const user = t.take(await search(t.user(log), log));
      await log.append(log.nowMs + (t.lies ? -50 : 10));
      await grow(log, 4);
      t.overlook(await search(t.user(log), log));
      return search(user, log);
    },
  },
];
