/** Lies in which an auditor has a part: one who is slow, deceived, or colludes. */

import type { SearchResponse } from '../../../src/transparency/wire/search-messages.js';
import { encodeConfiguration, type Configuration } from '../../../src/transparency/wire/configuration.js';
import { createClient } from '../../../src/transparency/client/create-client.js';
import { grow } from '../client-world.js';
import type { HonestLog, Lie } from '../honest-log.js';
import { monitor, search } from './asking.js';
import { idle, takeBack } from './dishonest-log.js';
import type { NamedLie, Telling } from './telling.js';

const SIZE = 14;

const audited = (t: Telling, size: number = SIZE, start = 0): Promise<HonestLog> =>
  t.log(size, { mode: 'thirdPartyAuditing', maxAuditorLagMs: 40, auditorStartPos: start });

/** The auditor signs this head. */
function auditorSigns(
  log: HonestLog,
  head: { readonly timestampMs: number; readonly treeSize: number },
  root: Uint8Array,
): Lie<SearchResponse> {
  const auditorTreeHead = { ...head, signature: log.signAuditor(head, root) };
  return {
    patch: (given) => ({
      ...given,
      fullTreeHead:
        given.fullTreeHead.headType === 'same'
          ? given.fullTreeHead
          : { ...given.fullTreeHead, auditorTreeHead },
    }),
  };
}

export const LIES_OF_AUDITORS: readonly NamedLie[] = [
  {
    name: 'The newest entries are kept from the auditor for longer than is allowed',
    section: 'Auditor Tree Head Signature',
    breaks: 'the auditor’s head is at most max_auditor_lag behind the newest entry',
    caughtBy: 'search',
    refusal: 'PolicyError',
    code: 'ERR_AUDITOR_LAG',
    async tell(t) {
      const log = await audited(t);
      return search(t.user(log), log, { auditorSize: t.lies ? 9 : 10 });
    },
  },
  {
    name: 'An auditor dates its head after the newest entry, so as to seem up to date for longer',
    section: 'Auditor Tree Head Signature',
    breaks: 'the auditor’s head is no newer than the newest entry',
    caughtBy: 'search',
    code: 'ERR_AUDITOR_TIME',
    async tell(t) {
      const log = await audited(t);
      const head = { timestampMs: log.nowMs + 1, treeSize: SIZE };
      return search(t.user(log), log, t.lie(auditorSigns(log, head, log.rootAt(SIZE))));
    },
  },
  {
    name: 'The auditor has seen a larger tree than the user is shown',
    section: 'Auditor Tree Head Signature',
    breaks: 'the auditor’s tree is no larger than the operator’s',
    caughtBy: 'search',
    code: 'ERR_HEAD_ORDER',
    async tell(t) {
      const log = await audited(t);
      const timestampMs = log.entries[SIZE - 2]?.timestampMs ?? 0;
      const ahead = auditorSigns(log, { timestampMs, treeSize: SIZE }, log.rootAt(SIZE));
      return search(t.user(log), log, { cut: SIZE - 1, ...t.lie(ahead) });
    },
  },
  {
    name: 'The auditor was shown another fork than the user',
    section: 'Auditor Tree Head Signature',
    breaks: 'the auditor has signed a root that follows from the user’s proof',
    caughtBy: 'search',
    code: 'ERR_AUDITOR_SIGNATURE',
    async tell(t) {
      const log = await audited(t, 8);
      const fork = log.fork();
      await grow(log, 6);
      await grow(fork, 6, () => 1);
      const head = { timestampMs: fork.entries[9]?.timestampMs ?? 0, treeSize: 10 };
      const deceived = auditorSigns(fork, head, fork.rootAt(10));
      return search(t.user(log), log, { auditorSize: 10, ...t.lie(deceived) });
    },
  },
  {
    name: 'Entries are slipped in between two auditors, the one’s last and the next one’s first',
    section: 'Auditor Tree Head Signature',
    breaks: 'an auditor begins no later than where the user has seen the one before end',
    caughtBy: 'search',
    code: 'ERR_AUDITOR_START',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await audited(t);
      const before = t.take(await search(t.user(log), log, { auditorSize: 10 }));
      const auditorStartPos = t.lies ? 12 : 10;
      const next = await audited(t, SIZE + 1, auditorStartPos);
      const configuration = { ...log.configuration, auditorStartPos } as Configuration;
      const { before: state } = before.forget(new Uint8Array(0));
      const user = createClient(encodeConfiguration(configuration), { suite: t.suite, state });
      t.overlook(await search(t.user(next), next));
      return search(user, next);
    },
  },
  {
    name: 'An auditor who colludes signs a tree from which a version was taken back',
    section: 'Monitoring the Tree',
    breaks: 'users may monitor in an audited log, too; then a version that was found stays',
    caughtBy: 'monitor',
    code: 'ERR_MONITORED_VERSION',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await audited(t, 13);
      const wary = createClient(log.configurationBytes, { suite: t.suite, monitorsAlways: true });
      const user = t.take(await search(wary, log));
      const trusting = t.take(await search(t.user(log), log));
      if (t.lies) await takeBack(log);
      else await idle(log, 3);
      t.overlook(await search(trusting, log));
      return monitor(user, log, { shameless: true });
    },
  },
];
