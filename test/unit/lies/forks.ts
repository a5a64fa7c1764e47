/** Lies about which log there is: two histories, and walks that would show it. */

import type { Client } from '../../../src/transparency/client/client.js';
import { compareDistinguishedHeads } from '../../../src/transparency/client/head-comparison.js';
import { grow } from '../client-world.js';
import type { HonestLog } from '../honest-log.js';
import { recentBy } from '../../../src/transparency/walks/distinguished-heads.js';
import { distinguishedHeads, search } from './asking.js';
import type { NamedLie, Telling } from './telling.js';

/** The heads that a user computes; the walk is accepted. */
async function rootsOf(t: Telling, user: Client, log: HonestLog): Promise<readonly Uint8Array[]> {
  t.overlook(await distinguishedHeads(user, log));
  const { request, verify } = user.distinguishedHeads();
  const response = await log.distinguished(request, recentBy({ count: 10 }, undefined));
  return verify(response, { nowMs: log.nowMs }).heads.map(({ root }) => root);
}

/** Heads of two users differ: a program warns of a fork. */
class Different extends Error {
  override readonly name = 'Different';
}

export const FORKS: readonly NamedLie[] = [
  {
    name: 'Two users are shown two histories, each consistent in itself',
    section: 'Detecting Forks',
    breaks: 'the distinguished heads of two users overlap',
    caughtBy: 'compareDistinguishedHeads',
    refusal: 'different',
    code: undefined,
    overlookedBy: ['search', 'distinguishedHeads'],
    async tell(t) {
      const log = await t.log(30);
      const fork = log.fork();
      await grow(log, 40);
      await grow(fork, 40, (position) => (position === 30 ? 1 : 0));
      const told = t.lies ? fork : log;
      const client = t.overlook(await search(t.user(log), log));
      const peer = t.overlook(await search(t.user(told), told));
      const own = await rootsOf(t, client, log);
      const theirs = await rootsOf(t, peer, told);
      const verify = (): { readonly after?: Uint8Array } => {
        if (compareDistinguishedHeads(own, theirs).outcome !== 'same') throw new Different('heads differ');
        return {};
      };
      return { operation: 'compareDistinguishedHeads', client, verify };
    },
  },
  {
    name: 'A user is led over from one fork to the other, and walks the heads of that',
    section: 'Updating Views of the Tree',
    breaks: 'heads are of one log with what the user has seen before',
    caughtBy: 'distinguishedHeads',
    code: 'ERR_RETAINED_SUBTREE',
    overlookedBy: ['distinguishedHeads'],
    async tell(t) {
      const log = await t.log(30);
      const fork = log.fork();
      await grow(log, 5);
      const user = t.take(await search(t.user(log), log));
      await grow(log, 29);
      await grow(fork, 34, () => 0);
      const told = t.lies ? fork : log;
      t.overlook(await distinguishedHeads(t.user(told), told));
      return distinguishedHeads(user, told);
    },
  },
  {
    name: 'Older distinguished heads are skipped, at which a fork would show',
    section: 'Walking Distinguished Heads',
    breaks: 'the walk goes on as far as the shared definition of “recent” says',
    caughtBy: 'distinguishedHeads',
    code: 'ERR_PROOF_TIMESTAMPS',
    async tell(t) {
      const log = await t.log(64);
      return distinguishedHeads(t.user(log), log, {}, t.lie({ count: 2 }));
    },
  },
  {
    name: 'Expired entries are passed off as recent distinguished ones',
    section: 'Walking Distinguished Heads',
    breaks: 'no expired entry is recent',
    caughtBy: 'distinguishedHeads',
    code: 'ERR_PROOF_TIMESTAMPS',
    async tell(t) {
      const log = await t.log(64, { windowMs: 40, lifetimeMs: 100 });
      return distinguishedHeads(t.user(log), log, {}, t.lie({ lifetimeMs: 100_000 }));
    },
  },
];
