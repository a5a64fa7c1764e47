/**
 * The operator and the client against each other over random histories: people who search and monitor, lose their
 * states and begin anew, owners who create versions and are told of those of others, distinguished heads that are
 * compared. Every answer verifies, and is what a naive model says.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operator } from '../../src/operator.js';
import type { CipherSuite } from '../../src/suites.js';
import {
  type Client,
  type ClientRequest,
  compareDistinguishedHeads,
  createClient,
  type DistinguishedHeads,
  encodeAuditorTreeHead,
  encodeAuditorTreeHeadTbs,
  type StateChange,
} from '../../src/transparency.js';
import { checkAsync } from '../support/property.js';
import { Model } from './operator-model.js';
import { bytesOf, createWorld, quickSuite, SUITES, textOf, type World } from './operator-world.js';

const QUICK = SUITES.map(quickSuite);
const label = fc.constantFrom('ann', 'ben', 'cid');
const who = fc.nat(1);
const clock = fc.nat(40);

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      updates: fc.dictionary(label, fc.integer({ min: 1, max: 4 }), { maxKeys: 3 }),
      clock,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('search' as const),
      label,
      who,
      version: fc.option(fc.nat(9), { nil: undefined }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('monitor' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('own' as const), label }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('update' as const), label, count: fc.nat(3), clock }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('watch' as const), label }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('heads' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** `expect`, for claims that are made in methods. */
const claim: typeof expect = expect;

/** A log and its people. */
class Life {
  readonly world: World;
  readonly operator: Operator;
  readonly model: Model;
  readonly people: Client[];
  readonly owners = new Map<string, { client: Client; known: number }>();
  readonly newcomer: Client;
  readonly seen: Set<string>;
  nowMs = 1000;

  constructor(world: World, operator: Operator, model: Model, seen: Set<string>) {
    this.world = world;
    this.operator = operator;
    this.model = model;
    this.seen = seen;
    this.newcomer = createClient(world.bytes, { suite: world.suite });
    this.people = [this.newcomer, this.newcomer];
  }

  /** Sends a request, verifies the answer, and keeps the new state, as a program does. */
  async send<Result>(
    client: Client,
    { request, verify }: ClientRequest<Result>,
    answer: (request: Uint8Array) => Promise<Uint8Array>,
  ): Promise<{ result: Result & StateChange; client: Client }> {
    const result = verify(await answer(request), { nowMs: this.nowMs });
    return { result, client: client.at(result.after) };
  }

  async insert(updates: Readonly<Record<string, number>>): Promise<void> {
    const all = Object.entries(updates).map(([name, count]) => [name, this.valuesOf(name, count)] as const);
    await this.operator.insert(
      all.map(([name, values]) => ({ label: bytesOf(name), values: values.map(bytesOf) })),
      { nowMs: this.nowMs },
    );
    this.model.insert(all, this.nowMs);
    await this.audit();
  }

  async audit(): Promise<void> {
    const { configuration: config } = this.world;
    const { head } = this.operator;
    if (config.mode !== 'thirdPartyAuditing' || head === undefined) return;
    const { treeSize, root, timestampMs } = head;
    const tbs = encodeAuditorTreeHeadTbs({ config, timestampMs, treeSize, root });
    const signature = this.world.signAsAuditor(tbs);
    await this.operator.takeAuditorHead(encodeAuditorTreeHead({ timestampMs, treeSize, signature }));
  }

  valuesOf(name: string, count: number): string[] {
    const first = this.model.versionsOf(name).length;
    return Array.from({ length: count }, (_, i) => `${name} ${first + i}`);
  }

  async search(name: string, index: number, wanted: number | undefined): Promise<void> {
    const versions = this.model.versionsOf(name);
    const target = wanted ?? versions.length - 1;
    const client = this.people[index] as Client;
    const request = client.search(bytesOf(name), wanted);
    const expected = versions[target];
    if (expected === undefined) {
      await claim(this.operator.search(request.request)).rejects.toMatchObject({ code: 'ERR_NO_VERSION' });
      return;
    }
    const sent = await this.send(client, request, (bytes) => this.operator.search(bytes));
    const { version, value, position, isMonitored } = sent.result;
    claim([version, textOf(value)]).toEqual([target, expected.value]);
    claim(position).toBeGreaterThanOrEqual(expected.position);
    const isContact = this.world.configuration.mode === 'contactMonitoring';
    claim(isMonitored).toBe(isContact && position > (this.model.distinguished().at(-1) ?? -1));
    this.people[index] = sent.client;
    this.seen.add(`${wanted === undefined ? 'greatest' : 'fixed'} ${isMonitored}`);
  }

  async monitor(index: number): Promise<void> {
    const client = this.people[index] as Client;
    for (const due of client.dueMonitors(Number.MAX_SAFE_INTEGER)) {
      const current = this.people[index] as Client;
      const sent = await this.send(current, current.monitor(due.label), (bytes) =>
        this.operator.contactMonitor(bytes),
      );
      this.people[index] = sent.client;
      this.seen.add(`monitor ${sent.result.versions.length > 0}`);
    }
  }

