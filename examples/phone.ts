/**
 * A person's app: it asks the directory, hands over what it heard of each contact, and decides nothing itself.
 */

import { parseUtf8 } from 'contact-key-verification/bytes.js';
import {
  comparePeerHeads,
  encodeSeenHeads,
  fetchHeads,
  type HeardHeads,
  lookUpDevices,
  watchIdentifier,
} from 'contact-key-verification/directory.js';
import { Contact, type Heard, type Said } from './contact.js';
import { LogState } from './log-state.js';
import { Refused, type Server } from './server.js';

export class Phone {
  readonly #log: LogState;
  readonly #contacts = new Map<string, Contact>();

  /** @param log what this phone keeps of the log */
  constructor(log: LogState) {
    this.#log = log;
  }

  /** A phone that has just been set up. @param configuration of the log, shipped with the app */
  static fresh(configuration: Uint8Array): Phone {
    return new Phone(new LogState(configuration));
  }

  /** What this phone knows of a contact. */
  contact(identifier: string): Contact {
    const contact = this.#contacts.get(identifier) ?? new Contact(identifier);
    this.#contacts.set(identifier, contact);
    return contact;
  }

  /** Looks a contact up. Where lists between are missing, they are looked up in order, and then the newest again. */
  async lookUp(server: Server, identifier: string, nowMs: number): Promise<Heard> {
    const { missing, ...heard } = await this.#lookUpOne(server, identifier, undefined, nowMs);
    if (missing.length === 0) return heard;
    for (const sequence of missing) await this.#lookUpOne(server, identifier, sequence, nowMs);
    return this.#lookUpOne(server, identifier, undefined, nowMs);
  }

  /** Watches what is due: of contacts, that the log still holds what it showed, until their own devices can have looked. */
  async watch(server: Server, nowMs: number): Promise<void> {
    for (const due of this.#log.client.dueMonitors(nowMs)) {
      const watching = this.#log.exchange(
        (client) => watchIdentifier(client, due),
        (request) => server.answer('contactMonitor', request, { nowMs }),
        nowMs,
      );
      const { log, refusal } = await watching.catch(unanswered);
      this.contact(parseUtf8(due.label)).hear({ log, refusal }, nowMs);
    }
  }

  /** How many contacts there will be to watch by then. */
  dueAt(nowMs: number): number {
    return this.#log.client.dueMonitors(nowMs).length;
  }

  /** The log’s heads, as they are shown to this phone. */
  heads(server: Server, nowMs: number): Promise<HeardHeads> {
    return this.#log.exchange(
      (client) => fetchHeads(client),
      (request) => server.answer('distinguished', request, { nowMs }),
      nowMs,
    );
  }

  /** What the app adds to a message now and then, inside the encryption. */
  async headsToSend(server: Server, nowMs: number): Promise<Uint8Array> {
    return encodeSeenHeads(await this.heads(server, nowMs));
  }

  /** A contact’s app sent the heads that it saw, inside a message. */
  async hearHeads(server: Server, from: string, theirs: Uint8Array, nowMs: number): Promise<Heard> {
    const own = await this.heads(server, nowMs);
    return this.contact(from).hear({ log: comparePeerHeads(own, theirs) }, nowMs);
  }

  /** The same phone, going its own way from now on. */
  fork(): Phone {
    const copy = new Phone(this.#log.fork());
    for (const [identifier, contact] of this.#contacts) copy.#contacts.set(identifier, contact.fork());
    return copy;
  }

  async #lookUpOne(
    server: Server,
    identifier: string,
    sequence: number | undefined,
    nowMs: number,
  ): Promise<Heard & { readonly missing: readonly number[] }> {
    const contact = this.contact(identifier);
    const looking = this.#log.exchange(
      (client) => lookUpDevices(client, { identifier, stored: contact.list, sequence }),
      (request) => server.answer('search', request, { nowMs }),
      nowMs,
    );
    const { directory, log, refusal, missing } = await looking.catch(unanswered);
    return { ...contact.hear({ directory, log, refusal }, nowMs), missing };
  }
}

/** The server would not answer. Why, is its word alone; of whoever had a list, to have none is an alarm. */
function unanswered(error: unknown): Said & { readonly missing: readonly number[] } {
  if (!(error instanceof Refused)) throw error;
  const refused = { refusal: error.code, missing: [] };
  if (error.code === 'ERR_NO_VERSION') return { ...refused, directory: { kind: 'no-list' } };
  return { ...refused, log: { kind: 'unavailable', scope: 'label' } };
}
