/** Lies of a third-party manager: about versions that were skipped, and with signatures of the service operator. */

import { ALICE, hex, utf8 } from '../client-world.js';
import { type HonestLog, HonestLog as Log, type LogOptions, type StoredVersion } from '../honest-log.js';
import { monitorOwned, search, update } from './asking.js';
import { idle } from './dishonest-log.js';
import type { NamedLie, Telling } from './telling.js';
import { patching } from './updates.js';
import { AT_START, owned } from './worlds.js';

const SIZE = 27;
/** The owner has seen version 5. */
const NEXT = AT_START + 1;
const MANAGED: Partial<LogOptions> = { mode: 'thirdPartyManagement' };
const asSent = patching(() => ({ values: [] }));

const managed = (t: Telling) => owned(t, SIZE, MANAGED);

/** A value of alice's, for the log entry to come, under the signature that the service operator made for a version. */
async function signed(
  log: HonestLog,
  version: number,
  value: string,
  options: Partial<LogOptions> = {},
): Promise<StoredVersion> {
  const made = new Log({ ...log.options, ...options });
  const before = Array.from({ length: version }, (_, i) => `before ${i}`);
  await made.append(0, [{ label: 'alice', values: [...before, value] }]);
  const { suffix } = made.versionsOf(ALICE).at(-1) as StoredVersion;
  return { position: log.size, value: utf8(value), opening: new Uint8Array(16).fill(version), suffix };
}

/** A version that is skipped, in the log entry to come. */
const skipped = (log: HonestLog): StoredVersion => ({
  position: log.size,
  value: undefined,
  opening: new Uint8Array(16),
  suffix: { signature: undefined },
});

/** Appends a log entry with these versions of alice's. */
async function insert(log: HonestLog, versions: readonly StoredVersion[]): Promise<void> {
  const first = log.versionsOf(ALICE).length;
  log.history.set(hex(ALICE), [...log.versionsOf(ALICE), ...versions]);
  await log.appendStored(
    log.nowMs + 10,
    ALICE,
    versions.map((_, i) => first + i),
  );
}

