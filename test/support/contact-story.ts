/**
 * An account told in really signed lists: a tree of some hundred, in which every way from the root is an honest
 * life of the account. They are made once and are the same in every run; what `verifyDeviceList` says of a list, given
 * the one stored before, is remembered. Each comes with its imitation (`contact-world.ts`).
 */

import {
  deriveFirstPosition,
  deriveNextPosition,
  type Device,
  draftAccountKeyChange,
  draftDeviceAddition,
  draftDeviceRemoval,
  draftFirstList,
  draftMessagingKeyChange,
  draftReset,
  draftVerificationChange,
  type ListPosition,
  signDeviceList,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import { digest, firstOf, nextOf, type WorldDevice, type WorldList } from './contact-world.js';
import { ecKey, edKey, type TestKey } from './list-forge.js';
import { entryOf } from './accounts.js';

export const NUMBER = 'tel:+15551234567';
const PAGES = 64;
const DEVICES_MAX = 4;

/** How a list came about. `recover` and `recover-key`: by the account key alone, from its backup. */
export type Change =
  | 'first'
  | 'add'
  | 'remove'
  | 'retire'
  | 'rekey'
  | 'rotate'
  | 'recover'
  | 'recover-key'
  | 'off'
  | 'on'
  | 'reassign';

/** One list of the account. */
export interface Page {
  readonly list: VerifiedDeviceList;
  readonly change: Change;
  readonly before: Page | undefined;
  /** Lists that follow this one, each in a life of its own. */
  readonly after: readonly Page[];
  /** How many lists follow at most. */
  readonly height: number;
  readonly imitation: WorldList;
  /** Names of keys, by which `keyOfName` finds them. */
  readonly account: string;
}

interface GrowingPage extends Page {
  readonly after: GrowingPage[];
  height: number;
}

const keys = new Map<string, TestKey>();

/** The key of this name, of one scheme or the other. */
export function keyOfName(name: string): TestKey {
  const known = keys.get(name) ?? ((digest('scheme', name)[0] as number) % 2 === 0 ? ecKey : edKey)(name);
  keys.set(name, known);
  return known;
}

export const publicKeyOf = (name: string): VerifiedDeviceList['accountKey'] => keyOfName(name).own.publicKey;

/** The entry of a device, made for a list at this position. */
export function deviceEntry({ name, messaging }: WorldDevice, position: ListPosition): Device {
  return entryOf({ id: name, key: keyOfName(name).own }, position, `keys ${messaging} of ${name}`);
}

/** A list made from the one of a page, signed by whoever has to. */
export function sign(
  draft: Parameters<typeof signDeviceList>[0],
  ...names: readonly string[]
): VerifiedDeviceList {
  return signDeviceList(
    draft,
    names.map((name) => keyOfName(name).own),
  );
}

/** Numbers that look drawn, and are the same in every run. */
const drawn = (count: number, ...from: readonly (number | string)[]): number =>
  ((digest('drawn', ...from)[0] as number) * 256 + (digest('drawn', ...from)[1] as number)) % count;

let told: readonly GrowingPage[] | undefined;

/** Every page; the first is the root. */
export function tellAccount(): readonly Page[] {
  told ??= grow();
  return told;
}

/** The page of a list. */
export function pageOf(listId: Uint8Array | undefined): Page | undefined {
  return listId === undefined ? undefined : pages.get(listId.join());
}

const pages = new Map<string, Page>();

function grow(): readonly GrowingPage[] {
  const devices = ['d0', 'd1'];
  const position = deriveFirstPosition({ identifier: NUMBER, accountKey: publicKeyOf('K0') });
  const entries = devices.map((name) => deviceEntry({ name, messaging: 0 }, position));
  const grown = [
    pageFrom({
      list: sign(draftFirstList(position, entries), 'K0'),
      change: 'first',
      before: undefined,
      imitation: firstOf(NUMBER, 'K0', devices),
      account: 'K0',
    }),
  ];
  for (let n = 1; n < PAGES; n++) {
    const before = grown[branchFrom(grown.length, n)] as GrowingPage;
    const made = follow(before, n);
    if (pages.has(made.list.listId.join())) continue;
    const page = pageFrom(made);
    before.after.push(page);
    grown.push(page);
    let height = 1;
    for (let past: Page | undefined = before; past !== undefined; past = past.before, height++) {
      (past as GrowingPage).height = Math.max(past.height, height);
    }
  }
  return grown;
}

/** Every so often somebody else gets the number, in a life that starts from any page; the others go on. */
const isReassigned = (n: number): boolean => n % 6 === 2;

/** Mostly the newest page goes on; sometimes the life from an older one takes another way. */
function branchFrom(count: number, n: number): number {
  if (drawn(7, 'branch', n) === 0 || isReassigned(n)) return drawn(Math.min(count, 20), 'from', n);
  const besides = isReassigned(n - 1) ? drawn(4, 'beside', n) > 0 : drawn(4, 'twin', n) === 0;
  return Math.max(0, count - 1 - (besides ? 1 : 0));
}

function pageFrom(made: Omit<Page, 'after' | 'height'>): GrowingPage {
  const page = { ...made, after: [], height: 0 };
  pages.set(page.list.listId.join(), page);
  return page;
}

function changeAfter({ list, imitation }: Page, n: number): Change {
  if (isReassigned(n)) return 'reassign';
  if (!list.verification && drawn(4, 'back on', n) > 0) return 'on';
  const many = imitation.devices.length > 1;
  const possible: readonly Change[] = [
    'rekey',
    'rotate',
    'recover-key',
    ...(imitation.devices.length < DEVICES_MAX ? (['add', 'recover'] as const) : []),
    ...(many ? (['remove', 'retire'] as const) : []),
    ...(list.verification ? (['off'] as const) : []),
  ];
  // What was told least so far, so that every short life has a bit of everything.
  const often = (change: Change): number =>
    [...pages.values()].filter((page) => page.change === change).length;
  const first = drawn(possible.length, 'change', n);
  const inTurn = [...possible.slice(first), ...possible.slice(0, first)];
  return inTurn.sort((a, b) => often(a) - often(b))[0] as Change;
}

function follow(before: Page, n: number): Omit<Page, 'after' | 'height'> {
  const change = changeAfter(before, n);
  const { list, account, imitation } = before;
  const { devices, chain } = imitation;
  const at = drawn(devices.length, 'device', n);
  const chosen = devices[at] as WorldDevice;
  const others = devices.filter((_, i) => i !== at);
  const author = (devices.length > 1 ? devices[(at + 1) % devices.length] : chosen)?.name as string;
  const [next, fresh] = [`K${n}`, { name: `e${n}`, messaging: 0 }];
  const nextAccountKey = publicKeyOf(next);
  const made = (draft: Parameters<typeof sign>[0], names: readonly string[], how: Partial<WorldList>) => ({
    list: sign(draft, ...names),
    change,
    before,
    imitation: nextOf(imitation, { ...how, salt: `page ${n}` }),
    account: how.chain?.at(-1) ?? account,
  });
  const entry = deviceEntry(fresh, deriveNextPosition(list));
  switch (change) {
    case 'add': {
      const draft = draftDeviceAddition(list, { author, devices: [entry], removedKeyIds: [] });
      return made(draft, [account, author], { devices: [...devices, fresh] });
    }
    case 'recover': {
      const draft = draftDeviceAddition(list, { author: null, devices: [entry], removedKeyIds: [] });
      return made(draft, [account], { how: 'alone', devices: [...devices, fresh] });
    }
    case 'remove': {
      const draft = draftDeviceRemoval(list, { author, ids: [chosen.name], nextAccountKey });
      return made(draft, [account, next, author], { devices: others, chain: [...chain, next] });
    }
    case 'retire': {
      const draft = draftDeviceRemoval(list, { author, ids: [chosen.name], retired: true });
      return made(draft, [account, author], { devices: others });
    }
    case 'rekey': {
      const rekeyed = { ...chosen, messaging: chosen.messaging + 1 };
      const entries = [deviceEntry(rekeyed, deriveNextPosition(list))];
      const draft = draftMessagingKeyChange(list, { author, devices: entries });
      return made(draft, [account, author], { devices: devices.map((d) => (d === chosen ? rekeyed : d)) });
    }
    case 'rotate':
    case 'recover-key': {
      const alone = change === 'recover-key';
      const draft = draftAccountKeyChange(list, { author: alone ? null : author, nextAccountKey });
      const names = alone ? [account, next] : [account, next, author];
      return made(draft, names, { how: alone ? 'alone' : 'authored', chain: [...chain, next] });
    }
    case 'first':
    case 'reassign': {
      const entries = [deviceEntry(fresh, deriveNextPosition(list, nextAccountKey))];
      const draft = draftReset(list, { accountKey: nextAccountKey, devices: entries, removedKeyIds: [] });
      return made(draft, [next], { how: 'reset', chain: [next], devices: [fresh], verification: true });
    }
    case 'off':
    case 'on': {
      const draft = draftVerificationChange(list, { author, verification: change === 'on' });
      return made(draft, [account, author], { verification: change === 'on' });
    }
  }
}
