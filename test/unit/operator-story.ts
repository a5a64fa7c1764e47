/** A log's life in steps, each of which is checked against a naive model: what it answers, and what it refuses. */

import fc from 'fast-check';
import { expect } from 'vitest';
import type { Auditor } from '../../src/auditor.js';
import type { Operator } from '../../src/operator.js';
import { auditorOf } from './auditor-world.js';
import type { Model } from './operator-model.js';
import { type Owned, User, type Versions } from './operator-user.js';
import { bytesOf, type World } from './operator-world.js';

const LABELS = ['ann', 'ben', 'cid'];

const label = fc.constantFrom(...LABELS);
const clock = fc.oneof(fc.nat(40), fc.constant(0), fc.constant(-30), fc.constant(130));
/** Any step. */
export const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      updates: fc.dictionary(label, fc.integer({ min: 1, max: 4 }), { maxKeys: 3 }),
      clock,
      isAudited: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('search' as const), label, user: fc.nat(1) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('fixed' as const), label, user: fc.nat(1), version: fc.nat(9) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('monitor' as const), user: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), user: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('own' as const), label, at: fc.nat(40) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('update' as const), label, count: fc.nat(3), clock }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('watch' as const), label }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('walk' as const), user: fc.nat(1), stop: fc.nat(20) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), label, version: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('prune' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type StepOf<Name> = Extract<Step, { do: Name }>;

/** The code of an error, or what is no error of ours, thrown on. */
async function attempt<T>(work: Promise<T>): Promise<{ value: T } | { code: string }> {
  try {
    return { value: await work };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined) throw error;
    return { code };
  }
}

/** `expect`, for claims that are made in methods. */
const claim: typeof expect = expect;

/** A log, its users, and what they should see. */
export class Story {
  readonly model: Model;
  readonly world: World;
  operator: Operator;
  users: User[];
  readonly watched: Map<string, { position: number; versions: Versions }>[] = [new Map(), new Map()];
  readonly owners = new Map<string, { user: User; owned: Owned }>();
  readonly open: () => Promise<Operator>;
  nowMs = 1000;
  auditor: Auditor | undefined;
  auditedMs: number | undefined;

  constructor(world: World, model: Model, operator: Operator, open: () => Promise<Operator>) {
    this.world = world;
    this.model = model;
    this.operator = operator;
    this.open = open;
    this.users = [new User(world, operator), new User(world, operator)];
  }

  user(index: number): User {
    return this.users[index] as User;
  }

  /** What every answer to this user ends in, before the label is looked at. */
  obstacle(user: User): string | undefined {
    const { configuration } = this.world;
    if (this.model.treeSize === 0) return 'ERR_NOT_READY';
    if (configuration.mode !== 'thirdPartyAuditing' || user.last === this.model.treeSize) return undefined;
    const lag = this.model.newestMs - (this.auditedMs ?? -Infinity);
    return lag > configuration.maxAuditorLagMs ? 'ERR_AUDITOR_HEAD' : undefined;
  }

  /** A real auditor takes every entry since it last looked, and hands its head over. */
  async audit(): Promise<void> {
    if (this.world.configuration.mode !== 'thirdPartyAuditing') return;
    this.auditor ??= auditorOf(this.world);
    const { treeSize, root, timestampMs } = this.operator.head as NonNullable<Operator['head']>;
    const updates: Uint8Array[] = [];
    for (let at = this.auditor.treeSize; at < treeSize; at++)
      updates.push(await this.operator.auditorUpdate(at));
    const audited = this.auditor.apply(updates, { nowMs: timestampMs });
    claim([audited.treeSize, audited.timestampMs]).toEqual([treeSize, timestampMs]);
    claim(audited.root).toEqual(root);
    await this.operator.takeAuditorHead(audited.head as Uint8Array);
    this.auditor = this.auditor.at(audited.after);
    this.auditedMs = timestampMs;
  }

  async insert({ updates, clock: by, isAudited }: StepOf<'insert'>): Promise<void> {
    this.nowMs += by;
    const all = Object.entries(updates).map(([name, count]) => {
      const first = this.model.versionsOf(name).length;
      return [name, Array.from({ length: count }, (_, i) => `${name} ${first + i}`)] as const;
    });
    const head = await this.operator.insert(
      all.map(([name, values]) => ({ label: bytesOf(name), values: values.map(bytesOf) })),
      { nowMs: this.nowMs },
    );
    this.model.insert(all, this.nowMs);
    claim(head).toMatchObject({ treeSize: this.model.treeSize, timestampMs: this.model.newestMs });
    if (isAudited) await this.audit();
  }

