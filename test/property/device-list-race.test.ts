/**
 * Publishing is compare-and-swap: two devices that publish at the same time end with one list.
 */

import {
  deriveFirstPosition,
  deriveNextPosition,
  type DeviceListDraft,
  draftAccountKeyChange,
  draftDeviceAddition,
  draftDeviceRemoval,
  draftFirstList,
  draftMessagingKeyChange,
  draftVerificationChange,
  signDeviceList,
  type VerifiedDeviceList,
  verifyDeviceList,
} from 'contact-key-verification/keys.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BOB, entryOf } from '../support/accounts.js';
import { ecKey, type TestKey } from '../support/list-forge.js';
import { check } from '../support/property.js';

/** What a device wants to do; `undefined` where the newest list leaves it nothing to do, or no right to. */
type Intent = (current: VerifiedDeviceList, self: Device) => DeviceListDraft | undefined;

interface Device {
  readonly id: string;
  readonly other: string;
  readonly key: TestKey;
  /** The key it would rotate to, the device it would add. */
  readonly next: TestKey;
  readonly friend: TestKey;
}

const device = (id: string, other: string): Device => {
  const [key, next, friend] = ['key', 'next account key', 'friend'].map((use) =>
    ecKey(`${use} of racing ${id}`),
  );
  return { id, other, key, next, friend } as Device;
};
const PHONE = device('phone', 'laptop');
const LAPTOP = device('laptop', 'phone');
const ACCOUNT = ecKey('account of the race');
const SIGNERS = [ACCOUNT, ...[PHONE, LAPTOP].flatMap(({ key, next, friend }) => [key, next, friend])];

const isListed = (list: VerifiedDeviceList, id: string): boolean =>
  list.devices.some((entry) => new TextDecoder().decode(entry.id) === id);

const INTENTS: Readonly<Record<string, Intent>> = {
  rekey: (current, { id, key }) => {
    const fresh = entryOf({ id, key: key.own }, deriveNextPosition(current), `other keys of ${id}`);
    return draftMessagingKeyChange(current, { author: id, devices: [fresh] });
  },
  add: (current, { id, friend }) => {
    const entry = entryOf({ id: `friend of ${id}`, key: friend.own }, deriveNextPosition(current));
    return draftDeviceAddition(current, { author: id, devices: [entry], removedKeyIds: [] });
  },
  off: (current, { id }) =>
    current.verification ? draftVerificationChange(current, { author: id, verification: false }) : undefined,
  rotate: (current, { id, next }) =>
    draftAccountKeyChange(current, { author: id, nextAccountKey: next.own.publicKey }),
  remove: (current, { id, other, next }) =>
    isListed(current, other)
      ? draftDeviceRemoval(current, { author: id, ids: [other], nextAccountKey: next.own.publicKey })
      : undefined,
};

