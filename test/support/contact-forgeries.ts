/**
 * Lists that an attacker publishes in place of the account's: her own account under its number, and what whoever
 * stole the account key can sign. All are really signed; each is made once.
 */

import {
  deriveFirstPosition,
  deriveNextPosition,
  draftAccountKeyChange,
  draftDeviceAddition,
  draftFirstList,
  draftMessagingKeyChange,
  draftReset,
  draftVerificationChange,
  type ListPosition,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import { deviceEntry, NUMBER, type Page, pageOf, publicKeyOf, sign } from './contact-story.js';

/** Her device, and her account key; the account's own devices never have these names. */
export const MALLORY = 'mallory';
const ACCOUNT = "mallory's account";

export type Forgery = (page: Page) => VerifiedDeviceList;

function once(make: Forgery, keyOf: (page: Page) => string): Forgery {
  const made = new Map<string, VerifiedDeviceList>();
  return (page) => {
    const list = made.get(keyOf(page)) ?? make(page);
    made.set(keyOf(page), list);
    return list;
  };
}

const byPage = (make: Forgery): Forgery => once(make, ({ list }) => list.listId.join());

const herDevice = (position: ListPosition): ReturnType<typeof deviceEntry> =>
  deviceEntry({ name: MALLORY, messaging: 0 }, position);

/** Her account from the first list on, under any identifier. */
export function herAccount(identifier: string = NUMBER): VerifiedDeviceList {
  const position = deriveFirstPosition({ identifier, accountKey: publicKeyOf(ACCOUNT) });
  return sign(draftFirstList(position, [herDevice(position)]), ACCOUNT);
}

/** Her account as the next list: a reset looks the same whatever it follows. */
export const herReset: Forgery = once(
  ({ list }) => {
    const accountKey = publicKeyOf(ACCOUNT);
    const devices = [herDevice(deriveNextPosition(list, accountKey))];
    return sign(draftReset(list, { accountKey, devices, removedKeyIds: [] }), ACCOUNT);
  },
  ({ list }) => String(list.sequence),
);

/** Her account in place of this list. */
export const herTwin: Forgery = ({ before }) => (before === undefined ? herFirst() : herReset(before));
let first: VerifiedDeviceList | undefined;
function herFirst(): VerifiedDeviceList {
  first ??= herAccount();
  return first;
}

/** The account begun again under its own key, with her device. */
export const resetUnderSameKey: Forgery = byPage(({ list, account }) => {
  const { accountKey } = list;
  const devices = [herDevice(deriveNextPosition(list, accountKey))];
  return sign(draftReset(list, { accountKey, devices, removedKeyIds: [] }), account);
});

/** By the stolen account key: her device is added. */
export const stolenKeyAdds: Forgery = byPage(({ list, account }) => {
  const devices = [herDevice(deriveNextPosition(list))];
  return sign(draftDeviceAddition(list, { author: null, devices, removedKeyIds: [] }), account);
});

/** By the stolen account key: it hands over to hers. */
export const stolenKeyHandsOver: Forgery = byPage(({ list, account }) => {
  const draft = draftAccountKeyChange(list, { author: null, nextAccountKey: publicKeyOf(ACCOUNT) });
  return sign(draft, account, ACCOUNT);
});

/** By the stolen account key: verification off. The list must have it on. */
export const stolenKeyTurnsOff: Forgery = byPage(({ list, account }) =>
  sign(draftVerificationChange(list, { author: null, verification: false }), account),
);

/** An honest next list: other messaging keys of the first device, which makes the list. */
export const honestRekeying: Forgery = byPage(({ list, account, imitation }) => {
  const [device] = imitation.devices;
  if (device === undefined) throw new Error('every page has a device');
  const rekeyed = { ...device, messaging: device.messaging + 1 };
  const devices = [deviceEntry(rekeyed, deriveNextPosition(list))];
  return sign(draftMessagingKeyChange(list, { author: device.name, devices }), account, device.name);
});

/** An honest next list: one of the account's life, while that goes on. */
export const honestNext: Forgery = (page) => page.after[0]?.list ?? honestRekeying(page);

/** Two lists on: by the stolen key, on the honest next one. */
export const listAfterGap: Forgery = byPage((page) => {
  const next = honestNext(page);
  const account = pageOf(next.listId)?.account ?? page.account;
  return stolenKeyAdds({ ...page, list: next, account });
});
