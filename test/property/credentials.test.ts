/**
 * Credentials over random histories: users walk distinguished heads when they please, send one another credentials that
 * rest on newer and older entries, and settle them early and late, with updates that come before they can be used.
 * Nothing that is honest is refused, what is verified when is what a naive model says, and no user's state changes.
 */

import type { IsRecent } from 'contact-key-verification/operator.js';
import { createCredentialReader } from 'contact-key-verification/credentials.js';
import { type Client, createClient, parseCredential } from 'contact-key-verification/transparency.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkAsync } from '../support/property.js';
import { distinguishedOf, frontierOf } from '../unit/credential-world.js';
import { HonestLog, type LogOptions } from '../unit/honest-log.js';
import { PAPER_SUITE } from '../unit/paper-suite.js';

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const LABELS = [utf8('alice'), utf8('carol')] as const;
const USERS = 2;

type Step =
  | { readonly do: 'append'; readonly byMs: number; readonly versions: readonly number[] }
  | { readonly do: 'walk'; readonly who: number }
  | { readonly do: 'send'; readonly who: number; readonly label: number; readonly back: number }
  | { readonly do: 'settle'; readonly who: number; readonly hasUpdate: boolean };

const who = fc.nat({ max: USERS - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      byMs: fc.nat({ max: 60 }),
      versions: fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 2 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('walk' as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      who,
      label: fc.nat({ max: 1 }),
      back: fc.nat({ max: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const), who, hasUpdate: fc.boolean() }) },
);

const options: fc.Arbitrary<LogOptions> = fc
  .record({
    mode: fc.constantFrom('contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'),
    windowMs: fc.constantFrom(0, 20, 40, 90, 200),
    lifetimeMs: fc.option(fc.constantFrom(100, 250, 800), { nil: undefined }),
  })
  .map(({ lifetimeMs, windowMs, ...rest }) => ({
    ...rest,
    windowMs,
    lifetimeMs: lifetimeMs === undefined || lifetimeMs <= windowMs ? undefined : lifetimeMs,
    suite: PAPER_SUITE,
    maxAheadMs: 0,
    maxBehindMs: 0,
    maxAuditorLagMs: 0,
  }));

/** A provisional credential that a user keeps, and what the model knows of it. */
interface Kept {
  pending: Uint8Array;
  readonly label: Uint8Array;
  readonly version: number;
  readonly value: string;
  readonly base: number;
  readonly treeSize: number;
  readonly terminal: number;
  /** The entry that the update in `pending` leads to. */
  queued: number | undefined;
}

interface User {
  client: Client;
  /** Distinguished entries, by the model. */
  known: readonly number[];
  /** Credentials that rest on newer entries. */
  early: { readonly bytes: Uint8Array; readonly label: Uint8Array; readonly base: number }[];
  kept: Kept[];
}

/** What happened, so that a test can say that all of it did. */
const seen = new Map<string, number>();
const count = (name: string): void => void seen.set(name, (seen.get(name) ?? 0) + 1);

