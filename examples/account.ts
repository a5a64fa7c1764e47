/**
 * A person with several devices, as their own devices see it: the account key they share, each device's signing
 * key, and the newest list. Every change is drafted on that list, signed, and published. And they watch their own
 * identifier in the log: nobody else can tell a list that none of them made.
 *
 * Here all devices live in one object. In a messenger each holds its own signing key and its own state of the log, makes
 * its own entry, and sends it to the device that makes the list.
 */

import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import {
  claimIdentifier,
  fetchHeads,
  fetchOwnDevices,
  type OwnAnswer,
  publishDevices,
  watchIdentifier,
} from 'contact-key-verification/directory.js';
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
import { Contact, type Heard } from './contact.js';
import { LogState } from './log-state.js';
import type { Asker, Server } from './server.js';

/** What all devices of a person have in common. */
interface Parts {
  readonly log: LogState;
  /** The account itself, reviewed as contacts are. */
  readonly own: Contact;
  readonly accountKey: PrivateKey;
  readonly devices: Map<string, PrivateKey>;
}

export class Account {
  readonly #log: LogState;
  readonly #own: Contact;
  readonly #devices: Map<string, PrivateKey>;
  #accountKey: PrivateKey;
  #removed: readonly Uint8Array[] = [];

  private constructor({ log, own, accountKey, devices }: Parts) {
    this.#log = log;
    this.#own = own;
    this.#accountKey = accountKey;
    this.#devices = devices;
  }

  /** A new account: its identifier claimed in the log, its first list published. */
  static async register(
    server: Server,
    configuration: Uint8Array,
    identifier: string,
    deviceIds: readonly string[],
    nowMs: number,
    accountKey: PrivateKey = generatePrivateKey(ed25519),
  ): Promise<Account> {
    const devices = new Map(deviceIds.map((id) => [id, generateDeviceKey(id)]));
    const [log, own] = [new LogState(configuration), new Contact(identifier, 'own')];
    const account = new Account({ log, own, accountKey, devices });
    await account.#claim(server, nowMs);
    const position = deriveFirstPosition({ identifier, accountKey: accountKey.publicKey });
    const entries = deviceIds.map((id) => entry(position, id, devices.get(id) as PrivateKey));
    await account.#publish(server, signDeviceList(draftFirstList(position, entries), [accountKey]), nowMs);
    return account;
  }

  get identifier(): string {
    return this.#own.identifier;
  }

  get accountKey(): PublicKey {
    return this.#accountKey.publicKey;
  }

  get list(): VerifiedDeviceList {
    const { list } = this.#own;
    if (list === undefined) throw new Error('nothing is published yet');
    return list;
  }

