/**
 * What a signed device list must fulfil by itself, whatever came before it: the first sight's checks.
 *
 * First the rules that read fields, in byte order, then the signatures, in byte order: of several defects the
 * first counts, for every verifier the same.
 */

import { equalBytes } from '../bytes/compare.js';
import { deriveKeyId, encodePublicKey, isValidSignature, type PublicKey } from '../crypto/public-key.js';
import { encodeHex } from '../bytes/text.js';
import { VerificationError, type VerificationErrorCode } from '../errors.js';
import type { Device, DeviceList, SignedDeviceList } from './device-list.js';
import { encodeDeviceList, possessionContent, successionContent } from './device-list-encoding.js';

/** Throws a `VerificationError` unless `holds`. */
export function demand(holds: boolean, code: VerificationErrorCode, message: string): void {
  if (!holds) throw new VerificationError(code, message);
}

/**
 * Checks everything that can be known from one list alone.
 * @throws VerificationError `ERR_SUCCESSION_CHAIN`, `ERR_LIST_START`, `ERR_KEY_REUSED`, `ERR_DEVICE_ENTRY`,
 *   `ERR_SUCCESSION_SIGNATURE`, `ERR_DEVICE_POSSESSION`, `ERR_LIST_SIGNATURE`
 */
export function checkListAlone(signed: SignedDeviceList): void {
  const { list } = signed;
  const roles = new Set<string>();
  checkChain(list, roles);
  checkStart(list);
  checkEntries(list, roles);
  checkSuccessionSignatures(list);
  checkPossessions(list.identifier, list.devices);
  const made = isValidSignature(list.accountKey, 'device list', encodeDeviceList(list), signed.account);
  demand(made, 'ERR_LIST_SIGNATURE', 'the account key did not sign this list');
}

/** All account keys of the list, oldest first; the last is the current one. */
export function accountKeysOf(list: DeviceList): readonly PublicKey[] {
  return [...list.successions.map((succession) => succession.key), list.accountKey];
}

/** Whether nothing stands before this list: the first of its identifier, or a reset. */
export function isStart(list: DeviceList): boolean {
  return list.previous.length === 0;
}

/** Successions rise strictly, begin after list 0 and end no later than this list; no key comes twice. */
function checkChain(list: DeviceList, roles: Set<string>): void {
  takeRole(roles, list.accountKey);
  let last = 0;
  for (const { key, sequence } of list.successions) {
    takeRole(roles, key);
    demand(sequence > last, 'ERR_SUCCESSION_CHAIN', 'successions do not rise in sequence');
    last = sequence;
  }
  demand(last <= list.sequence, 'ERR_SUCCESSION_CHAIN', 'a succession from after this list');
}

/** A start stands alone; list 0 is one. Its entries being fresh follows in `checkEntries`. */
function checkStart(list: DeviceList): void {
  if (isStart(list)) {
    const alone = list.successions.length === 0 && list.author.length === 0;
    demand(alone, 'ERR_LIST_START', 'a first list or reset with successions or an author');
  } else {
    demand(list.sequence > 0, 'ERR_LIST_START', 'list 0 names a list before it');
  }
}

/**
 * Every key has one role: once in the chain of account keys, or the signing key of one device.
 * @throws VerificationError `ERR_KEY_REUSED`
 */
export function checkKeyRoles(accountKeys: readonly PublicKey[], devices: readonly Device[]): void {
  const roles = new Set<string>();
  for (const key of accountKeys) takeRole(roles, key);
  for (const { signingKey } of devices) takeRole(roles, signingKey);
}

function takeRole(roles: Set<string>, key: PublicKey): void {
  const name = encodeHex(encodePublicKey(key));
  demand(!roles.has(name), 'ERR_KEY_REUSED', 'a key stands in two roles');
  roles.add(name);
}

/**
 * `joined` is the account key in force at `since`:
 *
 *     sequence   0 ········ s0 ········ s1 ········ now
 *     in force   key of s0 │ key of s1 │ account key
 */
function checkEntries(list: DeviceList, roles: Set<string>): void {
  const keyIds = accountKeysOf(list).map(deriveKeyId);
  for (const device of list.devices) {
    takeRole(roles, device.signingKey);
    demand(device.since <= list.sequence, 'ERR_DEVICE_ENTRY', 'an entry from after this list');
    if (isStart(list))
      demand(device.since === list.sequence, 'ERR_DEVICE_ENTRY', 'a start with an old entry');
    const over = list.successions.filter((succession) => succession.sequence <= device.since).length;
    const inForce = keyIds[over] as Uint8Array;
    demand(
      equalBytes(device.joined, inForce),
      'ERR_DEVICE_ENTRY',
      'an entry joined under another account key',
    );
  }
}

function checkSuccessionSignatures(list: DeviceList): void {
  const keys = accountKeysOf(list);
  list.successions.forEach(({ key, sequence, signature }, i) => {
    const content = successionContent(list.identifier, key, keys[i + 1] as PublicKey, sequence);
    const given = isValidSignature(key, 'succession', content, signature);
    demand(given, 'ERR_SUCCESSION_SIGNATURE', 'an earlier account key did not sign its successor');
  });
}

/**
 * Every device signed its entry, for this identifier.
 * @throws VerificationError `ERR_DEVICE_POSSESSION`
 */
export function checkPossessions(identifier: Uint8Array, devices: readonly Device[]): void {
  for (const device of devices) {
    const content = possessionContent(identifier, device);
    const held = isValidSignature(device.signingKey, 'device possession', content, device.possession);
    demand(held, 'ERR_DEVICE_POSSESSION', 'a device did not sign its entry');
  }
}
