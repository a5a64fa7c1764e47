/** Lies to an owner who creates versions, or asks for those that there are. */

import type { UpdateResponse } from '../../../src/transparency/wire/update-messages.js';
import { encodeUpdateRequest } from '../../../src/transparency/wire/update-messages.js';
import { ALICE, hex, utf8 } from '../client-world.js';
import type { Lie, StoredVersion } from '../honest-log.js';
import { search, update } from './asking.js';
import { idle, setHistory, slipIn } from './dishonest-log.js';
import type { NamedLie } from './telling.js';
import { AT_START, owned } from './worlds.js';

const SIZE = 27;
const NEXT = AT_START + 1;

export const patching = (
  change: (given: UpdateResponse) => Partial<UpdateResponse>,
): Lie<UpdateResponse> => ({
  patch: (given) => ({ ...given, ...change(given) }),
});
/** What is told of is said to be what the owner has sent. */
const asSent = patching(() => ({ values: [] }));

export const LIES_TO_UPDATERS: readonly NamedLie[] = [
  {
    name: 'Another value is inserted than the owner has sent',
    section: 'Updating a Label',
    breaks: 'commitments are computed from the values that were sent',
    caughtBy: 'update',
    code: 'ERR_SIGNATURE',
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      if (t.lies) await slipIn(log);
      return update(owner, log, ['mine'], t.lie(asSent));
    },
  },
  {
    name: 'A false version is shown to one victim, replaced by the owner’s, and the owner told of that alone',
    section: 'Updating a Label',
    breaks: 'no version was in the tree before the entry in which the owner’s is said to have been inserted',
    caughtBy: 'update',
    code: 'ERR_GREATEST_VERSION',
    overlookedBy: ['search'],
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      await idle(log, 1);
      if (!t.lies) {
        t.overlook(await search(t.user(log), log));
        return update(owner, log, ['mine']);
      }
      await slipIn(log);
      t.overlook(await search(t.user(log), log));
      const [slipped] = log.versionsOf(ALICE).slice(-1) as [StoredVersion];
      const mine = { ...slipped, position: log.size, value: utf8('mine') };
      const claims = [...log.versionsOf(ALICE).slice(0, -1), mine];
      const vrfOutput = log.vrfOutput(ALICE, NEXT);
      const commitment = log.commitmentOf(ALICE, NEXT, claims) as Uint8Array;
      await log.appendLeaves(log.nowMs + 10, [{ vrfOutput, commitment }], [vrfOutput]);
      return update(owner, log, ['mine'], { ...asSent, claims, shameless: true });
    },
  },
  {
    name: 'A new version is dated back, to before the owner’s time',
    section: 'Updating a Label',
    breaks: 'new versions stand to the right of what the owner has checked',
    caughtBy: 'update',
    code: 'ERR_UPDATE_POSITION',
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      return update(owner, log, ['mine'], t.lie(patching(() => ({ position: 12 }))));
    },
  },
  {
    name: 'A new version is promised for an entry that is not there yet',
    section: 'Updating a Label',
    breaks: 'new versions stand in an entry of the tree that is signed',
    caughtBy: 'update',
    code: 'ERR_UPDATE_POSITION',
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      return update(owner, log, ['mine'], t.lie(patching(() => ({ position: SIZE + 1 }))));
    },
  },
  {
    name: 'Of three values that were sent two are inserted',
    section: 'Updating a Label',
    breaks: 'there are as many openings as values were sent',
    caughtBy: 'update',
    code: 'ERR_UPDATE_VERSIONS',
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      if (t.lies) await log.append(log.nowMs + 10, [{ label: 'alice', values: ['one', 'two'] }]);
      return update(owner, log, ['one', 'two', 'three'], t.lie(asSent));
    },
  },
  {
    name: 'One of the versions that were sent is left out of the tree, where no ladder looks',
    section: 'Updating a Label',
    breaks: 'new versions that are not in the ladder of the greatest are looked up beside it',
    caughtBy: 'update',
    code: 'ERR_UPDATED_VERSION',
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      const values = ['six', 'seven', 'eight', 'nine'];
      if (!t.lies) return update(owner, log, values);
      const { length } = log.versionsOf(ALICE);
      const position = log.size;
      const suffix = { signature: undefined };
      const made = values.map((value, i) => ({
        position,
        value: utf8(value),
        opening: new Uint8Array(16).fill(i),
        suffix,
      }));
      const claims = [...log.versionsOf(ALICE), ...made];
      log.history.set(hex(ALICE), claims);
      await log.appendStored(log.nowMs + 10, ALICE, [length, length + 1, length + 3]);
      setHistory(log, (stored) => (stored === made[2] ? { ...stored, position: Infinity } : stored));
      return update(owner, log, values, { ...asSent, claims, shameless: true });
    },
  },
  {
    name: 'An owner is told of one version of an entry, and not of the one after it',
    section: 'Updating a Label',
    breaks: 'the last version told of is the greatest of its entry; what is there needs a commitment',
    caughtBy: 'update',
    code: 'ERR_PREFIX_COMMITMENT',
    async tell(t) {
      const { log, owner } = await owned(t, SIZE);
      await log.append(log.nowMs + 10, [{ label: 'alice', values: t.lies ? ['one', 'mallory'] : ['one'] }]);
      const claims = log.versionsOf(ALICE).slice(0, NEXT + 1);
      return update(owner, log, [], { claims, shameless: true });
    },
  },
  {
    name: 'An owner is told of the second of two insertions, and not of the first',
    section: 'Updating a Label',
    breaks:
      'versions are told of in the order of their creation: there are as many VRF proofs as the next one needs',
    caughtBy: 'update',
    code: 'ERR_LADDER_STEPS',
    async tell(t) {
      const { log, owner: client } = await owned(t, SIZE);
      await slipIn(log, 'one');
      await slipIn(log, 'two');
      const { request, verify } = client.update(ALICE, []);
      const responses = await log.update(request, log.nowMs);
      const told = t.lies ? responses.slice(1) : responses;
      return { operation: 'update', client, verify: () => verify(told, { nowMs: log.nowMs }) };
    },
  },
  {
    name: 'A value that was sent once is said to be two versions',
    section: 'Updating a Label',
    breaks: 'values of a request count once, with the first answer that takes them',
    caughtBy: 'update',
    code: 'ERR_UPDATE_VERSIONS',
    async tell(t) {
      const { log, owner: client } = await owned(t, SIZE);
      const { request, verify } = client.update(ALICE, [utf8('mine')]);
      const first = await log.update(request, log.nowMs + 10);
      const last = log.size;
      await slipIn(log, 'mine');
      const next = encodeUpdateRequest({ last, label: ALICE, greatestVersion: NEXT, values: [] });
      const second = await log.update(next, log.nowMs, t.lie(asSent));
      return {
        operation: 'update',
        client,
        verify: () => verify([...first, ...second], { nowMs: log.nowMs }),
      };
    },
  },
  {
    name: 'A manager passes a version with a value off as one that was skipped',
    section: 'Updating a Label',
    breaks: 'a skipped version has the commitment of zeros; all proofs of an entry lead to one root',
    caughtBy: 'update',
    code: 'ERR_ENTRY_ROOT',
    async tell(t) {
      const { log, owner } = await owned(t, SIZE, { mode: 'thirdPartyManagement' });
      const skipped = { label: 'alice', values: ['mine'], skipped: 1 };
      const both = { label: 'alice', values: ['mallory', 'mine'] };
      await log.append(log.nowMs + 10, [t.lies ? both : skipped]);
      const lie = patching(({ info }) => ({ values: [], skippedVersions: 1, info: info.slice(-1) }));
      return update(owner, log, ['mine'], t.lies ? lie : asSent);
    },
  },
  {
    name: 'A manager counts more skipped versions than it can prove, so that later ones seem old',
    section: 'Updating a Label',
    breaks: 'there is a VRF proof of each new version',
    caughtBy: 'update',
    code: 'ERR_LADDER_STEPS',
    async tell(t) {
      const { log, owner } = await owned(t, SIZE, { mode: 'thirdPartyManagement' });
      await log.append(log.nowMs + 10, [{ label: 'alice', values: ['mine'], skipped: 1 }]);
      const many = patching(() => ({ values: [], skippedVersions: 4_294_967_000 }));
      return update(owner, log, ['mine'], t.lies ? many : asSent);
    },
  },
];
