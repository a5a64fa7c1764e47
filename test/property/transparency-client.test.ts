/**
 * Clients over random histories of an honest log: every response verifies, and what comes out is what a naive model
 * of the log says. Histories vary in mode, window, lifetime, clock steps, batch sizes and skipped versions, and in who
 * asks what when; clients lose no state, but fall behind.
 */

import assert from 'node:assert/strict';
import { type Client, createClient } from 'contact-key-verification/transparency.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HonestLog, type LogOptions } from '../unit/honest-log.js';
import { PAPER_SUITE } from '../unit/paper-suite.js';
import { checkAsync } from '../support/property.js';

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const ALICE = utf8('alice');
const CLIENTS = 3;
/** The client that owns the label. */
const OWNER = 0;

type Step =
  | { readonly do: 'append'; readonly byMs: number; readonly versions: number; readonly skipped: number }
  | { readonly do: 'search'; readonly who: number; readonly version: number | undefined }
  | { readonly do: 'monitor' }
  | { readonly do: 'walk'; readonly who: number; readonly count: number; readonly stop: number | undefined }
  | { readonly do: 'own'; readonly start: number }
  | { readonly do: 'watch'; readonly looks: number }
  | { readonly do: 'update'; readonly byMs: number; readonly values: number; readonly responses: number };

