/**
 * Verifying a signed device list: the one way from a directory's bytes to devices a messenger may encrypt to.
 */

import { assertObject } from '../bytes/arguments.js';
import { assertBytes, equalBytes } from '../bytes/compare.js';
import {
  deriveKeyId,
  encodePublicKey,
  equalPublicKeys,
  parsePublicKey,
  type PublicKey,
} from '../crypto/public-key.js';
import { PolicyError, StateError, UnsupportedError } from '../errors.js';
import { identifierBytes } from './arguments.js';
import type { DeviceList, SignedDeviceList } from './device-list.js';
import { deriveListId, encodeSignedDeviceList, parseSignedDeviceList } from './device-list-encoding.js';
import { checkNotSucceeded, type Continuity, judgeContinuity } from './list-continuity.js';
import { accountKeysOf, checkListAlone, demand } from './list-rules.js';

declare const verified: unique symbol;

/** What `verifyDeviceList` has returned. A type can be asserted and a clone looks alike; neither is in here. */
const genuine: WeakSet<object> = /* @__PURE__ */ new WeakSet();

/**
 * What becomes of a person's verified mark, if one stands on the pinned account key (`accountKey`; where none is
 * given, on the stored list's):
 * - `none`: no account key was accepted or pinned before;
 * - `kept`: it stands on this list's account key;
 * - `moved`: it moves to this list's account key, handed over by the key before and made by a known device;
 * - `fallen`: this list does not carry it (handed over without a known device, reset, or the lists between expired).
 *
 * A mark is about the key. Two more things a person must see: that `verification` is false (no mark is shown until it
 * is true again), and that `continuity` is `next` without `authored` (the account key alone changed the devices).
 */
export type Mark = 'none' | 'kept' | 'moved' | 'fallen';

/**
 * A device list that was verified. Frozen; its bytes belong to it and must not be changed, which JavaScript cannot
 * enforce. Only {@link verifyDeviceList} and the functions that sign lists
 * make one.
 */
export interface VerifiedDeviceList extends DeviceList {
  /** H("device list id", DeviceList): 32 bytes. */
  readonly listId: Uint8Array;
  /** keyId of the account key: 32 bytes. */
  readonly accountKeyId: Uint8Array;
  /** keyIds of the account keys before, oldest first, 32 bytes each: the chain in the successions. */
  readonly earlierKeyIds: readonly Uint8Array[];
  /** The SignedDeviceList as received: store this, and pass it as `stored` next time. */
  readonly encoded: Uint8Array<ArrayBuffer>;
  /** How it follows the stored list. */
  readonly continuity: Continuity;
  /** What becomes of the verified mark. */
  readonly mark: Mark;
  /** It counts as first sight because the lists between the stored one and this one were said to have expired. */
  readonly gapExpired: boolean;
  readonly [verified]: true;
}

/** What a list is verified against. */
export interface DeviceListExpectation {
  /** The identifier that was looked up, as the directory writes it; a string is taken as UTF-8. */
  readonly identifier: string | Uint8Array;
  /** The list accepted before for this identifier: as it was returned, or its `encoded` bytes from storage. */
  readonly stored?: VerifiedDeviceList | Uint8Array | undefined;
  /**
   * The account key a person verified. A list that no chain links to it is refused; verify it again without this
   * to show what the directory offers instead.
   */
  readonly accountKey?: PublicKey | undefined;
  /**
   * The log *proved* that lists between the stored one and this one have expired, so the gap cannot be filled.
   * The list then counts as first sight, and the mark falls. Never set this because lists merely did not come.
   */
  readonly gapExpired?: boolean | undefined;
}

/**
 * Verifies a SignedDeviceList as a contact's, or one's own (CKV/1, "The signed device list").
 *
 * It proves that the account key signed this list for this identifier, that every device in it holds its signing
 * key, and how it follows the stored list. It does not prove whose the account key is (compare codes), nor that
 * others see the same list (the transparency log), nor that devices hold their messaging keys.
 *
 * Without `stored`, neither the author nor what an entry was before can be checked. Pass what you stored.
 *
 * @param bytes SignedDeviceList from the directory or log, at most 65,536 bytes; not changed
 * @returns the verified list; when it is the stored list again, its first `encoded` bytes are kept
 * @throws DecodeError any code; UnsupportedError `ERR_VERSION`, `ERR_SCHEME`;
 *   VerificationError `ERR_LIST_IDENTIFIER`, `ERR_SUCCESSION_CHAIN`, `ERR_LIST_START`, `ERR_KEY_REUSED`,
 *   `ERR_DEVICE_ENTRY`, `ERR_SUCCESSION_SIGNATURE`, `ERR_DEVICE_POSSESSION`, `ERR_LIST_SIGNATURE`,
 *   `ERR_LIST_PREVIOUS`, `ERR_LIST_AUTHOR`;
 *   PolicyError `ERR_LIST_ROLLBACK`, `ERR_LIST_FORK`, `ERR_LIST_GAP`, `ERR_ACCOUNT_KEY`;
 *   StateError `ERR_STORED_STATE`
 * @example
 * const list = verifyDeviceList(bytes, { identifier: 'tel:+15551234567', stored });
 * for (const device of list.devices) encryptTo(device);
 */
