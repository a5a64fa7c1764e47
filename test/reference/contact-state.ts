/**
 * A contact's state, written naively in each of its versions. The numbers are those of the day a version was frozen:
 * whoever changes the library's tables cannot change these by accident.
 *
 *     struct {
 *       uint16 version; uint8 owner; opaque identifier<0..255>;
 *       List list<0..1>;
 *       Name accepted<0..2^16-1>; Span followed<0..2^16-1>; Handover handovers<0..2^16-1>;
 *       Removed removed<0..2^16-1>; Pin pins<0..2^16-1>;
 *       uint8 blocked; uint64 blocked_ms;
 *       Proven proven<0..1>; Trouble troubles<0..2^16-1>; Note notes<0..2^16-1>;
 *       Name written<0..2^16-1>;                                 // since version 2
 *       // Since version 3 a Proven ends with included_ms and newest_ms of the list in use.
 *     } ContactState;
 */

import { Buffer } from 'node:buffer';

/** A field as it stands in the bytes: a number of so many bytes, or bytes behind a length of so many bytes. */
type Field = readonly [width: number, value: number | string | Uint8Array];

const u8 = (value: number): Field => [1, value];
const u16 = (value: number): Field => [2, value];
const u32 = (value: number): Field => [4, value];
const ms = (value: number): Field => [8, value];
const raw = (value: string): Field => [0, Buffer.from(value, 'hex')];
const short = (value: string): Field => [1, Buffer.from(value, 'hex')];
const long = (value: string): Field => [2, Buffer.from(value, 'hex')];

function write(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.map(([width, value]) => {
      const number = Buffer.alloc(8);
      number.writeBigUInt64BE(BigInt(typeof value === 'number' ? value : value.length));
      const prefix = number.subarray(8 - width);
      return typeof value === 'number' ? prefix : Buffer.concat([prefix, value as Uint8Array]);
    }),
  );
}

/** Numbers of version 1, and of what version 2 added. */
const NUMBERS: Readonly<Record<string, number>> = {
  'device-added': 0,
  'device-unsigned': 3,
  'list-fork': 16,
  'own-list-foreign': 27,
  notice: 0,
  alarm: 2,
  'list-changed': 0,
  'message-sender': 2,
  'directory-shows-other': 30,
  'not-own-device': 44,
  more: 45,
  'this-contact': 37,
  'log-unavailable': 4,
  code: 0,
  'public-code': 3,
  authored: 0,
  contact: 0,
  own: 1,
};

const numberOf = (name: string): number => {
  const number = NUMBERS[name];
  if (number === undefined) throw new Error(`no number for ${name}`);
  return number;
};

/** The facts of a state; bytes as hex. */
export interface StateFacts {
  readonly owner: string;
  readonly identifier: string;
  readonly list: {
    readonly sequence: number;
    readonly listId: string;
    readonly accountKeyId: string;
    readonly earlierKeyIds: readonly string[];
    readonly verification: boolean;
    readonly devices: readonly (readonly [id: string, scheme: number, key: string, messagingKeys: string])[];
    readonly acceptedMs: number;
  };
  readonly accepted: readonly (readonly [sequence: number, listId: string])[];
  readonly followed: readonly (readonly [from: number, to: number])[];
  readonly handovers: readonly (readonly [
    sequence: number,
    from: string,
    to: string,
    how: string,
    atMs: number,
  ])[];
  readonly removed: readonly (readonly [sequence: number, scheme: number, key: string, atMs: number])[];
  readonly pins: readonly (readonly [
    keyId: string,
    by: string,
    sequence: number,
    atMs: number,
    droppedMs: number,
  ])[];
  readonly block: readonly [blocked: boolean, atMs: number];
  readonly proven: readonly [sequence: number, listId: string, includedMs: number, newestMs: number];
  readonly provenInUse: readonly [includedMs: number, newestMs: number];
  readonly troubles: readonly (readonly [
    code: string,
    why: string,
    ongoing: boolean,
    sinceMs: number,
    lastMs: number,
    count: number,
  ])[];
  readonly notes: readonly NoteFacts[];
  readonly written: readonly (readonly [sequence: number, listId: string])[];
}

export interface NoteFacts {
  readonly names: readonly [code: string, level: string, why: string];
  readonly device: readonly [id: string, key: string];
  readonly before: string;
  readonly after: string;
  readonly sequence: number;
  readonly times: readonly [sinceMs: number, lastMs: number, seenMs: number];
  readonly evidence: string;
  readonly evidenceOmitted: boolean;
  readonly folded: number;
}

/** The state in that version, without what the version does not have. */
export function writeContactState(version: 1 | 2 | 3, facts: StateFacts): Uint8Array {
  const { list, block, proven, provenInUse } = facts;
  const many = <T>(values: readonly T[], fieldsOf: (value: T) => readonly Field[]): readonly Field[] => [
    u16(values.length),
    ...values.flatMap(fieldsOf),
  ];
  const name = ([sequence, listId]: readonly [number, string]): Field[] => [u32(sequence), raw(listId)];
  return write([
    u16(version),
    u8(numberOf(facts.owner)),
    short(facts.identifier),
    u8(1),
    u32(list.sequence),
    raw(list.listId),
    raw(list.accountKeyId),
    u8(list.earlierKeyIds.length),
    ...list.earlierKeyIds.map(raw),
    u8(list.verification ? 1 : 0),
    u8(list.devices.length),
    ...list.devices.flatMap(([id, scheme, key, keys]) => [short(id), u16(scheme), short(key), long(keys)]),
    ms(list.acceptedMs),
    ...many(facts.accepted, name),
    ...many(facts.followed, ([from, to]) => [u32(from), u32(to)]),
    ...many(facts.handovers, ([sequence, from, to, how, atMs]) => [
      u32(sequence),
      raw(from),
      raw(to),
      u8(numberOf(how)),
      ms(atMs),
    ]),
    ...many(facts.removed, ([sequence, scheme, key, atMs]) => [
      u32(sequence),
      u16(scheme),
      short(key),
      ms(atMs),
    ]),
    ...many(facts.pins, ([keyId, by, sequence, atMs, droppedMs]) => [
      raw(keyId),
      u8(numberOf(by)),
      u32(sequence),
      ms(atMs),
      ms(droppedMs),
    ]),
    u8(block[0] ? 1 : 0),
    ms(block[1]),
    u8(1),
    u32(proven[0]),
    raw(proven[1]),
    ms(proven[2]),
    ms(proven[3]),
    ...(version < 3 ? [] : provenInUse.map(ms)),
    ...many(facts.troubles, ([code, why, ongoing, sinceMs, lastMs, count]) => [
      u8(numberOf(code)),
      u8(numberOf(why)),
      u8(ongoing ? 1 : 0),
      ms(sinceMs),
      ms(lastMs),
      u8(count),
    ]),
    ...many(facts.notes, (note) => noteFields(version, note)),
    ...(version === 1 ? [] : many(facts.written, name)),
  ]);
}

function noteFields(version: 1 | 2 | 3, note: NoteFacts): readonly Field[] {
  const one: Field[] = [
    ...note.names.map((given) => u8(numberOf(given))),
    short(note.device[0]),
    short(note.device[1]),
    short(note.before),
    short(note.after),
    u32(note.sequence),
    ...note.times.map(ms),
    [3, Buffer.from(note.evidence, 'hex')],
  ];
  return version === 1 ? one : [...one, u8(note.evidenceOmitted ? 1 : 0), u16(note.folded)];
}
