/**
 * Two honest phones in a code session, and a network that repeats, loses and reorders.
 */

import { strict as assert } from 'node:assert';
import { restoreSasSession, type SasSession } from 'contact-key-verification/codes.js';
import type { PublicKey } from 'contact-key-verification/suites.js';
import fc from 'fast-check';
import { encodeSasMessage } from '../reference/sas.js';
import { beginContact, KEYS, NOW, stateOf } from './sas.js';

/** What the network, the apps and time do to two honest phones. */
export type Deed =
  | { readonly deed: 'deliver'; readonly to: 0 | 1; readonly which: number }
  | { readonly deed: 'resend'; readonly from: 0 | 1 }
  | { readonly deed: 'restart'; readonly who: 0 | 1 }
  | { readonly deed: 'noise'; readonly to: 0 | 1; readonly type: 'reply' | 'reveal' };

const side = fc.constantFrom<0 | 1>(0, 1);
export const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ deed: fc.constant('deliver' as const), to: side, which: fc.nat() }),
  },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('resend' as const), from: side }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('restart' as const), who: side }) },
  {
    weight: 1,
    arbitrary: fc.record({
      deed: fc.constant('noise' as const),
      to: side,
      type: fc.constantFrom('reply' as const, 'reveal' as const),
    }),
  },
);

/** P-256: its points are checked quickly, and here sessions are restored thousands of times. */
export const [LEFT, RIGHT] = KEYS.filter((one) => one.key.length === 65) as [PublicKey, PublicKey];

/** Two phones, and every message that was ever sent to each: the network may deliver any of them, at any time. */
export class Network {
  readonly sessions: [SasSession, SasSession];
  readonly sentTo: [Uint8Array[], Uint8Array[]] = [[], []];
  readonly events: string[] = [];

  constructor(bothBegin: boolean) {
    this.sessions = [
      beginContact('initiator', LEFT, RIGHT),
      beginContact(bothBegin ? 'initiator' : 'responder', RIGHT, LEFT),
    ];
    this.resend(0);
    this.resend(1);
  }

  resend(from: 0 | 1): void {
    const message = this.sessions[from].messageToSend(NOW);
    if (message !== undefined) this.sentTo[from === 0 ? 1 : 0].push(message);
  }

  deliver(to: 0 | 1, message: Uint8Array): void {
    const session = this.sessions[to];
    const before = stateOf(session);
    const twin = restoreSasSession(session.exportState(), NOW);
    const receipt = session.receive(message, NOW);
    // A restored session does the same, byte for byte.
    assert.deepEqual(twin.receive(message, NOW), receipt);
    assert.equal(stateOf(twin), stateOf(session));
    if (receipt.event.startsWith('ignored')) assert.equal(stateOf(session), before);
    if (receipt.send !== undefined) this.sentTo[to === 0 ? 1 : 0].push(receipt.send);
    this.events.push(receipt.event);
  }

  do(one: Deed): void {
    switch (one.deed) {
      case 'deliver': {
        const sent = this.sentTo[one.to];
        if (sent.length > 0) this.deliver(one.to, sent[one.which % sent.length] as Uint8Array);
        return;
      }
      case 'resend':
        return this.resend(one.from);
      case 'restart':
        this.sessions[one.who] = restoreSasSession(this.sessions[one.who].exportState(), NOW);
        return;
      case 'noise': {
        const foreign = { session_id: new Uint8Array(16).fill(1), nonce: new Uint8Array(32).fill(2) };
        this.deliver(one.to, encodeSasMessage({ type: one.type, ...foreign }));
        assert.equal(this.events.at(-1), 'ignored-foreign');
      }
    }
  }

  /** The network works again, and the phones send what they have. */
  settle(): void {
    for (let round = 0; round < 4; round++) {
      for (const from of [0, 1] as const) {
        this.resend(from);
        const to = from === 0 ? 1 : 0;
        const last = this.sentTo[to].at(-1);
        if (last !== undefined) this.deliver(to, last);
      }
    }
  }
}