export function verifyDeviceList(bytes: Uint8Array, expectation: DeviceListExpectation): VerifiedDeviceList {
  assertObject(expectation, 'expectation');
  const identifier = identifierBytes(expectation.identifier);
  const pinned =
    expectation.accountKey === undefined
      ? undefined
      : parsePublicKey(encodePublicKey(expectation.accountKey));
  const stored = openStored(expectation.stored, identifier);

  const signed = parseSignedDeviceList(bytes);
  const { list } = signed;
  demand(
    equalBytes(list.identifier, identifier),
    'ERR_LIST_IDENTIFIER',
    'the list speaks for another identifier',
  );
  checkListAlone(signed);
  const { continuity, expired } = continuityOf(signed, stored, expectation.gapExpired === true);
  if (pinned !== undefined && !accountKeysOf(list).some((key) => equalPublicKeys(key, pinned))) {
    throw new PolicyError('ERR_ACCOUNT_KEY', 'no chain links this list to the pinned account key');
  }

  const trusted = pinned ?? stored?.accountKey;
  const mark = expired ? 'fallen' : markOf(list, continuity, trusted, stored);
  const again = continuity.kind === 'same' && stored !== undefined;
  const accepted = Object.freeze({
    ...list,
    listId: deriveListId(list),
    accountKeyId: deriveKeyId(list.accountKey),
    earlierKeyIds: Object.freeze(list.successions.map(({ key }) => deriveKeyId(key))),
    // A directory may not trade the author's signature, which is checked once, for another.
    encoded: again ? Uint8Array.from(stored.encoded) : encodeSignedDeviceList(signed),
    continuity: Object.freeze(continuity),
    mark,
    gapExpired: expired,
  }) as VerifiedDeviceList;
  genuine.add(accepted);
  return accepted;
}

/** What was stored is parsed and checked like any list: storage can rot, and be written by others. */
function openStored(
  stored: VerifiedDeviceList | Uint8Array | undefined,
  identifier: Uint8Array,
): VerifiedDeviceList | undefined {
  if (stored === undefined) return undefined;
  assertObject(stored, 'stored');
  if (genuine.has(stored)) {
    const list = stored as VerifiedDeviceList;
    if (equalBytes(list.identifier, identifier)) return list;
    throw new StateError('ERR_STORED_STATE', 'the stored device list is of another identifier');
  }
  // An object that was cloned, or read back from a database, is worth as much as its bytes.
  const encoded = stored instanceof Uint8Array ? stored : stored.encoded;
  assertBytes(encoded, 'stored');
  try {
    return verifyDeviceList(encoded, { identifier });
  } catch (error) {
    // Written by a newer app: nothing is corrupt, and nothing may be thrown away.
    if (error instanceof UnsupportedError) throw error;
    throw new StateError('ERR_STORED_STATE', 'the stored device list is not one that was accepted');
  }
}

function continuityOf(
  signed: SignedDeviceList,
  stored: VerifiedDeviceList | undefined,
  gapExpired: boolean,
): { continuity: Continuity; expired: boolean } {
  if (stored === undefined) return { continuity: { kind: 'first-sight' }, expired: false };
  try {
    return { continuity: judgeContinuity(signed, stored), expired: false };
  } catch (error) {
    const excused = gapExpired && error instanceof PolicyError && error.code === 'ERR_LIST_GAP';
    if (!excused) throw error;
    checkNotSucceeded(signed.list, stored);
    return { continuity: { kind: 'first-sight' }, expired: true };
  }
}

function markOf(
  list: DeviceList,
  continuity: Continuity,
  trusted: PublicKey | undefined,
  stored: VerifiedDeviceList | undefined,
): Mark {
  if (trusted === undefined) return 'none';
  if (continuity.kind === 'reset') return 'fallen';
  if (equalPublicKeys(trusted, list.accountKey)) return 'kept';
  // Only the step just judged can carry a mark from the key before; an older pin has a chain and no author.
  const fromKeyBefore = stored !== undefined && equalPublicKeys(trusted, stored.accountKey);
  const carried = fromKeyBefore && continuity.kind === 'next' && continuity.succeeded && continuity.authored;
  return carried ? 'moved' : 'fallen';
}
