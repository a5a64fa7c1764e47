/** A next list of an account with exactly one thing made wrong, for every code that makes a list false. */

import { honestRekeying, MALLORY, stolenKeyHandsOver } from './contact-forgeries.js';
import { keyOfName, type Page } from './contact-story.js';
import { herAccount } from './contact-forgeries.js';
import {
  bytesPiece,
  type DevicePieces,
  EMPTY,
  forge,
  hashPiece,
  type ListPieces,
  sequencePiece,
  type TestKey,
} from './list-forge.js';

const FALSE_SIGNATURE = bytesPiece(new Uint8Array(64).fill(1));

interface Damage {
  /** The list that is damaged: an honest one, or one by the stolen account key that hands over. */
  readonly of?: 'handover';
  readonly change: (pieces: ListPieces, page: Page) => void;
  /** Whether the forger signs the changed list as the account and its author. */
  readonly signs?: boolean;
}

const device = (pieces: ListPieces): DevicePieces => pieces.devices[0] as DevicePieces;

const damages: Readonly<Record<string, Damage>> = {
  ERR_LIST_SIGNATURE: { change: (pieces) => (pieces.account = FALSE_SIGNATURE) },
  ERR_LIST_AUTHOR: { change: (pieces) => (pieces.authorSignature = FALSE_SIGNATURE) },
  ERR_LIST_PREVIOUS: { signs: true, change: (pieces) => (pieces.previous = hashPiece(new Uint8Array(32))) },
  ERR_LIST_START: { signs: true, change: (pieces) => (pieces.previous = EMPTY) },
  ERR_DEVICE_POSSESSION: { signs: true, change: (pieces) => (device(pieces).possession = FALSE_SIGNATURE) },
  ERR_DEVICE_ENTRY: { signs: true, change: (pieces) => (device(pieces).joined = Buffer.alloc(32, 7)) },
  ERR_KEY_REUSED: {
    signs: true,
    change: (pieces) => (device(pieces).signingKey = pieces.accountKey as Buffer),
  },
  ERR_SUCCESSION_SIGNATURE: {
    of: 'handover',
    signs: true,
    change: (pieces) =>
      ((pieces.successions.at(-1) as { signature: Uint8Array }).signature = FALSE_SIGNATURE),
  },
  ERR_SUCCESSION_CHAIN: {
    of: 'handover',
    signs: true,
    change: (pieces, { list }) =>
      ((pieces.successions.at(-1) as { sequence: Uint8Array }).sequence = sequencePiece(list.sequence + 9)),
  },
};

/** Codes of refusal that say that a list is false. */
export const DAMAGES: readonly string[] = [...Object.keys(damages), 'ERR_LIST_IDENTIFIER', 'ERR_TRUNCATED'];

const made = new Map<string, Uint8Array>();
let elsewhere: Uint8Array | undefined;

/** The bytes of a next list that `verifyDeviceList` refuses with this code, after the list of the page. */
export function damaged(code: string, page: Page): Uint8Array {
  if (code === 'ERR_LIST_IDENTIFIER') {
    elsewhere ??= herAccount('tel:+15550000000').encoded;
    return elsewhere;
  }
  const key = `${code} ${page.list.listId.join()}`;
  const bytes = made.get(key) ?? damage(code, page);
  made.set(key, bytes);
  return bytes;
}

function damage(code: string, page: Page): Uint8Array {
  const of = damages[code];
  if (of === undefined) return honestRekeying(page).encoded.slice(0, -1);
  const base = of.of === 'handover' ? stolenKeyHandsOver(page) : honestRekeying(page);
  return forge(base.encoded, of.signs === true ? heldBy(page) : [], (pieces) => of.change(pieces, page));
}

/** Everything: what is refused here is refused for what it says, not for want of a key. */
function heldBy({ account, imitation }: Page): readonly TestKey[] {
  const names = [account, "mallory's account", MALLORY, ...imitation.devices.map(({ name }) => name)];
  return names.map(keyOfName);
}
