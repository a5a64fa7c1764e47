/** Credentials, their updates, and what users know, as fields. */
import type { CredentialFields } from '../../test/reference/keytrans-credentials.js';
import type { Retained } from '../../test/reference/keytrans-entries.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { credentialUpdateOf } from '../../test/reference/keytrans-operator-answers.js';
import { contextOf } from '../../test/reference/keytrans-users.js';
import { writeWire } from '../../test/reference/keytrans-wire.js';
import { retainedField } from './keytrans-search-logs.js';
import { type Fields, hex } from './vector-file.js';

export const encodeCredential = (log: Operator, credential: CredentialFields): string =>
  hex(writeWire('Credential', credential, contextOf(log.config)).bytes);

/** The log as it is when an entry is its last. */
export function retainedAt(log: Operator, position: number): Retained {
  return log.retainedAt(position + 1);
}

/** What a user knows: the log at each of these entries. */
export const knownAt = (log: Operator, ...positions: readonly number[]): Fields[] =>
  positions.map((position) => retainedField(retainedAt(log, position)) as Fields);

/** What all cases of a log have in common. */
export const common = (log: Operator, ...known: readonly number[]): Fields => ({
  configuration: hex(log.configuration),
  known: knownAt(log, ...known),
});

export const encodeUpdate = (log: Operator, ...of: readonly [number, number, number, number]): string =>
  hex(writeWire('CredentialUpdate', credentialUpdateOf(log, ...of), contextOf(log.config)).bytes);
