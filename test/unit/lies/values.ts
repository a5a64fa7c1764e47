/** Lies about the value of a version: another one beside the proof, or in the tree. */

import { baseLadder } from '../../../src/transparency/walks/ladder.js';
import type { BinaryLadderStep, SearchResponse } from '../../../src/transparency/wire/search-messages.js';
import { ALICE, utf8 } from '../client-world.js';
import type { Lie, StoredVersion } from '../honest-log.js';
import { search } from './asking.js';
import { idle, replace } from './dishonest-log.js';
import type { NamedLie } from './telling.js';

/** Alice has version 4 in entry 12. */
const SIZE = 14;
const GREATEST = 4;

/** Gives a commitment with one step of a ladder. */
export const committing =
  (target: number, version: number, commitment: Uint8Array) =>
  (given: SearchResponse): SearchResponse => ({
    ...given,
    binaryLadder: given.binaryLadder.map(
      (step, i): BinaryLadderStep => (baseLadder(target)[i] === version ? { ...step, commitment } : step),
    ),
  });

export const patching = (
  change: (given: SearchResponse) => Partial<SearchResponse>,
): Lie<SearchResponse> => ({
  patch: (given) => ({ ...given, ...change(given) }),
});

export const LIES_ABOUT_VALUES: readonly NamedLie[] = [
  {
    name: 'Another value is put beside the proof',
    section: 'Search',
    breaks: 'the commitment is computed from opening and value, and is the one in the tree',
    caughtBy: 'search',
    code: 'ERR_SIGNATURE',
    async tell(t) {
      const log = await t.log(SIZE);
      const swapped = patching(({ value }) => ({ value: { ...value, value: utf8('mallory') } }));
      return search(t.user(log), log, t.lie(swapped));
    },
  },
  {
    name: 'Another value is put beside the proof, and the true commitment with it',
    section: 'Search',
    breaks: 'no commitment is given for the version that is opened',
    caughtBy: 'search',
    code: 'ERR_LADDER_COMMITMENT',
    async tell(t) {
      const log = await t.log(SIZE);
      const commit = committing(GREATEST, GREATEST, log.commitmentOf(ALICE, GREATEST) as Uint8Array);
      const swapped = (given: SearchResponse): SearchResponse =>
        commit({ ...given, value: { ...given.value, value: utf8('mallory') } });
      return search(t.user(log), log, t.lie({ patch: swapped }));
    },
  },
  {
    name: 'An older value is served with its own opening, as the version that was asked for',
    section: 'Commitment',
    breaks: 'a commitment binds label and version, too',
    caughtBy: 'search',
    code: 'ERR_SIGNATURE',
    async tell(t) {
      const log = await t.log(SIZE);
      const { opening, value } = log.versionsOf(ALICE)[1] as StoredVersion;
      const older = patching((given) => ({ opening, value: { ...given.value, value: value as Uint8Array } }));
      return search(t.user(log), log, t.lie(older), { version: 3 });
    },
  },
  {
    name: 'The value of a version is replaced in place, and served to who has seen the first one',
    section: 'Updating Views of the Tree',
    breaks: 'a label and version have one value, for all users and times',
    caughtBy: 'search',
    code: 'ERR_RETAINED_VERSION',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(13);
      const user = t.take(await search(t.user(log), log));
      if (t.lies) await replace(log, 'mallory');
      else await idle(log, 1);
      t.overlook(await search(t.user(log), log));
      return search(user, log);
    },
  },
];