  async search({ label: name, user: index, version }: { label: string; user: number; version?: number }) {
    const user = this.user(index);
    const versions = this.model.versionsOf(name);
    const target = version ?? versions.length - 1;
    const expected = versions[target];
    const obstacle =
      this.obstacle(user) ??
      (expected === undefined ? 'ERR_NO_VERSION' : expected.isDeleted ? 'ERR_OPENING_DELETED' : undefined);
    const outcome = version === undefined ? 'found' : this.model.fixedVersion(name, version);
    const found = await attempt(user.search(name, version));
    if ('code' in found) {
      claim(found.code).toBe(obstacle ?? (outcome === 'expired' ? 'ERR_ENTRY_EXPIRED' : outcome));
      return;
    }
    claim([obstacle, outcome]).toEqual([undefined, 'found']);
    const { value, version: got, terminal, rightmostDistinguished, versions: known } = found.value;
    claim([got, value]).toEqual([target, expected?.value]);
    claim(rightmostDistinguished).toBe(this.model.distinguished().at(-1));
    claim(terminal).toBeGreaterThanOrEqual(expected?.position as number);
    if (terminal > (rightmostDistinguished ?? -1)) {
      this.watched[index]?.set(`${name} ${got}`, { position: terminal, versions: known });
    }
  }

  async monitor({ user: index }: StepOf<'monitor'>): Promise<void> {
    const user = this.user(index);
    const watched = this.watched[index] as (typeof this.watched)[number];
    for (const name of LABELS) {
      const versions: Versions = new Map();
      const entries: { position: number; version: number }[] = [];
      const mine = [...watched].filter(([key]) => key.startsWith(name));
      for (const [key, { position, versions: known }] of mine.sort(byVersion)) {
        while ((entries.at(-1)?.position ?? -1) >= position) entries.pop();
        entries.push({ position, version: versionIn(key) });
        for (const [version, fact] of known) if (fact.commitment !== undefined) versions.set(version, fact);
      }
      const obstacle = this.obstacle(user);
      const done = await attempt(user.monitor(name, entries, versions));
      if ('code' in done) {
        claim(done.code).toBe(obstacle ?? (this.isPrunable(entries) ? 'ERR_ENTRY_EXPIRED' : 'no refusal'));
        continue;
      }
      const distinguished = new Set(this.model.distinguished());
      for (const { position, version } of done.value) {
        claim(distinguished.has(position)).toBe(false);
        claim(this.model.greatestAt(name, position)).toBeGreaterThanOrEqual(version);
      }
      for (const [key] of mine) watched.delete(key);
      for (const { position, version } of done.value)
        watched.set(`${name} ${version}`, { position, versions });
    }
  }

  isPrunable(entries: readonly { position: number }[]): boolean {
    return entries.some(({ position }) => this.model.isExpired(position));
  }

  async own({ label: name, at: anywhere }: StepOf<'own'>): Promise<void> {
    const at = anywhere % (this.model.treeSize + 1);
    const user = new User(this.world, this.operator);
    const done = await attempt(user.own(name, at));
    const { treeSize } = this.model;
    const isGood = this.model.distinguished().includes(at) && !this.model.isExpired(at);
    const obstacle =
      this.obstacle(user) ?? (at >= treeSize ? 'ERR_INDEX_RANGE' : isGood ? undefined : 'ERR_OWNER_START');
    if ('code' in done) {
      claim(done.code).toBe(obstacle);
      return;
    }
    claim(obstacle).toBeUndefined();
    for (const { position, greatest } of done.value.history) {
      claim(greatest).toBe(this.model.greatestAt(name, position));
    }
    claim(done.value.history.at(-1)?.greatest).toBe(this.model.greatestAt(name, at));
    this.owners.set(name, { user, owned: done.value });
  }

