/**
 * Random damages of a device list: fields taken from other lists, from other places, or made up; then signed again
 * by a forger who holds some of the keys, or all.
 */

import fc from 'fast-check';
import { ACCOUNT_KEYS, DEVICE_KEYS, EVERY_KEY } from './list-changes.js';
import {
  bytesPiece,
  cut,
  type DevicePieces,
  EMPTY,
  forge,
  hashPiece,
  idPiece,
  type ListPieces,
  NO_SIGNATURE,
  sequencePiece,
  type TestKey,
} from './list-forge.js';

/** One damage. Numbers are taken modulo what there is to choose from. */
export interface Mutation {
  readonly what: keyof typeof MUTATIONS;
  readonly a: number;
  readonly b: number;
  /** Pieces of another valid list, to take from. */
  readonly donor: Uint8Array;
}

type Mutate = (p: ListPieces, mutation: Mutation, donor: ListPieces) => void;

const at = <T>(from: readonly T[], index: number): T | undefined => from[index % Math.max(1, from.length)];
const sequenceOf = (piece: Uint8Array): number => Number(Buffer.from(piece).readBigUInt64BE());
const moved = (piece: Uint8Array, by: number): Buffer =>
  sequencePiece(Math.max(0, sequenceOf(piece) + (by % 5) - 2));

function replaceDevice(
  p: ListPieces,
  index: number,
  change: (device: DevicePieces) => Partial<DevicePieces>,
): void {
  const device = at(p.devices, index);
  if (device !== undefined) Object.assign(device, change(device));
}

const sortDevices = (p: ListPieces): void => {
  p.devices.sort((x, y) => Buffer.compare(x.id.subarray(1), y.id.subarray(1)));
};

const MUTATIONS = {
  identifier: (p, { a }) =>
    (p.identifier = idPiece(['tel:+15551234567', 'tel:+1555123456', ''][a % 3] as string)),
  accountKey: (p, { a }) => (p.accountKey = (at(EVERY_KEY, a) as TestKey).encoded),
  sequence: (p, { a }) => (p.sequence = moved(p.sequence, a)),
  previous: (p, { a }, donor) =>
    (p.previous = [EMPTY, hashPiece(new Uint8Array(32)), donor.previous, idPiece(new Uint8Array(31))][
      a % 4
    ] as Uint8Array),
  begin: (p) => {
    p.previous = EMPTY;
    p.author = EMPTY;
    p.authorSignature = NO_SIGNATURE;
    p.successions = [];
  },
  author: (p, { a }) => {
    p.author = at([EMPTY, ...p.devices.map(({ id }) => id), idPiece('nobody')], a) as Uint8Array;
    if (p.author === EMPTY) p.authorSignature = NO_SIGNATURE;
  },
  verification: (p, { a }) => (p.verification = Uint8Array.of(a % 3)),
  dropDevice: (p, { a }) => p.devices.splice(a % Math.max(1, p.devices.length), 1),
  takeDevice: (p, { a }, donor) => {
    const device = at(donor.devices, a);
    if (device === undefined) return;
    p.devices = p.devices.filter(({ id }) => !Buffer.from(id).equals(device.id));
    p.devices.push({ ...device });
    sortDevices(p);
  },
  repeatDevice: (p, { a }) => {
    const device = at(p.devices, a);
    if (device !== undefined) p.devices.splice(a % p.devices.length, 0, { ...device });
  },
  swapDevices: (p) => p.devices.reverse(),
  deviceId: (p, { a, b }) => {
    replaceDevice(p, a, () => ({ id: idPiece(['', 'a', 'c', 'z'.repeat(33)][b % 4] as string) }));
    if (b % 2 === 0) sortDevices(p);
  },
  signingKey: (p, { a, b }) =>
    replaceDevice(p, a, () => ({ signingKey: (at(EVERY_KEY, b) as TestKey).encoded })),
  messagingKeys: (p, { a, b }) =>
    replaceDevice(p, a, () => ({ messagingKeys: bytesPiece(new Uint8Array(b)) })),
  joined: (p, { a, b }) => replaceDevice(p, a, () => ({ joined: (at(EVERY_KEY, b) as TestKey).id })),
  since: (p, { a, b }) => replaceDevice(p, a, ({ since }) => ({ since: moved(since, b) })),
  fresh: (p) => {
    const joined = EVERY_KEY.find(({ encoded }) => encoded.equals(p.accountKey))?.id ?? new Uint8Array(32);
    for (const device of p.devices) Object.assign(device, { joined, since: p.sequence });
  },
  swapPossessions: (p, { a, b }) => {
    const [one, other] = [at(p.devices, a), at(p.devices, b)];
    if (one === undefined || other === undefined) return;
    [one.possession, other.possession] = [other.possession, one.possession];
  },
  dropSuccession: (p, { a }) => p.successions.splice(a % Math.max(1, p.successions.length), 1),
  addSuccession: (p, { a, b }) => {
    const key = (at(ACCOUNT_KEYS, a) as TestKey).encoded;
    const entry = { key, sequence: moved(p.sequence, b), signature: bytesPiece(new Uint8Array(64)) };
    p.successions.splice(b % (p.successions.length + 1), 0, entry);
  },
  rotate: (p, { a }) => {
    p.successions.push({ key: p.accountKey, sequence: p.sequence, signature: NO_SIGNATURE });
    p.accountKey = (at(ACCOUNT_KEYS, a) as TestKey).encoded;
  },
  successionSequence: (p, { a, b }) => {
    const succession = at(p.successions, a);
    if (succession !== undefined) succession.sequence = moved(succession.sequence, b);
  },
  takeSuccessions: (p, _, donor) =>
    (p.successions = donor.successions.map((succession) => ({ ...succession }))),
  account: (p, { a }, donor) =>
    (p.account = [NO_SIGNATURE, p.authorSignature, donor.account][a % 3] as Uint8Array),
  authorSignature: (p, { a }, donor) =>
    (p.authorSignature = [NO_SIGNATURE, p.account, donor.authorSignature][a % 3] as Uint8Array),
} as const satisfies Readonly<Record<string, Mutate>>;

/** Who forges: everybody together, the account keys, the devices, nobody. */
const FORGERS: readonly (readonly TestKey[])[] = [
  EVERY_KEY,
  EVERY_KEY,
  EVERY_KEY,
  ACCOUNT_KEYS,
  DEVICE_KEYS,
  [],
];

export interface Forgery {
  readonly mutations: readonly Mutation[];
  readonly forger: number;
}

export function forgeries(donors: readonly Uint8Array[]): fc.Arbitrary<Forgery> {
  const mutation: fc.Arbitrary<Mutation> = fc.record({
    what: fc.constantFrom(...(Object.keys(MUTATIONS) as Mutation['what'][])),
    a: fc.nat(30),
    b: fc.nat(30),
    donor: fc.constantFrom(...donors),
  });
  return fc.record({
    mutations: fc.array(mutation, { maxLength: 3 }),
    forger: fc.nat(FORGERS.length - 1),
  });
}

/** The forged list. Without mutations, the list itself. */
export function applyForgery(base: Uint8Array, { mutations, forger }: Forgery): Uint8Array {
  return forge(base, FORGERS[forger] as readonly TestKey[], (pieces) => {
    for (const mutation of mutations) {
      (MUTATIONS[mutation.what] as Mutate)(pieces, mutation, cut(mutation.donor));
    }
  });
}