  async addDevice(server: Server, id: string, author: string, nowMs: number): Promise<void> {
    const key = generateDeviceKey(id);
    const devices = [entry(deriveNextPosition(this.list), id, key)];
    const draft = draftDeviceAddition(this.list, { devices, author, removedKeyIds: this.#removed });
    await this.#change(server, draft, author, nowMs);
    this.#devices.set(id, key);
  }

  /** A lost device: removed, and the account key that it held with it. */
  async loseDevice(server: Server, id: string, author: string, nowMs: number): Promise<void> {
    const next = generatePrivateKey(ed25519);
    const draft = draftDeviceRemoval(this.list, { ids: [id], author, nextAccountKey: next.publicKey });
    await this.#change(server, draft, author, nowMs, next);
    this.#devices.delete(id);
  }

  async changeAccountKey(server: Server, author: string, nowMs: number): Promise<void> {
    const next = generatePrivateKey(ed25519);
    const draft = draftAccountKeyChange(this.list, { author, nextAccountKey: next.publicKey });
    await this.#change(server, draft, author, nowMs, next);
  }

  async changeMessagingKeys(server: Server, id: string, nowMs: number): Promise<void> {
    const devices = [entry(deriveNextPosition(this.list), id, this.#key(id), 'new messaging keys')];
    await this.#change(server, draftMessagingKeyChange(this.list, { devices, author: id }), id, nowMs);
  }

  /**
   * Watches the identifier, where it is due. Where the log holds a list that this device does not know, it fetches and
   * reviews it.
   * @returns what the app says of the account
   */
  async watch(server: Server, nowMs: number): Promise<Heard> {
    let refusal: string | undefined;
    for (;;) {
      const [due] = this.#log.client.dueMonitors(nowMs);
      if (due === undefined || refusal !== undefined) return { ...this.#own.review(nowMs), refusal };
      const watched = await this.#log.exchange(
        (client) => watchIdentifier(client, due),
        (request) => server.answer('ownerMonitor', request, this.#asker(nowMs)),
        nowMs,
      );
      this.#own.hear({ log: watched.log }, nowMs);
      refusal = watched.next === 'fetch' ? await this.#fetch(server, nowMs) : watched.refusal;
    }
  }

  /** The person has read what the app had to say. */
  see(nowMs: number): void {
    this.#own.see(this.#own.review(nowMs), nowMs);
  }

  /** The same person, going their own way from now on; or another of their devices. */
  fork(): Account {
    const [log, own] = [this.#log.fork(), this.#own.fork()];
    const copy = new Account({ log, own, accountKey: this.#accountKey, devices: new Map(this.#devices) });
    copy.#removed = this.#removed;
    return copy;
  }

  /** Begins to own the identifier, from the newest head that all users of the log have in common. */
  async #claim(server: Server, nowMs: number): Promise<void> {
    const asker = this.#asker(nowMs);
    const { heads } = await this.#log.exchange(
      (client) => fetchHeads(client),
      (request) => server.answer('distinguished', request, asker),
      nowMs,
    );
    const start = heads.at(-1)?.position ?? 0;
    const { refusal } = await this.#log.exchange(
      (client) => claimIdentifier(client, { identifier: this.identifier, start }),
      (request) => server.answer('ownerInit', request, asker),
      nowMs,
    );
    if (refusal !== undefined) throw new Error(`the log answers falsely: ${refusal}`);
  }

  async #change(
    server: Server,
    draft: DeviceListDraft,
    author: string,
    nowMs: number,
    next: PrivateKey = this.#accountKey,
  ): Promise<void> {
    const before = this.list;
    await this.#publish(server, signDeviceList(draft, [this.#accountKey, next, this.#key(author)]), nowMs);
    this.#removed = [...this.#removed, ...deriveRemovedKeyIds(before, this.list)];
    this.#accountKey = next;
  }

  async #publish(server: Server, list: VerifiedDeviceList, nowMs: number): Promise<void> {
    // The person's devices hear of it first: from the log, they would take it for somebody else's.
    const { sequence, listId } = list;
    this.#own.tell({ kind: 'own-list-written', sequence, listId }, nowMs);
    const answer = await this.#log.exchange(
      (client) => publishDevices(client, list, { stored: this.#own.list }),
      (request) => server.update(request, this.#asker(nowMs)),
      nowMs,
    );
    this.#hear(answer, nowMs);
    if (answer.outcome !== 'published') throw new Error(`${answer.outcome}: draft again on the newest list`);
  }

  /** @returns the code that refuses a list, or the answer */
  async #fetch(server: Server, nowMs: number): Promise<string | undefined> {
    const { identifier } = this;
    const answer = await this.#log.exchange(
      (client) => fetchOwnDevices(client, { identifier, stored: this.#own.list }),
      (request) => server.update(request, this.#asker(nowMs)),
      nowMs,
    );
    this.#hear(answer, nowMs);
    return answer.refusal;
  }

  #hear({ log: ofAll, news }: OwnAnswer, nowMs: number): void {
    this.#own.hear({ log: ofAll }, nowMs);
    for (const { directory, log } of news) this.#own.hear({ directory, log }, nowMs);
  }

  #asker(nowMs: number): Asker {
    return { caller: this.identifier, nowMs };
  }

  #key(id: string): PrivateKey {
    const key = this.#devices.get(id);
    if (key === undefined) throw new Error(`no device ${id}`);
    return key;
  }
}

/** Phones often hold P-256 keys in hardware, others Ed25519. */
function generateDeviceKey(id: string): PrivateKey {
  return generatePrivateKey(id.includes('phone') ? p256 : ed25519);
}

function entry(position: ListPosition, id: string, key: PrivateKey, messaging = 'messaging keys'): Device {
  return signDeviceEntry(position, { id, messagingKeys: encodeUtf8(`${messaging} of ${id}`) }, key);
}
