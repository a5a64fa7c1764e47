/**
 * Random changes of a device list through the helpers, sensible and not: few ids, few keys, so that clashes happen.
 */

import {
  deriveFirstPosition,
  deriveNextPosition,
  type Device,
  type DeviceListDraft,
  draftAccountKeyChange,
  draftDeviceAddition,
  draftDeviceRemoval,
  draftFirstList,
  draftMessagingKeyChange,
  draftReset,
  draftVerificationChange,
  type ListPosition,
  type PrivateKey,
  signDeviceEntry,
  signDeviceList,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import fc from 'fast-check';
import { BOB } from './accounts.js';
import { ecKey, edKey, type TestKey } from './list-forge.js';

/** Both schemes in turn. */
const keys = (name: string, count: number): readonly TestKey[] =>
  Array.from({ length: count }, (_, i) => (i % 2 === 0 ? ecKey : edKey)(`${name} ${i}`));
export const ACCOUNT_KEYS: readonly TestKey[] = keys('account of changes', 5);
export const DEVICE_KEYS: readonly TestKey[] = keys('device of changes', 4);
export const EVERY_KEY: readonly TestKey[] = [...ACCOUNT_KEYS, ...DEVICE_KEYS];
export const EVERYBODY: readonly PrivateKey[] = EVERY_KEY.map(({ own }) => own);
export const IDS = ['a', 'aa', 'b', '\u00e9'] as const;

/** Numbers are taken modulo what there is to choose from. */
export interface Choice {
  readonly kind: 'add' | 'remove' | 'retire' | 'rotate' | 'rekey' | 'verification' | 'reset';
  /** Among the listed devices; beyond them, the account key alone. */
  readonly author: number;
  /** Entries that are made for this change: id and key, which mostly belong together. */
  readonly entries: readonly { readonly id: number; readonly key: number; readonly messaging: number }[];
  readonly ids: readonly number[];
  readonly account: number;
  readonly on: boolean;
}

const small: fc.Arbitrary<number> = fc.nat(20);
const entries: fc.Arbitrary<Choice['entries']> = fc.array(
  fc
    .tuple(fc.nat(3), small, fc.nat(3))
    .map(([id, key, messaging]) => ({ id, key: key > 16 ? key : id, messaging })),
  { maxLength: 2 },
);
export const choices: fc.Arbitrary<Choice> = fc.record({
  kind: fc.constantFrom(
    'add',
    'add',
    'remove',
    'retire',
    'rotate',
    'rekey',
    'rekey',
    'verification',
    'reset',
  ) as fc.Arbitrary<Choice['kind']>,
  author: small,
  entries,
  ids: fc.array(fc.nat(3), { maxLength: 2 }),
  account: small,
  on: fc.boolean(),
});

const pick = <T>(from: readonly T[], index: number): T => from[index % from.length] as T;

const entryAt = (position: ListPosition, { id, key, messaging }: Choice['entries'][number]): Device =>
  signDeviceEntry(
    position,
    { id: pick(IDS, id), messagingKeys: new Uint8Array(messaging).fill(id) },
    pick(DEVICE_KEYS, key).own,
  );

/** The draft a choice asks for; throws where the helpers refuse it. */
export function draftOf(current: VerifiedDeviceList, choice: Choice): DeviceListDraft {
  const listed = current.devices;
  const author = listed[choice.author % (listed.length + 1)]?.id ?? null;
  const nextAccountKey = pick(ACCOUNT_KEYS, choice.account).own.publicKey;
  const made = (accountKey = current.accountKey): Device[] =>
    choice.entries.map((entry) => entryAt(deriveNextPosition(current, accountKey), entry));
  const removed = pick(listed.length === 0 ? [undefined] : listed, choice.account)?.id ?? 'nobody';
  const ids = [removed, ...choice.ids.slice(1).map((id) => pick(IDS, id))];
  switch (choice.kind) {
    case 'add':
      return draftDeviceAddition(current, { author, devices: made(), removedKeyIds: [] });
    case 'remove':
      return draftDeviceRemoval(current, { author, ids, nextAccountKey });
    case 'retire':
      return draftDeviceRemoval(current, { author, ids, retired: true });
    case 'rotate':
      return draftAccountKeyChange(current, { author, nextAccountKey, devices: made(nextAccountKey) });
    case 'rekey':
      return draftMessagingKeyChange(current, { author, devices: made() });
    case 'verification':
      return draftVerificationChange(current, { author, verification: choice.on });
    case 'reset': {
      const devices = made(nextAccountKey);
      const change = { accountKey: nextAccountKey, devices, removedKeyIds: [], verification: choice.on };
      return draftReset(current, change);
    }
  }
}

/** Walks of the account through `steps` changes each; every list with the one before it. */
export interface Step {
  readonly before: VerifiedDeviceList | undefined;
  readonly list: VerifiedDeviceList;
}

export function takeWalks(walks: number, steps: number, seed: number): readonly Step[] {
  const taken: Step[] = [];
  const offered = fc.sample(choices, { seed, numRuns: walks * steps * 20 });
  let offer = 0;
  for (let walk = 0; walk < walks; walk++) {
    const accountKey = pick(ACCOUNT_KEYS, walk).own.publicKey;
    const position = deriveFirstPosition({ identifier: BOB, accountKey, sequence: walk % 2 });
    const devices = [0, 1].map((id) => entryAt(position, { id, key: id, messaging: 1 }));
    let list = signDeviceList(draftFirstList(position, devices), EVERYBODY);
    taken.push({ before: undefined, list });
    for (let step = 0; step < steps && offer < offered.length; offer++) {
      let next: VerifiedDeviceList;
      try {
        next = signDeviceList(draftOf(list, offered[offer] as Choice), EVERYBODY);
      } catch {
        continue;
      }
      taken.push({ before: list, list: next });
      list = next;
      step++;
    }
  }
  return taken;
}