export const LIES_OF_MANAGERS: readonly NamedLie[] = [
  {
    name: 'A manager skips a version that it was sent a value for, and gives the value the next one',
    section: 'Update Format',
    breaks: 'the service operator’s signature is over the version',
    caughtBy: 'update',
    code: 'ERR_VALUE_SIGNATURE',
    async tell(t) {
      const { log, owner } = await managed(t);
      await insert(log, [skipped(log), await signed(log, t.lies ? NEXT : NEXT + 1, 'mine')]);
      return update(owner, log, ['mine'], asSent);
    },
  },
  {
    name: 'A manager tells an owner of one skipped version less than there are',
    section: 'Updating a Label',
    breaks:
      'versions are counted with those that were skipped, and signed for under the numbers that come out',
    caughtBy: 'update',
    code: 'ERR_VALUE_SIGNATURE',
    async tell(t) {
      const { log, owner } = await managed(t);
      const before = log.versionsOf(ALICE);
      const mine = await signed(log, NEXT + 2, 'mine');
      const claims = [...before, skipped(log), mine];
      await insert(log, [skipped(log), skipped(log), mine]);
      return update(owner, log, ['mine'], t.lies ? { ...asSent, claims, shameless: true } : asSent);
    },
  },
  {
    name: 'A manager tells an owner of one skipped version more than there are',
    section: 'Updating a Label',
    breaks:
      'versions are counted with those that were skipped, and signed for under the numbers that come out',
    caughtBy: 'update',
    code: 'ERR_VALUE_SIGNATURE',
    async tell(t) {
      const { log, owner } = await managed(t);
      const before = log.versionsOf(ALICE);
      const mine = await signed(log, NEXT + 1, 'mine');
      const claims = [...before, skipped(log), skipped(log), mine];
      await insert(log, [skipped(log), mine]);
      return update(owner, log, ['mine'], t.lies ? { ...asSent, claims, shameless: true } : asSent);
    },
  },
  {
    name: 'Manager and service operator agree on a number for an owner’s version that is not the one in the tree',
    section: 'Updating a Label',
    breaks: 'the entry holds the version that is told of, and none above it',
    caughtBy: 'update',
    code: 'ERR_PREFIX_COMMITMENT',
    async tell(t) {
      const { log, owner } = await managed(t);
      const before = log.versionsOf(ALICE);
      const claims = [...before, skipped(log), await signed(log, NEXT + 1, 'mine')];
      await insert(log, [skipped(log), skipped(log), await signed(log, NEXT + 2, 'mine')]);
      return update(owner, log, ['mine'], t.lies ? { ...asSent, claims, shameless: true } : asSent);
    },
  },
  {
    name: 'A manager keeps something under a version that it says was skipped, in a distinguished entry',
    section: 'Updating a Label',
    breaks: 'a skipped version has the commitment of zeros, wherever no ladder looks, too',
    caughtBy: 'update',
    code: 'ERR_SIGNATURE',
    async tell(t) {
      const { log, owner } = await owned(t, SIZE, { ...MANAGED, windowMs: 0 });
      const before = log.versionsOf(ALICE);
      const mine = await signed(log, NEXT + 1, 'mine');
      const claims = [...before, skipped(log), mine];
      await insert(log, [t.lies ? await signed(log, NEXT, 'kept back') : skipped(log), mine]);
      return update(owner, log, ['mine'], { ...asSent, claims });
    },
  },
  {
    name: 'A manager tells an owner that a version which it skipped has the value that was signed for it',
    section: 'Commitment',
    breaks: 'what has a value has its commitment in the tree',
    caughtBy: 'update',
    code: 'ERR_ENTRY_ROOT',
    async tell(t) {
      const { log, owner } = await managed(t);
      const before = log.versionsOf(ALICE);
      const lost = await signed(log, NEXT, 'lost');
      const mine = await signed(log, NEXT + 1, 'mine');
      const claims = [...before, lost, mine];
      await insert(log, [t.lies ? skipped(log) : lost, mine]);
      return update(owner, log, ['lost', 'mine'], { ...asSent, claims });
    },
  },
  {
    name: 'A manager serves a version that it skipped, with the value that was signed for it',
    section: 'Commitment',
    breaks: 'what has a value has its commitment in the tree',
    caughtBy: 'search',
    code: 'ERR_ENTRY_ROOT',
    async tell(t) {
      const { log } = await managed(t);
      const before = log.versionsOf(ALICE);
      const lost = await signed(log, NEXT, 'lost');
      const mine = await signed(log, NEXT + 1, 'mine');
      const claims = [...before, lost, mine];
      await insert(log, [t.lies ? skipped(log) : lost, mine]);
      return search(t.user(log), log, { claims }, { version: NEXT });
    },
  },
  {
    name: 'A manager skips versions behind the newest, and serves it as the newest all the same',
    section: 'Greatest-Version Search',
    breaks:
      'there is no version above the greatest, not even one that was skipped; what is there needs a commitment',
    caughtBy: 'search',
    code: 'ERR_PREFIX_COMMITMENT',
    async tell(t) {
      const { log } = await managed(t);
      const claims = [...log.versionsOf(ALICE)];
      if (t.lies) await insert(log, [skipped(log)]);
      else await idle(log, 1);
      return search(t.user(log), log, { claims, shameless: true });
    },
  },
  {
    name: 'A manager skips versions behind an owner’s, in the same entry, and does not tell of them',
    section: 'Updating a Label',
    breaks: 'the last version told of is the greatest of its entry',
    caughtBy: 'update',
    code: 'ERR_PREFIX_COMMITMENT',
    async tell(t) {
      const { log, owner } = await managed(t);
      const mine = await signed(log, NEXT, 'mine');
      const claims = [...log.versionsOf(ALICE), mine];
      await insert(log, t.lies ? [mine, skipped(log)] : [mine]);
      return update(owner, log, ['mine'], { ...asSent, claims, shameless: true });
    },
  },
  {
    name: 'A manager inserts an owner’s two values in the other order, and tells of them in the right one',
    section: 'Updating a Label',
    breaks: 'versions are numbered in the order of the values that were sent',
    caughtBy: 'update',
    code: 'ERR_ENTRY_ROOT',
    async tell(t) {
      const { log, owner } = await managed(t);
      const one = await signed(log, NEXT, 'one');
      const two = await signed(log, NEXT + 1, 'two');
      const claims = [...log.versionsOf(ALICE), one, two];
      await insert(log, t.lies ? [two, one] : [one, two]);
      return update(owner, log, ['one', 'two'], { ...asSent, claims });
    },
  },
  {
    name: 'A manager inserts another value than the owner’s, which the service operator signed for this version, too',
    section: 'Updating a Label',
    breaks:
      'commitments are computed from the values that were sent; only one is authorized for each version',
    caughtBy: 'update',
    code: 'ERR_VALUE_SIGNATURE',
    async tell(t) {
      const { log, owner } = await managed(t);
      await insert(log, [await signed(log, NEXT, t.lies ? 'mallory' : 'mine')]);
      return update(owner, log, ['mine'], asSent);
    },
  },
  {
    name: 'A manager inserts a value that the service operator signed before the log’s configuration changed',
    section: 'Update Format',
    breaks: 'the service operator’s signature is over the configuration',
    caughtBy: 'search',
    code: 'ERR_VALUE_SIGNATURE',
    async tell(t) {
      const { log } = await managed(t);
      await insert(log, [await signed(log, NEXT, 'mine', t.lies ? { maxAheadMs: 1001 } : {})]);
      return search(t.user(log), log);
    },
  },
  {
    name: 'A version that was skipped gets a value once its owner has seen that it has none',
    section: 'Owner Monitoring',
    breaks:
      'lookups are made with the commitments that the owner has kept: zeros, where a version was skipped',
    caughtBy: 'monitorOwned',
    code: 'ERR_SIGNATURE',
    overlookedBy: ['search'],
    async tell(t) {
      const { log, owner: client } = await managed(t);
      await insert(log, [await signed(log, NEXT, 'mine')]);
      let owner = t.take(await update(client, log, ['mine'], asSent));
      // Version 7 stands in the ladder of version 8.
      await insert(log, [skipped(log), await signed(log, NEXT + 2, 'mine, too')]);
      owner = t.take(await update(owner, log, ['mine, too'], asSent));
      if (t.lies) {
        const late = await signed(log, NEXT + 1, 'late');
        const history = log.versionsOf(ALICE).map((one, i) => (i === NEXT + 1 ? late : one));
        log.history.set(hex(ALICE), history);
        await log.appendStored(log.nowMs + 10, ALICE, [NEXT + 1], [NEXT + 1]);
        log.history.set(
          hex(ALICE),
          history.map((one, i) => (i === NEXT + 1 ? { ...one, position: one.position - 1 } : one)),
        );
      } else await idle(log, 1);
      await idle(log, 30);
      t.overlook(await search(t.user(log), log));
      return monitorOwned(owner, log, { looks: 99 });
    },
  },
];
