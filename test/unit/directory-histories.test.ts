/**
 * A directory over random histories: two devices of one account publish and race, and whoever is outrun builds on the
 * winner; a contact looks up and lags. The log's lists are those that a naive model counts, the contact ends with the
 * newest, and nothing of an honest life is loud.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContact, reviewContact } from '../../src/contacts.js';
import {
  claimIdentifier,
  fetchOwnDevices,
  lookUpDevices,
  publishDevices,
  watchIdentifier,
} from '../../src/directory.js';
import type { VerifiedDeviceList } from '../../src/keys.js';
import type { Client } from '../../src/transparency.js';
import { BOB } from '../support/accounts.js';
import { checkAsync } from '../support/property.js';
import { after, type Author, FIRST, IDENTIFIER, Server } from './directory-world.js';

/** A device of Bob's, which keeps a client's state and the newest list that it knows. */
class Owner {
  readonly server: Server;
  readonly name: Author;
  client: Client;
  list: VerifiedDeviceList | undefined;

  constructor(server: Server, name: Author) {
    this.server = server;
    this.name = name;
    this.client = server.client();
  }

  async claim(): Promise<void> {
    const { heads, after: walked } = await this.server.heads(this.client);
    const start = heads.at(-1)?.position ?? 0;
    const { request, review } = claimIdentifier(this.client.at(walked), { identifier: BOB, start });
    this.take(review(await this.server.operator.ownerInit(request), { nowMs: this.server.nowMs }));
  }

  /** Publishes its next list; whether it was the first to. */
  async publish(): Promise<boolean> {
    const next = this.list === undefined ? FIRST : after(this.list, this.name);
    const { request, review } = publishDevices(this.client, next, { stored: this.list });
    const answer = review(await this.answer(request), { nowMs: this.server.nowMs });
    this.take(answer);
    this.list = answer.news.at(-1)?.list;
    return answer.outcome === 'published';
  }

  async watch(): Promise<void> {
    const due = { operation: 'owner', label: IDENTIFIER } as const;
    for (let next: string = 'again'; next === 'again'; ) {
      const { request, review } = watchIdentifier(this.client, due);
      const watched = review(await this.server.watch(due, request), { nowMs: this.server.nowMs });
      this.take(watched);
      next = watched.next;
      if (next !== 'fetch') continue;
      const fetching = fetchOwnDevices(this.client, { identifier: BOB, stored: this.list });
      const answer = fetching.review(await this.answer(fetching.request), { nowMs: this.server.nowMs });
      this.take(answer);
      this.list = answer.news.at(-1)?.list;
      next = 'again';
    }
  }

  private async answer(request: Uint8Array): Promise<readonly Uint8Array[]> {
    const responses = await this.server.update(request);
    if (typeof responses === 'string') throw new Error(responses);
    return responses;
  }

  private take(answer: {
    readonly refusal: string | undefined;
    readonly after: Uint8Array | undefined;
  }): void {
    if (answer.refusal !== undefined) throw new Error(answer.refusal);
    this.client = this.client.at(answer.after);
  }
}

/** A contact's app: it looks up, fetches what is missing, and reviews. */
class Contact {
  readonly server: Server;
  client: Client;
  list: VerifiedDeviceList | undefined;
  state = createContact({ identifier: IDENTIFIER });
  trust = '';

  constructor(server: Server) {
    this.server = server;
    this.client = server.client();
  }

  async lookUp(sequence?: number): Promise<void> {
    const { request, review } = lookUpDevices(this.client, { identifier: BOB, stored: this.list, sequence });
    const { nowMs } = this.server;
    const found = review(await this.server.operator.search(request), { nowMs });
    const { directory, log, missing } = found;
    this.client = this.client.at(found.after);
    const reviewed = reviewContact({ stored: this.state, directory, log, nowMs });
    this.state = reviewed.state;
    if (directory.kind === 'list') this.list = directory.list;
    this.trust = reviewed.trust;
    const loud = reviewed.findings.find(({ level }) => level !== 'notice');
    if (loud !== undefined) throw new Error(loud.id);
    for (const each of missing) await this.lookUp(each);
    if (missing.length > 0) await this.lookUp();
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('phone publishes', 'laptop publishes') },
  { weight: 2, arbitrary: fc.constantFrom('phone watches', 'laptop watches') },
  { weight: 3, arbitrary: fc.constant('contact looks up') },
  { weight: 3, arbitrary: fc.constant('others') },
);

test('races, gaps and watching', { timeout: 120_000 }, async () => {
  let outrun = 0;
  await checkAsync(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      const server = await Server.open({ windowMs: 25 });
      const owners = { phone: new Owner(server, 'phone'), laptop: new Owner(server, 'laptop') };
      const contact = new Contact(server);
      for (const owner of Object.values(owners)) await owner.claim();
      let published = 0;
      for (const each of steps) {
        const owner = each.startsWith('phone') ? owners.phone : owners.laptop;
        if (each.endsWith('publishes')) {
          const isFirst = await owner.publish();
          published += isFirst ? 1 : 0;
          outrun += isFirst ? 0 : 1;
          expect(owner.list?.sequence).toBe(published - 1);
        } else if (each.endsWith('watches')) await owner.watch();
        else if (each === 'others') await server.fill(3);
        else if (published > 0) {
          await contact.lookUp();
          expect([contact.list?.sequence, contact.trust]).toEqual([published - 1, 'consistent']);
        }
      }
      const newest = await server.operator.newest(IDENTIFIER);
      expect(newest?.version).toBe(published === 0 ? undefined : published - 1);
    }),
  );
  expect(outrun).toBeGreaterThan(50);
});
