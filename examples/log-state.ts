/**
 * What a device keeps of the log: one state in bytes, from operation to operation. Whatever else the app does meanwhile,
 * an operation's state is stored only in the place of the one that it began with.
 */

import type { Answered, DirectoryRequest } from 'contact-key-verification/directory.js';
import { equalBytes } from 'contact-key-verification/bytes.js';
import { KT_128_SHA256_Ed25519 as suite } from 'contact-key-verification/suites.js';
import { type Client, createClient } from 'contact-key-verification/transparency.js';

export class LogState {
  /** A row of the app's database. */
  #stored: Uint8Array | undefined;
  readonly #configuration: Uint8Array;
  readonly #log: Client;

  /** @param configuration of the log, shipped with the app */
  constructor(configuration: Uint8Array, stored?: Uint8Array) {
    this.#configuration = configuration;
    this.#log = createClient(configuration, { suite });
    this.#stored = stored;
  }

  /** The log's client, over what is stored now. */
  get client(): Client {
    return this.#log.at(this.#stored);
  }

  /** Asks, verifies the answer, and stores what is to be remembered. Who comes too late asks again. */
  async exchange<Result, Response>(
    prepare: (client: Client) => DirectoryRequest<Result, Response>,
    send: (request: Uint8Array) => Promise<Response>,
    nowMs: number,
  ): Promise<Result & Answered> {
    for (;;) {
      const { request, review } = prepare(this.client);
      const answer = review(await send(request), { nowMs });
      if (this.#swap(answer)) return answer;
    }
  }

  /** The same, on a device that goes its own way from now on. */
  fork(): LogState {
    return new LogState(this.#configuration, this.#stored);
  }

  /** Compare and swap: one transaction of the database. */
  #swap({ before, after }: Answered): boolean {
    if (after === undefined) return true;
    const isUnchanged =
      before === undefined || this.#stored === undefined
        ? before === this.#stored
        : equalBytes(before, this.#stored);
    if (isUnchanged) this.#stored = after;
    return isUnchanged;
  }
}
