/**
 * How a lie is told. A lie is data and a short story; the story is told twice, once honestly and once with the lie in
 * it, and ends with the operation that the draft says finds it out:
 *
 *     telling ── t.take(…)      what users do before, or apart from the lie: accepted, in both tellings
 *        │    ── t.overlook(…)  what users do with the lie before their eyes: accepted all the same
 *        └─────▶ the last operation: accepted if the story is honest, refused with the lie's code if it is not
 *
 * Whatever the operator of a story says is signed, by the keys of the log's configuration or by those of the auditor,
 * the manager or the service that lies along. What differs between the two tellings is the log, or the view of it that
 * is answered from.
 */

import type { Client } from '../../../src/transparency/client/client.js';
import type { ErrorCode } from '../../../src/errors.js';
import type { CipherSuite } from '../../../src/suites.js';
import { clientOf, logOf } from '../client-world.js';
import type { HonestLog, LogOptions } from '../honest-log.js';

/** What a user does with a log. All but the last two are methods of `Client`. */
export type Operation =
  | 'search'
  | 'monitor'
  | 'initializeOwner'
  | 'monitorOwned'
  | 'update'
  | 'distinguishedHeads'
  | 'createClient'
  | 'compareDistinguishedHeads';

/** Sections of the draft that lies break, by their titles. */
export type Section =
  | 'Combined Tree'
  | 'Updating Views of the Tree'
  | 'Binary Ladder'
  | 'Greatest-Version Search'
  | 'Fixed-Version Search'
  | 'Monitoring the Tree'
  | 'Contact Algorithm'
  | 'Owner Algorithm'
  | 'Updating a Label'
  | 'Walking Distinguished Heads'
  | 'Detecting Forks'
  | 'Cipher Suites'
  | 'Tree Head Signature'
  | 'Auditor Tree Head Signature'
  | 'Full Tree Head Verification'
  | 'Update Format'
  | 'Commitment'
  | 'Verifiable Random Function'
  | 'Tree Proofs'
  | 'Owner Initialization'
  | 'Owner Monitoring'
  | 'Search'
  | 'Contact Monitor';

/** How an operation refuses: the class of its error; or, of a comparison, that the heads differ. */
export type Refusal = 'VerificationError' | 'PolicyError' | 'StateError' | 'UnsupportedError' | 'different';

/** A lie. */
export interface NamedLie {
  /** What the operator does, in plain words. */
  readonly name: string;
  /** The section of the draft that makes users check it. */
  readonly section: Section;
  /** What is to be checked there, in our words. */
  readonly breaks: string;
  /** The operation that finds it out. */
  readonly caughtBy: Operation;
  /** Default: `VerificationError`. */
  readonly refusal?: Refusal;
  /** `undefined` exactly where heads differ: that is an outcome, not an error. */
  readonly code: ErrorCode | undefined;
  /** Operations that face the lie, and have to accept it. Default: none. */
  readonly overlookedBy?: readonly Operation[];
  tell(t: Telling): Promise<Asked>;
}

/** An operation whose answer is there. */
export interface Asked {
  readonly operation: Operation;
  /** Who asked. */
  readonly client: Client;
  /** Verifies the answer. */
  verify(): { readonly after?: Uint8Array };
}

/** One telling of a story. */
export class Telling {
  readonly suite: CipherSuite;
  readonly lies: boolean;
  readonly overlooked: Set<Operation> = new Set();

  constructor(suite: CipherSuite, lies: boolean) {
    this.suite = suite;
    this.lies = lies;
  }

  /** A log of entries 10 ms apart; alice gets a version in every third of them, if nothing else is said. */
  log(
    size: number,
    options: Partial<LogOptions> = {},
    versionsAt?: (position: number) => number,
  ): Promise<HonestLog> {
    return logOf(size, { suite: this.suite, ...options }, versionsAt);
  }

  /** The lie, where it is told. */
  lie<Given>(lie: Given): Given | undefined {
    return this.lies ? lie : undefined;
  }

  /** What comes before the lie. */
  take({ client, verify }: Asked): Client {
    return client.at(verify().after);
  }

  /** What faces the lie and cannot tell. */
  overlook(asked: Asked): Client {
    this.overlooked.add(asked.operation);
    return this.take(asked);
  }

  /** A user who knows nothing yet. */
  user(log: HonestLog): Client {
    return clientOf(log);
  }
}