async function live(settings: LogOptions, recentCount: number, steps: readonly Step[]): Promise<void> {
  const log = new HonestLog(settings);
  const recent = { count: recentCount };
  const { maximumLifetimeMs: lifetimeMs = Number.POSITIVE_INFINITY } = log.configuration;
  const isRecent: IsRecent = ({ timestampMs }, before, rightmostMs) =>
    before < recentCount && rightmostMs - timestampMs < lifetimeMs;
  const timeOf = (position: number): number => log.entries[position]?.timestampMs as number;
  let nowMs = 1_000_000;
  await log.append(nowMs, [{ label: 'carol', values: ['carol 0'] }]);
  const users: User[] = Array.from({ length: USERS }, () => ({
    client: createClient(log.configurationBytes, { suite: PAPER_SUITE }),
    known: [],
    early: [],
    kept: [],
  }));
  const stateOf = ({ client }: User): Uint8Array => client.forget(utf8('nobody')).after;
  const readerOf = (user: User) =>
    createCredentialReader(log.configurationBytes, { suite: PAPER_SUITE, recent, state: stateOf(user) });
  const recents = (): readonly number[] => {
    const all = distinguishedOf(log);
    const newest = timeOf(log.size - 1);
    return all.filter((position) => newest - timeOf(position) < lifetimeMs).slice(-recentCount);
  };

  /** Verifies what a user received, as far as it knows what it rests on. */
  function receive(user: User, message: User['early'][number], treeSize: number): void {
    const { bytes, label, base } = message;
    const newest = user.known.at(-1) ?? -1;
    const verify = () => readerOf(user).verify(bytes, { label });
    if (base > newest) {
      expect(verify).toThrow(expect.objectContaining({ code: 'ERR_CREDENTIAL_EARLY' }));
      user.early.push(message);
      return;
    }
    if (!user.known.includes(base)) {
      expect(verify).toThrow(expect.objectContaining({ code: 'ERR_CREDENTIAL_POSITION' }));
      count('out of date');
      return;
    }
    const found = verify();
    count(found.kind);
    const stored = log.versionsOf(label)[found.version];
    expect(hex(found.value)).toBe(hex(stored?.value));
    expect(found.position).toBe(base);
    if (found.kind === 'standard') return;
    const start = distinguishedOf(log, treeSize).at(-1) ?? 0;
    const terminal = frontierOf(treeSize).find(
      (position) => position >= start && log.greatestAt(label, position) === found.version,
    ) as number;
    const { pending, version } = found;
    user.kept.push({
      pending,
      label,
      version,
      value: hex(found.value),
      base,
      treeSize,
      terminal,
      queued: undefined,
    });
  }

  async function settle(user: User, kept: Kept, hasUpdate: boolean): Promise<void> {
    const { label, version, treeSize, terminal } = kept;
    const end = user.known.includes(terminal)
      ? undefined
      : user.known.find((position) => position >= terminal && position >= treeSize - 1);
    const first = distinguishedOf(log).find((position) => position >= terminal && position >= treeSize - 1);
    const distinguished = end ?? first;
    const update =
      hasUpdate && distinguished !== undefined
        ? await log.credentialUpdate(label, { version, treeSize, terminal, distinguished })
        : undefined;
    const outcome = readerOf(user).settle(kept.pending, { update });
    if (user.known.includes(terminal)) count('terminal');
    const isVerified =
      user.known.includes(terminal) || (end !== undefined && (kept.queued === end || update !== undefined));
    if (outcome.outcome === 'verified') {
      expect(isVerified).toBe(true);
      expect([hex(outcome.label), outcome.version, hex(outcome.value)]).toEqual([
        hex(label),
        version,
        kept.value,
      ]);
      if (end !== undefined) count(kept.queued === end ? 'queued' : 'updated');
      user.kept = user.kept.filter((each) => each !== kept);
      return;
    }
    expect(isVerified).toBe(false);
    expect(outcome.outcome).toBe(user.known.includes(kept.base) ? 'waiting' : 'expired');
    expect(outcome.needed).toEqual({ label, version, treeSize, terminal, distinguished: end });
    // Between what the user knows there may be a gap: an update to what lies in it is of no use.
    expect(outcome.isUpdateRefused).toBe(end !== undefined && kept.queued !== undefined);
    count(outcome.isUpdateRefused ? 'gap' : outcome.outcome);
    kept.queued = end === undefined ? (update === undefined ? kept.queued : first) : undefined;
    kept.pending = outcome.pending;
  }

  for (const each of steps) {
    switch (each.do) {
      case 'append': {
        nowMs += each.byMs;
        const batch = LABELS.flatMap((label, i) => {
          const added = each.versions[i] ?? 0;
          const values = Array.from({ length: added }, (_, j) => `${log.size} ${j}`);
          return added === 0 ? [] : [{ label: Buffer.from(label).toString(), values }];
        });
        await log.append(nowMs, batch);
        break;
      }
      case 'walk': {
        const user = users[each.who] as User;
        const { request, verify } = user.client.distinguishedHeads({ recent });
        user.client = user.client.at(
          verify(await log.distinguished(request, isRecent), { nowMs: log.nowMs }).after,
        );
        user.known = recents();
        const late = user.early;
        user.early = [];
        const before = hex(stateOf(user));
        for (const message of late) {
          const credential = parseCredential(message.bytes, log.configuration);
          const treeSize = credential.credentialType === 'provisional' ? credential.treeHead.treeSize : 0;
          receive(user, message, treeSize);
          count('late');
        }
        expect(hex(stateOf(user))).toBe(before);
        break;
      }
      case 'send': {
        const label = LABELS[each.label] as Uint8Array;
        const shared = recents();
        const base = shared[shared.length - 1 - each.back];
        if (base === undefined || log.versionsOf(label).length === 0) break;
        const user = users[each.who] as User;
        const before = hex(stateOf(user));
        // Between the entry and the newest distinguished one the search may end at that: it is provisional all the same.
        const bytes = await log.credential(label, base);
        receive(user, { bytes, label, base }, log.size);
        expect(hex(stateOf(user))).toBe(before);
        break;
      }
      case 'settle': {
        const user = users[each.who] as User;
        for (const kept of [...user.kept]) await settle(user, kept, each.hasUpdate);
        break;
      }
    }
  }
}

test('what is honest is verified, when what the user knows suffices', async () => {
  await checkAsync(
    fc.asyncProperty(
      options,
      fc.constantFrom(1, 2, 3, 10),
      fc.array(step, { minLength: 15, maxLength: 35, size: 'max' }),
      live,
    ),
  );
  for (const name of [
    'standard',
    'provisional',
    'late',
    'out of date',
    'terminal',
    'updated',
    'queued',
    'waiting',
    'expired',
    'gap',
  ]) {
    expect([name, seen.has(name)]).toEqual([name, true]);
  }
}, 120_000);