  async own(name: string): Promise<void> {
    const start = this.model.distinguished().at(-1);
    if (start === undefined) return;
    const sent = await this.send(
      this.newcomer,
      this.newcomer.initializeOwner(bytesOf(name), start),
      (bytes) => this.operator.ownerInit(bytes),
    );
    const version = this.model.greatestAt(name, start);
    claim(sent.result.version).toBe(version);
    this.owners.set(name, { client: sent.client, known: version ?? -1 });
    this.seen.add('own');
  }

  async update(name: string, count: number): Promise<void> {
    const owner = this.owners.get(name);
    if (owner === undefined) return;
    const { client, known } = owner;
    const before = this.model.versionsOf(name).length;
    const hasNews = known + 1 < before;
    const values = this.valuesOf(name, count);
    const { request, verify } = client.update(bytesOf(name), values.map(bytesOf));
    if (!hasNews && count > 0) this.model.insert([[name, values]], this.nowMs);
    const [outcome] = await this.operator.update([{ request }], { nowMs: this.nowMs });
    if (!hasNews && count === 0) {
      claim(outcome?.refusal).toMatchObject({ code: 'ERR_UPDATE_EMPTY' });
      return;
    }
    if (outcome?.responses === undefined) {
      // In a log with an auditor, the head that was just made has none of the auditor's yet.
      claim([outcome?.refusal?.code, this.world.configuration.mode]).toEqual([
        'ERR_AUDITOR_HEAD',
        'thirdPartyAuditing',
      ]);
      await this.audit();
      return this.update(name, 0);
    }
    const result = verify(outcome.responses, { nowMs: this.nowMs });
    claim(result.isCreated).toBe(!hasNews);
    const told = result.versions.map(({ version, value }) => [version, value && textOf(value)]);
    // Those of one log entry at a time: the owner asks again for the next.
    const news = this.model.versionsOf(name).map(({ value }, version) => [version, value]);
    claim(told.length).toBeGreaterThan(0);
    claim(told).toEqual(news.slice(known + 1, known + 1 + told.length));
    this.owners.set(name, { client: client.at(result.after), known: known + told.length });
    this.seen.add(hasNews ? 'told' : 'created');
    await this.audit();
    return known + told.length + 1 < news.length ? this.update(name, 0) : undefined;
  }

  async watch(name: string): Promise<void> {
    for (;;) {
      const owner = this.owners.get(name);
      if (owner === undefined) return;
      const { client } = owner;
      const sent = await this.send(client, client.monitorOwned(bytesOf(name)), (bytes) =>
        this.operator.ownerMonitor(bytes),
      );
      this.owners.set(name, { ...owner, client: sent.client });
      this.seen.add(`watch ${sent.result.next}`);
      if (sent.result.next === 'nothing') {
        claim(sent.result.position).toBe(this.model.distinguished().at(-1));
        return;
      }
      if (sent.result.next === 'update') await this.update(name, 0);
    }
  }

  async heads(): Promise<void> {
    if (this.model.treeSize === 0) return;
    const walked: DistinguishedHeads[] = [];
    for (const [index, client] of this.people.entries()) {
      const sent = await this.send(client, client.distinguishedHeads(), (bytes) =>
        this.operator.distinguished(bytes),
      );
      this.people[index] = sent.client;
      walked.push(sent.result);
    }
    const positions = walked.map(({ heads }) => heads.map(({ position }) => position));
    claim(positions[0]).toEqual(this.model.distinguished().slice(-10));
    claim(positions[1]).toEqual(positions[0]);
    const [mine, theirs] = walked.map(({ heads }) => heads.map(({ root }) => root));
    if (mine !== undefined && theirs !== undefined && mine.length > 0) {
      claim(compareDistinguishedHeads(mine, theirs)).toEqual({ outcome: 'same', overlap: mine.length });
      this.seen.add('heads');
    }
  }

  async play(next: Step): Promise<void> {
    if ('clock' in next) this.nowMs += next.clock;
    switch (next.do) {
      case 'insert':
        return this.insert(next.updates);
      case 'search':
        return this.model.treeSize === 0 ? undefined : this.search(next.label, next.who, next.version);
      case 'monitor':
        return this.monitor(next.who);
      case 'lose':
        this.people[next.who] = this.newcomer;
        return undefined;
      case 'own':
        return this.own(next.label);
      case 'update':
        return this.update(next.label, next.count);
      case 'watch':
        return this.watch(next.label);
      case 'heads':
        return this.heads();
    }
  }
}

const history = fc.record({
  suite: fc.constantFrom(0, 1),
  windowMs: fc.constantFrom(0, 25, 90),
  isAudited: fc.boolean(),
  pageEntries: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
});

test('every answer of the operator verifies in the client, and is what the model says', async () => {
  const seen = new Set<string>();
  await checkAsync(
    fc.asyncProperty(history, async ({ steps, suite, windowMs, isAudited, pageEntries }) => {
      const world = createWorld({
        suite: QUICK[suite] as CipherSuite,
        windowMs,
        ...(isAudited ? { maxAuditorLagMs: 1000 } : {}),
      });
      const life = new Life(world, await world.open({ pageEntries }), new Model(windowMs), seen);
      for (const next of steps) await life.play(next);
    }),
  );
  // The law says something about every operation.
  for (const kind of [
    'greatest true',
    'fixed false',
    'monitor true',
    'monitor false',
    'created',
    'told',
    'heads',
  ]) {
    expect(seen, kind).toContain(kind);
  }
}, 300_000);
