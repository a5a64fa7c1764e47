/**
 * A log with a third-party manager, its service operator, the owners of labels and those who look them up. Requests are
 * lost, held up and overtake each other, programs end at any write, answers never arrive; and each step is checked
 * against a naive model.
 */

import fc from 'fast-check';
import { expect } from 'vitest';
import {
  createServiceOperator,
  type Operator,
  type OperatorStore,
  type ServiceOperator,
} from '../../src/operator.js';
import { type Client, createClient } from '../../src/transparency.js';
import {
  parseManagerUpdateRequest,
  parseUpdateRequest,
} from '../../src/transparency/wire/update-messages.js';
import type { Model } from './operator-model.js';
import { bytesOf, textOf, type World } from './operator-world.js';
import { failing, requestOf, type Signatures } from './service-world.js';

const LABELS = ['ann', 'ben'];
const label = fc.constantFrom(...LABELS);
const device = fc.nat(1);
const clock = fc.nat(40);

export const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('update' as const),
      label,
      device,
      count: fc.nat(3),
      clock,
      fate: fc.constantFrom('answered', 'answered', 'answered', 'held', 'lost', 'unanswered'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('deliver' as const), which: fc.nat(9), clock }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flood' as const), label }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      at: fc.integer({ min: 1, max: 6 }),
      isAfter: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('review' as const), label }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), label }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('own' as const), label, device }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('watch' as const), label, device }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('idle' as const), clock }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('search' as const),
      label,
      version: fc.option(fc.nat(9), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('monitor' as const) }) },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type StepOf<Name> = Extract<Step, { do: Name }>;

/** How a version that was skipped stands in the model. */
const SKIPPED = '-';
const claim: typeof expect = expect;

/** A device that owns a label. */
interface Owner {
  readonly client: Client;
  /** The greatest version that it knows; -1 for none. */
  readonly known: number;
  /** What it wants to publish, until it is told that the log has it. */
  readonly wish: readonly string[];
}

export class ManagementStory {
  readonly world: World;
  readonly model: Model;
  readonly store: OperatorStore;
  readonly signatures: Signatures;
  readonly openManager: () => Promise<Operator>;
  manager: Operator;
  service: ServiceOperator;
  readonly owners = new Map<string, Owner>();
  contact: Client;
  readonly newcomer: Client;
  /** Requests that are under way. */
  readonly held: Uint8Array[] = [];
  readonly seen: Set<string>;
  nowMs = 1000;
  made = 0;

  constructor(parts: {
    readonly world: World;
    readonly model: Model;
    readonly store: OperatorStore;
    readonly manager: Operator;
    readonly openManager: () => Promise<Operator>;
    readonly signatures: Signatures;
    readonly service: ServiceOperator;
    readonly seen: Set<string>;
  }) {
    this.world = parts.world;
    this.model = parts.model;
    this.store = parts.store;
    this.manager = parts.manager;
    this.openManager = parts.openManager;
    this.signatures = parts.signatures;
    this.service = parts.service;
    this.seen = parts.seen;
    const { suite } = this.world;
    this.contact = createClient(this.world.bytes, { suite, monitorsAlways: true });
    this.newcomer = createClient(this.world.bytes, { suite });
  }

  openService(store: OperatorStore): Promise<ServiceOperator> {
    const { suite } = this.world;
    return createServiceOperator(this.world.bytes, { suite, signer: this.signatures.sign, store });
  }

  newest(name: string): number {
    return this.model.versionsOf(name).length - 1;
  }

  /** What the draft makes of a request, by the model; the model goes along. */
  expected(bytes: Uint8Array): 'ERR_KNOWN_VERSION' | 'ERR_UPDATE_EMPTY' | 'told' | 'taken' {
    const request = parseManagerUpdateRequest(bytes, this.world.configuration);
    const name = textOf(request.label);
    const newest = this.newest(name);
    const known = request.greatestVersion ?? -1;
    if (known > newest) return 'ERR_KNOWN_VERSION';
    if (known < newest) return 'told';
    if (request.values.length === 0) return 'ERR_UPDATE_EMPTY';
    // Nothing that was authorized is behind the label, or further ahead than a manager can skip.
    const skipped = request.signedVersion - (newest + 1);
    claim(skipped).toBeGreaterThanOrEqual(0);
    claim(skipped + request.values.length).toBeLessThanOrEqual(191);
    if (skipped > 0) this.seen.add('skipped');
    const values = request.values.map(({ value }) => textOf(value));
    this.model.insert([[name, [...Array<string>(skipped).fill(SKIPPED), ...values]]], this.nowMs);
    return 'taken';
  }