/** Making and verifying are functions of what they are given, and slow: each case is computed once. */
function remembered<A extends readonly unknown[], T>(
  compute: (...args: A) => T,
  nameOf: (...args: A) => string,
) {
  const known = new Map<string, T>();
  return (...args: A): T => {
    const name = nameOf(...args);
    if (!known.has(name)) known.set(name, compute(...args));
    return known.get(name) as T;
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const follow = remembered(
  (bytes: Uint8Array, stored: VerifiedDeviceList) => verifyDeviceList(bytes, { identifier: BOB, stored }),
  (bytes, stored) => `${hex(bytes)} ${hex(stored.encoded)}`,
);
const make = remembered(
  (current: VerifiedDeviceList, self: Device, intent: string): VerifiedDeviceList | undefined => {
    if (!isListed(current, self.id)) return undefined;
    const draft = (INTENTS[intent] as Intent)(current, self);
    return draft === undefined
      ? undefined
      : signDeviceList(
          draft,
          SIGNERS.map(({ own }) => own),
        );
  },
  (current, self, intent) => `${hex(current.encoded)} ${self.id} ${intent}`,
);

/** The directory: publishing is compare-and-swap on the sequence. */
class Log {
  readonly lists: Uint8Array[];

  constructor(first: VerifiedDeviceList) {
    this.lists = [first.encoded];
  }

  publish({ sequence, encoded }: VerifiedDeviceList): boolean {
    if (sequence !== this.lists.length) return false;
    this.lists.push(encoded);
    return true;
  }
}

/** Someone who follows the log; every list it accepts must be an ordinary next one. */
class Follower {
  readonly log: Log;
  list: VerifiedDeviceList;

  constructor(log: Log, list: VerifiedDeviceList) {
    this.log = log;
    this.list = list;
  }

  catchUp(): void {
    for (const bytes of this.log.lists.slice(this.list.sequence + 1)) {
      this.list = follow(bytes, this.list);
      const { continuity, mark } = this.list;
      const quiet =
        continuity.kind === 'next' && continuity.authored && (mark === 'kept' || mark === 'moved');
      if (!quiet) throw new Error(`an alarm over an honest race: ${continuity.kind}, ${mark}`);
    }
  }
}

/** A device at work: it reads, makes, publishes, and where it lost begins again. One act at a time. */
class Publisher extends Follower {
  readonly self: Device;
  readonly intent: string;
  made: VerifiedDeviceList | undefined;
  published: VerifiedDeviceList | undefined;
  finished = false;
  lost = 0;

  constructor(log: Log, list: VerifiedDeviceList, self: Device, intent: string) {
    super(log, list);
    this.self = self;
    this.intent = intent;
  }

  act(): void {
    if (this.finished) return;
    if (this.made === undefined) {
      this.catchUp();
      this.made = make(this.list, this.self, this.intent);
      this.finished = this.made === undefined;
      return;
    }
    if (this.log.publish(this.made)) {
      this.list = this.made;
      this.published = this.made;
      this.finished = true;
    } else {
      this.made = undefined;
      this.lost++;
    }
  }
}

test('two devices that race to publish end with one list, and nobody is alarmed', () => {
  const position = deriveFirstPosition({ identifier: BOB, accountKey: ACCOUNT.own.publicKey });
  const entries = [PHONE, LAPTOP].map(({ id, key }) => entryOf({ id, key: key.own }, position));
  const first = signDeviceList(draftFirstList(position, entries), [ACCOUNT.own]);
  const intent = fc.constantFrom(...Object.keys(INTENTS));
  let races = 0;
  let rebuilt = 0;
  const law = (his: string, hers: string, schedule: readonly number[]): void => {
    const log = new Log(first);
    const publishers = [new Publisher(log, first, PHONE, his), new Publisher(log, first, LAPTOP, hers)];
    const alice = new Follower(log, first);
    for (const who of schedule) {
      if (who === 2) alice.catchUp();
      else (publishers[who] as Publisher).act();
    }
    for (let turn = 0; turn < 12; turn++) (publishers[turn % 2] as Publisher).act();

    for (const follower of [alice, ...publishers]) follower.catchUp();
    const newest = log.lists.at(-1);
    for (const follower of [alice, ...publishers]) expect(follower.list.encoded).toEqual(newest);
    const published = publishers.flatMap((publisher) => publisher.published ?? []);
    expect(log.lists).toHaveLength(1 + published.length);
    for (const list of published) expect(log.lists[list.sequence]).toEqual(list.encoded);
    for (const publisher of publishers) {
      expect(publisher.finished).toBe(true);
      expect(publisher.lost).toBeLessThanOrEqual(1);
      if (publisher.lost === 1) races++;
      if (publisher.lost === 1 && publisher.published !== undefined) rebuilt++;
    }
  };
  check(fc.property(intent, intent, fc.array(fc.nat(2), { maxLength: 8 }), law));
  expect(races).toBeGreaterThan(50);
  expect(rebuilt).toBeGreaterThan(50);
});