  async update({ label: name, count, clock: by }: StepOf<'update'>): Promise<void> {
    const owner = this.owners.get(name);
    if (owner === undefined) return;
    const { user, owned } = owner;
    this.nowMs += by;
    const versions = this.model.versionsOf(name);
    const known = owned.history.at(-1)?.greatest ?? -1;
    const news = versions.slice(known + 1);
    const values = Array.from({ length: count }, (_, i) => `${name} ${versions.length + i}`);
    const isTaken = news.length === 0 && count > 0;
    const isEmpty = news.length === 0 && count === 0;
    if (isTaken) this.model.insert([[name, values]], this.nowMs);
    const obstacle = isEmpty
      ? 'ERR_UPDATE_EMPTY'
      : (this.obstacle(user) ??
        (news.some(({ isDeleted }) => isDeleted) ? 'ERR_OPENING_DELETED' : undefined));
    const done = await attempt(user.update(owned, values, this.nowMs));
    if ('code' in done) {
      // An answer looks at entries from the owner's start on, and at those of the news.
      const isOld = [owned.start, ...news.map(({ position }) => position)].some((at) =>
        this.model.isExpired(at),
      );
      const reasons = [obstacle, isOld ? 'ERR_ENTRY_EXPIRED' : undefined];
      claim(reasons).toContain(done.code);
      if (!isEmpty) this.owners.delete(name);
      return;
    }
    for (const [version, value] of done.value) {
      claim(value).toBe(this.model.versionsOf(name)[version]?.value);
    }
    claim(done.value.size).toBeGreaterThan(0);
    claim(this.operator.head?.timestampMs).toBe(this.model.newestMs);
  }

  async watch({ label: name }: StepOf<'watch'>): Promise<void> {
    const owner = this.owners.get(name);
    if (owner === undefined) return;
    const { user, owned } = owner;
    const known = owned.history.at(-1)?.greatest ?? -1;
    const obstacle = this.obstacle(user);
    for (;;) {
      const before = owned.start;
      const done = await attempt(user.monitorOwned(owned));
      if ('code' in done) {
        const isOld = this.model.timestamps.some((_, at) => at > before && this.model.isExpired(at));
        claim(done.code).toBe(obstacle ?? (isOld || this.isPrunable(owned.map) ? 'ERR_ENTRY_EXPIRED' : ''));
        this.owners.delete(name);
        return;
      }
      const next = this.model.distinguished().find((at) => at > owned.start);
      claim(done.value).toBe(next !== undefined);
      if (next === undefined) return;
      // It goes on, or stops where the owner has something to learn first.
      if (owned.start === before) {
        claim(this.model.greatestAt(name, next) ?? -1).toBeGreaterThan(known);
        return;
      }
    }
  }

  async walk({ user: index, stop }: StepOf<'walk'>): Promise<void> {
    const user = this.user(index);
    const obstacle = this.obstacle(user);
    const done = await attempt(user.distinguished(stop));
    if ('code' in done) {
      claim(done.code).toBe(obstacle);
      return;
    }
    const expected = this.model
      .distinguished()
      .filter((at) => at > stop && !this.model.isExpired(at))
      .reverse()
      .slice(0, 10);
    claim(done.value.map(({ position }) => position)).toEqual(expected);
  }

  async play(next: Step): Promise<void> {
    switch (next.do) {
      case 'insert':
        return this.insert(next);
      case 'search':
      case 'fixed':
        return this.search(next);
      case 'monitor':
        return this.monitor(next);
      case 'forget':
        this.users[next.user] = new User(this.world, this.operator);
        return undefined;
      case 'own':
        return this.own(next);
      case 'update':
        return this.update(next);
      case 'watch':
        return this.watch(next);
      case 'walk':
        return this.walk(next);
      case 'delete': {
        await this.operator.deleteOpening(bytesOf(next.label), next.version);
        const version = this.model.versionsOf(next.label)[next.version];
        if (version !== undefined) version.isDeleted = true;
        return undefined;
      }
      case 'prune':
        if (this.model.treeSize > 0) await this.operator.prune();
        return undefined;
      case 'reopen': {
        this.operator = await this.open();
        const moved = ({ view }: User): User => new User(this.world, this.operator, view);
        this.users = this.users.map(moved);
        for (const [name, owner] of this.owners) this.owners.set(name, { ...owner, user: moved(owner.user) });
        return undefined;
      }
    }
  }
}

const versionIn = (key: string): number => Number(key.slice(4));
const byVersion = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  versionIn(a) - versionIn(b);
