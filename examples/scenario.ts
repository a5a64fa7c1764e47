/** What a scenario of the demo is: an attack, the story around it, and what has to come of it. */

import { encodeHex } from 'contact-key-verification/bytes.js';
import type { PublicKey } from 'contact-key-verification/suites.js';
import type { Account } from './account.js';
import type { Heard } from './contact.js';
import type { Directory } from './directory.js';
import type { Phone } from './phone.js';
import type { Server } from './server.js';

/** Everybody, as the story leaves them: Alice has compared codes with Bob, Carol has saved his published code. */
export interface World {
  readonly directory: Directory;
  /** A copy of the log from before Bob’s newest list. */
  readonly before: Directory;
  readonly alice: { readonly accountKey: PublicKey; readonly phone: Phone };
  readonly bob: Account;
  readonly carol: { readonly phone: Phone };
  readonly nowMs: number;
}

/** What came of a scenario. */
export interface Outcome {
  /** What the app says now. */
  readonly review: Heard;
  /** What went over the wire, as name and value. */
  readonly evidence: readonly (readonly [name: string, value: string])[];
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly story: string;
  /** Whose app it is that finds out, if it is not Alice’s. */
  readonly app?: string;
  /** Whether that app speaks of its own account. */
  readonly isOwn?: boolean;
  /** The finding that has to be told, by code and level. */
  readonly told: string;
  /** The code of the error that refuses what was heard, where the attack fails at a check. */
  readonly refusedBy?: string;
  /** How the app knows. */
  readonly meaning: string;
  run(world: World, attacked: boolean): Promise<Outcome>;
}

/** The beginning of some bytes, for people. */
export const short = (bytes: Uint8Array): string => `${encodeHex(bytes.slice(0, 8))}…`;

/** Alice’s phone, which has compared codes, looks Bob up. */
export async function lookUp(
  { alice, bob, nowMs }: World,
  server: Server,
  evidence: Outcome['evidence'] = [],
): Promise<Outcome> {
  return { review: await alice.phone.fork().lookUp(server, bob.identifier, nowMs), evidence };
}
