/**
 * A person with several devices, as their own devices see it: the account key they share, each device's signing
 * key, and the newest list. Every change is drafted on that list, signed, and published.
 *
 * Here all devices live in one object. In a messenger each holds its own signing key, makes its own entry, and
 * sends it to the device that makes the list.
 */

import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import {
  type Device,
  type DeviceListDraft,
  deriveFirstPosition,
  deriveNextPosition,
  deriveRemovedKeyIds,
  draftAccountKeyChange,
  draftDeviceAddition,
  draftDeviceRemoval,
  draftFirstList,
  draftMessagingKeyChange,
  generatePrivateKey,
  type ListPosition,
  type PrivateKey,
  signDeviceEntry,
  signDeviceList,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import { ed25519, p256, type PublicKey } from 'contact-key-verification/suites.js';
import type { Directory } from './directory.js';

export class Account {
  readonly identifier: string;
  #accountKey: PrivateKey;
  readonly #devices: Map<string, PrivateKey>;
  #list: VerifiedDeviceList;
  #removed: readonly Uint8Array[] = [];

  private constructor(
    identifier: string,
    accountKey: PrivateKey,
    devices: Map<string, PrivateKey>,
    list: VerifiedDeviceList,
  ) {
    this.identifier = identifier;
    this.#accountKey = accountKey;
    this.#devices = devices;
    this.#list = list;
  }

  /** A new account with its first list, published. Phones often hold P-256 keys in hardware, others Ed25519. */
  static register(directory: Directory, identifier: string, deviceIds: readonly string[]): Account {
    const accountKey = generatePrivateKey(ed25519);
    const devices = new Map(
      deviceIds.map((id) => [id, generatePrivateKey(id.includes('phone') ? p256 : ed25519)]),
    );
    const position = deriveFirstPosition({ identifier, accountKey: accountKey.publicKey });
    const entries = deviceIds.map((id) => entry(position, id, devices.get(id) as PrivateKey));
    const list = signDeviceList(draftFirstList(position, entries), [accountKey]);
    directory.publish(identifier, list);
    return new Account(identifier, accountKey, devices, list);
  }

  get accountKey(): PublicKey {
    return this.#accountKey.publicKey;
  }

  get list(): VerifiedDeviceList {
    return this.#list;
  }

  addDevice(directory: Directory, id: string, author: string): void {
    const key = generatePrivateKey(ed25519);
    const devices = [entry(deriveNextPosition(this.#list), id, key)];
    const draft = draftDeviceAddition(this.#list, { devices, author, removedKeyIds: this.#removed });
    this.#devices.set(id, key);
    this.#publish(directory, draft, author);
  }

  /** A lost device: removed, and the account key that it held with it. */
  loseDevice(directory: Directory, id: string, author: string): void {
    const next = generatePrivateKey(ed25519);
    const draft = draftDeviceRemoval(this.#list, { ids: [id], author, nextAccountKey: next.publicKey });
    this.#publish(directory, draft, author, next);
    this.#devices.delete(id);
  }

  changeAccountKey(directory: Directory, author: string): void {
    const next = generatePrivateKey(ed25519);
    const draft = draftAccountKeyChange(this.#list, { author, nextAccountKey: next.publicKey });
    this.#publish(directory, draft, author, next);
  }

  changeMessagingKeys(directory: Directory, id: string): void {
    const devices = [entry(deriveNextPosition(this.#list), id, this.#key(id), 'new messaging keys')];
    this.#publish(directory, draftMessagingKeyChange(this.#list, { devices, author: id }), id);
  }

  /** The same person, going their own way from now on. */
  fork(): Account {
    const copy = new Account(this.identifier, this.#accountKey, new Map(this.#devices), this.#list);
    copy.#removed = this.#removed;
    return copy;
  }

  #publish(
    directory: Directory,
    draft: DeviceListDraft,
    author: string,
    next: PrivateKey = this.#accountKey,
  ): void {
    const list = signDeviceList(draft, [this.#accountKey, next, this.#key(author)]);
    if (!directory.publish(this.identifier, list)) throw new Error('another device was faster: draft again');
    this.#removed = [...this.#removed, ...deriveRemovedKeyIds(this.#list, list)];
    this.#accountKey = next;
    this.#list = list;
  }

  #key(id: string): PrivateKey {
    const key = this.#devices.get(id);
    if (key === undefined) throw new Error(`no device ${id}`);
    return key;
  }
}

function entry(position: ListPosition, id: string, key: PrivateKey, messaging = 'messaging keys'): Device {
  return signDeviceEntry(position, { id, messagingKeys: encodeUtf8(`${messaging} of ${id}`) }, key);
}