  /** The manager gets a request. */
  async send(bytes: Uint8Array): Promise<readonly Uint8Array[] | undefined> {
    const expected = this.expected(bytes);
    const [outcome] = await this.manager.update([{ request: bytes }], { nowMs: this.nowMs });
    if (outcome?.responses === undefined) {
      claim(outcome?.refusal?.code).toBe(expected);
      this.seen.add(expected);
      return undefined;
    }
    claim(['told', 'taken']).toContain(expected);
    claim(this.manager.head?.treeSize).toBe(this.model.treeSize);
    return outcome.responses;
  }

  /** The service operator authorizes; where its program ends, it is opened again, and the request has to come again. */
  async authorize(bytes: Uint8Array, isSettled = false): Promise<Uint8Array | undefined> {
    try {
      const { request, signedVersion } = await this.service.authorize(bytes);
      const owned = parseUpdateRequest(bytes);
      const { values } = parseManagerUpdateRequest(request, this.world.configuration);
      if (signedVersion === undefined) {
        // What is not signed is known to be disregarded.
        claim(values).toEqual([]);
        const isStale = (owned.greatestVersion ?? -1) < this.newest(textOf(owned.label));
        claim(owned.values.length === 0 || isStale).toBe(true);
      } else claim(signedVersion).toBeGreaterThan(owned.greatestVersion ?? -1);
      return request;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === 'ERR_UNSETTLED' && !isSettled) {
        const { label: name } = parseUpdateRequest(bytes);
        await this.settle({ do: 'settle', label: textOf(name) });
        this.seen.add('unsettled');
        // There is room again, at once: nothing is open any more.
        return this.authorize(bytes, true);
      }
      claim(message).toBe('the store is out');
      this.seen.add('crash');
      this.service = await this.openService(this.store);
      return undefined;
    }
  }

  async update({ label: name, device: which, count, fate }: StepOf<'update'>): Promise<void> {
    const key = `${name} ${which}`;
    const owner = this.owners.get(key);
    if (owner === undefined) return;
    const { client, known } = owner;
    const wish =
      owner.wish.length > 0 ? owner.wish : Array.from({ length: count }, () => `${name} ${this.made++}`);
    this.owners.set(key, { ...owner, wish });
    const { request: bytes, verify } = client.update(bytesOf(name), wish.map(bytesOf));
    const request = await this.authorize(bytes);
    if (request === undefined || fate === 'lost') return;
    if (fate === 'held') {
      this.held.push(request);
      return;
    }
    const responses = await this.send(request);
    if (responses === undefined || fate === 'unanswered') return;
    const { after, versions, isCreated } = verify(responses, { nowMs: this.nowMs });
    const told = versions.map(({ version, value }) => [version, value && textOf(value)]);
    const there = this.model
      .versionsOf(name)
      .map(({ value }, version) => [version, value === SKIPPED ? undefined : value]);
    claim(told.length).toBeGreaterThan(0);
    claim(told).toEqual(there.slice(known + 1, known + 1 + told.length));
    // Values are unique: the wish came true where the log has its last value.
    const values = new Set(versions.flatMap(({ value }) => (value === undefined ? [] : [textOf(value)])));
    const isDone = wish.every((value) => values.has(value));
    if (isCreated) claim(isDone).toBe(true);
    this.owners.set(key, { client: client.at(after), known: known + told.length, wish: isDone ? [] : wish });
    this.seen.add(isCreated ? 'created' : isDone && wish.length > 0 ? 'created before' : 'told');
  }

  /** Somebody wants much, again and again, and none of it arrives. */
  async flood({ label: name }: StepOf<'flood'>): Promise<void> {
    const newest = this.newest(name);
    const texts = Array.from({ length: 95 }, () => `${name} ${this.made++}`);
    await this.authorize(requestOf(texts, newest < 0 ? undefined : newest, bytesOf(name)));
  }

  async deliver({ which }: StepOf<'deliver'>): Promise<void> {
    const [request] = this.held.splice(which % Math.max(1, this.held.length), 1);
    if (request === undefined) return;
    await this.send(request);
    this.seen.add('delivered late');
    // And once more: networks repeat.
    if (which > 6) await this.send(request);
  }

  async review({ label: name }: { readonly label: string }): Promise<void> {
    if (this.newest(name) < 0) return;
    const { request, verify } = this.service.review(bytesOf(name));
    const response = await this.manager.search(request);
    try {
      const known = await verify(response, { nowMs: this.nowMs });
      claim([known.version, textOf(known.value)]).toEqual([
        this.newest(name),
        this.model.versionsOf(name).at(-1)?.value,
      ]);
      claim(known.treeSize).toBe(this.model.treeSize);
      this.service.checkResponse(await this.manager.search(this.newcomer.search(bytesOf(name)).request));
      this.seen.add(known.unsettled > 0 ? 'unsettled ahead' : 'settled');
    } catch (error) {
      claim((error as Error).message).toBe('the store is out');
      this.service = await this.openService(this.store);
      await this.review({ label: name });
    }
  }

  /** The service operator gets a label going by itself. */
  async settle({ label: name }: StepOf<'settle'>): Promise<void> {
    await this.review({ label: name });
    const request = await this.service.openUpdate(bytesOf(name));
    if (request === undefined) return;
    claim(await this.send(request)).toHaveLength(1);
    await this.review({ label: name });
    claim(await this.service.openUpdate(bytesOf(name))).toBeUndefined();
    this.seen.add('settled by itself');
  }

  async own({ label: name, device: which }: StepOf<'own'>): Promise<void> {
    const start = this.model.distinguished().at(-1);
    if (start === undefined) return;
    const { request, verify } = this.newcomer.initializeOwner(bytesOf(name), start);
    const result = verify(await this.manager.ownerInit(request), { nowMs: this.nowMs });
    claim(result.version).toBe(this.model.greatestAt(name, start));
    const wish = this.owners.get(`${name} ${which}`)?.wish ?? [];
    this.owners.set(`${name} ${which}`, {
      client: this.newcomer.at(result.after),
      known: result.version ?? -1,
      wish,
    });
  }

  async watch({ label: name, device: which }: StepOf<'watch'>): Promise<void> {
    const key = `${name} ${which}`;
    const owner = this.owners.get(key);
    if (owner === undefined) return;
    const { request, verify } = owner.client.monitorOwned(bytesOf(name));
    const result = verify(await this.manager.ownerMonitor(request), { nowMs: this.nowMs });
    this.owners.set(key, { ...owner, client: owner.client.at(result.after) });
    this.seen.add(`watch ${result.next}`);
  }

  async search({ label: name, version: wanted }: StepOf<'search'>): Promise<void> {
    if (this.model.treeSize === 0) return;
    const target = wanted ?? this.newest(name);
    const value = this.model.versionsOf(name)[target]?.value;
    const { request, verify } = this.contact.search(bytesOf(name), wanted);
    if (value === undefined || value === SKIPPED) {
      const code = value === undefined ? 'ERR_NO_VERSION' : 'ERR_VERSION_SKIPPED';
      await claim(this.manager.search(request)).rejects.toMatchObject({ code });
      this.seen.add(code);
      return;
    }
    const found = verify(await this.manager.search(request), { nowMs: this.nowMs });
    claim([found.version, textOf(found.value)]).toEqual([target, value]);
    this.contact = this.contact.at(found.after);
  }

  async monitor(): Promise<void> {
    for (const due of this.contact.dueMonitors(Number.MAX_SAFE_INTEGER)) {
      const { request, verify } = this.contact.monitor(due.label);
      const seen = verify(await this.manager.contactMonitor(request), { nowMs: this.nowMs });
      this.contact = this.contact.at(seen.after);
      this.seen.add('monitored');
    }
  }

  async play(next: Step): Promise<void> {
    if ('clock' in next) this.nowMs += next.clock;
    switch (next.do) {
      case 'update':
        return this.update(next);
      case 'flood':
        return this.flood(next);
      case 'deliver':
        return this.deliver(next);
      case 'crash':
        // The store of the next calls fails at one of its writes, and the program with it.
        this.service = await this.openService(failing(this.store, next.at + 1, next.isAfter));
        return undefined;
      case 'reopen':
        this.manager = await this.openManager();
        this.service = await this.openService(this.store);
        return undefined;
      case 'review':
        return this.review(next);
      case 'settle':
        return this.settle(next);
      case 'own':
        return this.own(next);
      case 'watch':
        return this.watch(next);
      case 'idle':
        await this.manager.insert([], { nowMs: this.nowMs });
        this.model.insert([], this.nowMs);
        return undefined;
      case 'search':
        return this.search(next);
      case 'monitor':
        return this.monitor();
    }
  }
}