const byMs = fc.nat({ max: 60 });
const append = fc.record({
  do: fc.constant('append' as const),
  byMs,
  versions: fc.nat({ max: 2 }),
  skipped: fc.nat({ max: 2 }),
});
const who = fc.nat({ max: CLIENTS - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: append },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('search' as const),
      who,
      version: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'monitor' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('walk' as const),
      who,
      count: fc.integer({ min: 1, max: 5 }),
      stop: fc.option(fc.nat({ max: 20 }), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('own' as const), start: fc.nat({ max: 9 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('watch' as const), looks: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('update' as const),
      byMs,
      values: fc.nat({ max: 3 }),
      responses: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

const options: fc.Arbitrary<LogOptions> = fc
  .record({
    mode: fc.constantFrom('contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'),
    windowMs: fc.constantFrom(0, 40, 90, 200, 600, 2_000_000),
    lifetimeMs: fc.option(fc.constantFrom(1, 100, 400), { nil: undefined }),
  })
  .map(({ mode, windowMs, lifetimeMs }) => ({
    suite: PAPER_SUITE,
    mode,
    windowMs,
    lifetimeMs: lifetimeMs === undefined ? undefined : windowMs + lifetimeMs,
  }));

/** How often each kind of answer was verified: a law over answers that never come would hold. */
const verified = new Map<string, number>();
const count = (what: string): void => void verified.set(what, (verified.get(what) ?? 0) + 1);

/** A log, its clients, and what the model expects of them. */
class Story {
  readonly log: HonestLog;
  readonly clients: Client[];
  /** The greatest version that the owner has been told of. */
  ownerKnows: number | undefined;
  isOwned = false;

  constructor(given: LogOptions) {
    this.log = new HonestLog(given);
    const fresh = createClient(this.log.configurationBytes, { suite: PAPER_SUITE, monitorsAlways: true });
    this.clients = Array.from({ length: CLIENTS }, () => fresh);
  }

  /** A client goes on from a result, through the bytes of its state. */
  next(
    client: number,
    change: { readonly before: Uint8Array | undefined; readonly after: Uint8Array },
  ): void {
    const current = this.clients[client] as Client;
    const other = current.at(change.after);
    // What is stored is read as what was written.
    assert.equal(hex(other.forget(utf8('nobody')).after), hex(change.after));
    assert.equal(hex(current.forget(utf8('nobody')).before), hex(change.before));
    this.clients[client] = other;
  }

  async take(each: Step): Promise<void> {
    const { log, clients } = this;
    const nowMs = log.nowMs;
    const history = log.versionsOf(ALICE);
    if (each.do === 'append') {
      const isManaged = log.configuration.mode === 'thirdPartyManagement';
      const values = Array.from({ length: each.versions }, (_, i) => `value ${history.length + i}`);
      await log.append((nowMs || 1_000_000) + each.byMs, [
        { label: `user ${log.size}`, values: ['x'] },
        ...(values.length === 0 ? [] : [{ label: 'alice', values, skipped: isManaged ? each.skipped : 0 }]),
      ]);
      return;
    }
    if (log.size === 0) return;
    if (each.do === 'search') {
      const version = each.version ?? history.length - 1;
      const stored = history[version];
      if (stored?.value === undefined) return;
      const client = clients[each.who] as Client;
      const { request, verify } = client.search(ALICE, each.version);
      const response = await log.search(request);
      let found: ReturnType<typeof verify>;
      try {
        found = verify(response, { nowMs });
      } catch (error) {
        assert.equal((error as { code: string }).code, 'ERR_VERSION_EXPIRED');
        assert.equal(this.hasExpired() && each.version !== undefined, true);
        return;
      }
      assert.equal(found.version, version);
      assert.equal(found.treeSize, log.size);
      assert.equal(hex(found.value), hex(stored.value));
      assert.ok(found.position >= stored.position);
      this.next(each.who, found);
      count(each.version === undefined ? 'greatest' : 'fixed');
    } else if (each.do === 'monitor') {
      for (const number of clients.keys()) await this.monitor(number);
    } else if (each.do === 'walk') {
      await this.walk(each.who, each.count, each.stop);
    } else if (each.do === 'own') {
      await this.own(each.start);
    } else if (each.do === 'watch') {
      await this.watch(each.looks);
    } else {
      await this.update(each);
    }
  }

  async monitor(number: number): Promise<void> {
    const client = this.clients[number] as Client;
    const due = client
      .dueMonitors(Number.MAX_SAFE_INTEGER)
      .filter(({ operation }) => operation === 'contact');
    for (const { label } of due) {
      const { request, verify } = client.monitor(label);
      this.next(number, verify(await this.log.monitor(request), { nowMs: this.log.nowMs }));
      count('monitor');
    }
  }

  async walk(client: number, most: number, stop: number | undefined): Promise<readonly number[]> {
    const { log } = this;
    const isRecent = recentOf(most, log);
    const { request, verify } = (this.clients[client] as Client).distinguishedHeads({
      recent: { count: most },
      stop,
    });
    const walked = verify(await log.distinguished(request, isRecent), { nowMs: log.nowMs });
    const all = distinguishedOf(log);
    const expected = all
      .filter((position) => stop === undefined || position > stop)
      .filter((position) => !this.isExpired(position))
      .slice(-most);
    assert.deepEqual(
      walked.heads.map(({ position }) => position),
      expected,
    );
    for (const { position, root } of walked.heads) assert.equal(hex(root), hex(log.rootAt(position + 1)));
    this.next(client, walked);
    count('walk');
    return expected;
  }

  async own(from: number): Promise<void> {
    const { log } = this;
    if (this.isOwned || log.size === 0) return;
    const heads = await this.walk(OWNER, 5, undefined);
    const start = heads[from % Math.max(1, heads.length)];
    if (start === undefined) return;
    const { request, verify } = (this.clients[OWNER] as Client).initializeOwner(ALICE, start);
    const owner = verify(await log.ownerInit(request), { nowMs: log.nowMs });
    assert.equal(owner.version, log.greatestAt(ALICE, start));
    this.ownerKnows = owner.version;
    this.isOwned = true;
    this.next(OWNER, owner);
    count('own');
  }

  async watch(looks: number): Promise<void> {
    const { log } = this;
    if (!this.isOwned) return;
    for (let round = 0; ; round++) {
      assert.ok(round < 30);
      const { request, verify } = (this.clients[OWNER] as Client).monitorOwned(ALICE);
      const seen = verify(await log.ownerMonitor(request, { looks }), { nowMs: log.nowMs });
      this.next(OWNER, seen);
      count(`watch ${seen.next}`);
      if (seen.next === 'update') {
        // Only ever because of versions that the owner has not been told of.
        assert.ok(log.versionsOf(ALICE).length - 1 > (this.ownerKnows ?? -1));
        await this.learn(0, [], 3);
      }
      if (seen.next === 'nothing') {
        assert.ok(seen.position >= (distinguishedOf(log).at(-1) ?? 0));
        return;
      }
    }
  }

  async update(each: {
    readonly byMs: number;
    readonly values: number;
    readonly responses: number;
  }): Promise<void> {
    if (!this.isOwned) return;
    const values = Array.from({ length: each.values }, (_, i) => `own ${this.log.size} ${i}`);
    await this.learn(each.byMs, values, each.responses);
  }

  async learn(later: number, values: readonly string[], responses: number): Promise<void> {
    const { log } = this;
    const known = this.ownerKnows ?? -1;
    const isBehind = log.versionsOf(ALICE).length - 1 > known;
    if (!isBehind && values.length === 0) return;
    const { request, verify } = (this.clients[OWNER] as Client).update(ALICE, values.map(utf8));
    const answers = await log.update(request, log.nowMs + later, { responses });
    const updated = verify(answers, { nowMs: log.nowMs });
    const history = log.versionsOf(ALICE);
    assert.equal(updated.isCreated, !isBehind);
    for (const [i, { version, position, value }] of updated.versions.entries()) {
      assert.equal(version, known + 1 + i);
      assert.equal(position, history[version]?.position);
      assert.equal(hex(value), hex(history[version]?.value));
    }
    this.ownerKnows = updated.versions.at(-1)?.version;
    this.next(OWNER, updated);
    count(isBehind ? 'learn' : 'create');
  }

  isExpired(position: number): boolean {
    const { lifetimeMs } = this.log.options;
    const age = this.log.nowMs - (this.log.entries[position]?.timestampMs ?? 0);
    return lifetimeMs !== undefined && age >= lifetimeMs;
  }

  hasExpired(): boolean {
    return this.log.entries.some((_, position) => this.isExpired(position));
  }
}

/** The log's side of `{ count }`. */
function recentOf(most: number, log: HonestLog): Parameters<HonestLog['distinguished']>[1] {
  const { lifetimeMs } = log.options;
  return ({ timestampMs }, before, rightmostMs) =>
    before < most && (lifetimeMs === undefined || rightmostMs - timestampMs < lifetimeMs);
}

/** By the recursive definition (draft, "Reasonable Monitoring Window"). */
function distinguishedOf({ entries, options: { windowMs = 100 } }: HonestLog): readonly number[] {
  const found: number[] = [];
  const at = (position: number): number => entries[position]?.timestampMs ?? 0;
  const visit = (begin: number, end: number, left: number, right: number): void => {
    if (begin >= end || right - left < windowMs) return;
    let power = 1;
    while (power * 2 <= end - begin) power *= 2;
    const root = begin + power - 1;
    found.push(root);
    visit(begin, root, left, at(root));
    visit(root + 1, end, at(root), right);
  };
  visit(0, entries.length, 0, at(entries.length - 1));
  return found.sort((a, b) => a - b);
}

test('every honest answer verifies, and says what the model says', { timeout: 240_000 }, async () => {
  await checkAsync(
    fc.asyncProperty(
      options,
      fc.array(append, { maxLength: 12 }),
      fc.array(step, { minLength: 6, maxLength: 16 }),
      async (given, before, steps) => {
        const story = new Story(given);
        for (const each of before) await story.take(each);
        await story.own(0);
        for (const each of steps) await story.take(each);
      },
    ),
  );
  const least = Math.min(...verified.values());
  console.info(JSON.stringify(Object.fromEntries(verified)));
  expect(verified.size).toBe(10);
  expect(least).toBeGreaterThan(20);
});
