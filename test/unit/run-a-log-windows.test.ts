/**
 * What the reasonable monitoring window costs whom, as docs/run-a-log.md states it: a log of four weeks, and devices
 * that live with it. Every byte is one of a request or a response that the client verifies. Curves are replaced by
 * hashes of the same lengths.
 */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Operator } from '../../src/operator.js';
import { type Client, type ClientRequest, createClient } from '../../src/transparency.js';
import { isDistinguished } from './distinguished-of.js';
import { bytesOf, createWorld, quickSuite, SUITES, textOf, type World } from './operator-world.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGIN_MS = 1_700_006_400_000;
/** A log entry every quarter of an hour, with new versions of two labels. */
const ENTRY_MS = HOUR_MS / 4;
const LABELS = 2000;
/** One device is away for all four weeks, another one is there for the second two, and looks people up in the third. */
const END_MS = 28 * DAY_MS;
const FROM_MS = 14 * DAY_MS;
const LOOK_UPS_END_MS = 21 * DAY_MS;
/** Lists come on top. */
const NO_VALUE = new Uint8Array(0);
const OWN = bytesOf('bob');

const guide = readFileSync(new URL('../../docs/run-a-log.md', import.meta.url), 'utf8');
const suite = quickSuite(SUITES[0] as World['suite']);

/** Requests, and the bytes of them and their responses. */
interface Bill {
  requests: number;
  bytes: number;
}

/** A program on somebody's device. */
class Device {
  client: Client;
  nowMs = 0;

  constructor(world: World) {
    this.client = createClient(world.bytes, { suite });
  }

  async ask<Result>(
    { request, verify }: ClientRequest<Result>,
    answer: (request: Uint8Array) => Promise<Uint8Array>,
    bill: Bill = noBill(),
  ): Promise<Result> {
    const response = await answer(request);
    const result = verify(response, { nowMs: this.nowMs });
    this.client = this.client.at(result.after);
    bill.requests += 1;
    bill.bytes += request.length + response.length;
    return result;
  }

  async own(operator: Operator): Promise<void> {
    const { heads } = await this.ask(this.client.distinguishedHeads(), operator.distinguished);
    const start = heads.at(-1)?.position as number;
    await this.ask(this.client.initializeOwner(OWN, start), operator.ownerInit);
  }

  async checkOwn(operator: Operator, bill: Bill): Promise<void> {
    let next: string;
    do {
      ({ next } = await this.ask(this.client.monitorOwned(OWN), operator.ownerMonitor, bill));
    } while (next === 'monitor');
    if (next !== 'nothing') throw new Error('the log holds versions that nobody made');
  }
}

const noBill = (): Bill => ({ requests: 0, bytes: 0 });
const updateOf = (name: string, versions: number) => ({
  label: bytesOf(name),
  values: Array.from({ length: versions }, () => NO_VALUE),
});

/** What goes into the log at a time: at noon the third lists of two contacts, among whatever others publish. */
function updatesAt(sinceMs: number): readonly ReturnType<typeof updateOf>[] {
  const index = sinceMs / ENTRY_MS;
  const day = Math.floor(sinceMs / DAY_MS);
  const others = [0, 1].map((i) => updateOf(`user ${(2 * index + i) % LABELS}`, 1));
  if (sinceMs === 0) return [...others, updateOf('bob', 3)];
  if (sinceMs % DAY_MS !== DAY_MS / 2) return others;
  const [today, tomorrow] = [contactsOf(day), contactsOf(day + 1)];
  return [...others, ...today.map((name) => updateOf(name, 1)), ...tomorrow.map((name) => updateOf(name, 2))];
}

const contactsOf = (day: number): string[] => [`contact ${day} a`, `contact ${day} b`];

async function live(windowMs: number) {
  const world = createWorld({ suite, windowMs });
  const operator = await world.open();
  const [device, away] = [new Device(world), new Device(world)];
  const bills = { owner: noBill(), contacts: noBill(), lookUps: noBill(), back: noBill() };
  const lookedUp = new Map<string, number>();
  const waits: number[] = [];
  const timestamps: number[] = [];

  for (let sinceMs = 0; sinceMs <= END_MS; sinceMs += ENTRY_MS) {
    const nowMs = BEGIN_MS + sinceMs;
    timestamps.push(nowMs);
    await operator.insert(updatesAt(sinceMs), { nowMs });
    device.nowMs = nowMs;
    away.nowMs = nowMs;
    if (sinceMs === 0) await away.own(operator);
    if (sinceMs === FROM_MS) await device.own(operator);
    if (sinceMs <= FROM_MS) continue;
    // Once an hour the device does what is due.
    for (const { operation, label } of sinceMs % HOUR_MS === 0 ? device.client.dueMonitors(nowMs) : []) {
      if (operation === 'owner') {
        await device.checkOwn(operator, bills.owner);
        continue;
      }
      const { versions } = await device.ask(
        device.client.monitor(label),
        operator.contactMonitor,
        bills.contacts,
      );
      if (versions.length === 0) waits.push(nowMs - (lookedUp.get(textOf(label)) as number));
    }
    // Contacts who have just published are looked up with the next entry, a quarter of an hour later.
    if (sinceMs > LOOK_UPS_END_MS || sinceMs % DAY_MS !== DAY_MS / 2 + ENTRY_MS) continue;
    for (const name of contactsOf(Math.floor(sinceMs / DAY_MS))) {
      await device.ask(device.client.search(bytesOf(name)), operator.search, bills.lookUps);
      lookedUp.set(name, nowMs);
    }
  }
  await away.checkOwn(operator, bills.back);
  return { bills, waits, lookedUp, timestamps };
}

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

test.each([
  ['1 hour', HOUR_MS],
  ['1 day', DAY_MS],
  ['1 week', 7 * DAY_MS],
])('a window of %s costs what the guide says', async (name, windowMs) => {
  const { bills, waits, lookedUp, timestamps } = await live(windowMs);
  const { owner, contacts, lookUps, back } = bills;
  // Every look-up was settled before the end.
  expect([lookedUp.size, lookUps.requests, waits.length]).toEqual([14, 14, 14]);
  const timestampOf = (position: number): number => timestamps[position] as number;
  const row = [
    name,
    timestamps.filter((_, i) => isDistinguished(i, timestamps.length, windowMs, timestampOf)).length,
    `${Number((owner.requests / 14).toFixed(2))}, ${kB(owner.bytes / 14)}`,
    kB(lookUps.bytes / 14),
    `${Number((contacts.requests / 14).toFixed(2))}, ${kB(contacts.bytes / 14)}`,
    `${Math.max(...waits) / HOUR_MS} h`,
    kB((owner.bytes + 2 * (lookUps.bytes + contacts.bytes)) / 14),
    `${back.requests}, ${kB(back.bytes)}`,
  ];
  expect(guide).toContain(`| ${row.join(' | ')} |`);
});
