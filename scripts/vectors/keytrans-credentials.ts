/** Credentials of IETF Key Transparency, and what finally verifies provisional ones. */
import {
  type CredentialFields,
  type Informed,
  settleCredential,
  verifyCredential,
} from '../../test/reference/keytrans-credentials.js';
import type { Retained } from '../../test/reference/keytrans-entries.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { credentialOf } from '../../test/reference/keytrans-operator-answers.js';
import type { LogConfiguration } from '../../test/reference/keytrans-users.js';
import { readWire } from '../../test/reference/keytrans-wire.js';
import { addCredentialDamages } from './keytrans-credential-damages.js';
import { common, encodeCredential, encodeUpdate, retainedAt } from './keytrans-credential-fields.js';
import { PLAIN } from './keytrans-exchanges.js';
import { retainedField, retainedFrom } from './keytrans-search-logs.js';
import { grow, LABEL } from './keytrans-stories.js';
import { credentialLog, credentialVersionsAt, CURVES } from './keytrans-story-logs.js';
import { bytes, type Fields, hex, list, VectorFile } from './vector-file.js';

const MODES = ['contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'] as const;

const informedFrom = (input: Fields): Informed => ({
  config: readWire('Configuration', bytes(input['configuration']), PLAIN) as LogConfiguration,
  known: list(input['known']).map((each) => retainedFrom(each) as Retained),
});

function verification(input: Fields): Fields {
  const verified = verifyCredential(informedFrom(input), bytes(input['label']), bytes(input['credential']));
  const { credential, timestampMs, provisional } = verified;
  const { credentialType, version, value, position } = credential;
  return {
    kind: credentialType,
    version,
    value: hex(value.value),
    position,
    timestampMs,
    terminal: provisional?.terminal ?? null,
  };
}

function settlement(input: Fields): Fields {
  const { base, credential, update } = input;
  const given = update === null ? null : bytes(update);
  const by = settleCredential(
    informedFrom(input),
    retainedFrom(base as Fields) as Retained,
    bytes(credential),
    given,
  );
  return { isVerified: by !== null };
}

export function keytransCredentials(): VectorFile {
  const file = new VectorFile(
    'keytrans-credentials',
    'Credentials of IETF Key Transparency (draft-ietf-keytrans-protocol, commit 526cc8a): standard and provisional, and final verification of these.',
    { CredentialVerification: verification, CredentialSettlement: settlement },
  );
  for (const [ciphersuite, curve] of CURVES) {
    for (const mode of MODES) addCredentials(file, credentialLog(ciphersuite, mode), `${mode}, ${curve}`);
  }
  addCredentialDamages(file);
  return file;
}

/**
 * Version 0 in entry 1, 1 in 4, 2 in 12. Odd entries up to 11 are distinguished when there are 12 to 14; with entry 15, 13
 * and 15 are too.
 */
function addCredentials(file: VectorFile, log: Operator, name: string): void {
  const label = hex(LABEL);
  const verify = (what: string, known: readonly number[], credential: CredentialFields): string => {
    const encoded = encodeCredential(log, credential);
    file.valid('CredentialVerification', `${name}: ${what}`, {
      ...common(log, ...known),
      label,
      credential: encoded,
    });
    return encoded;
  };
  const settle = (
    what: string,
    known: readonly number[],
    credential: string,
    update: string | null,
  ): void => {
    const base = retainedField(retainedAt(log, 11)) as Fields;
    file.valid('CredentialSettlement', `${name}: ${what}`, {
      ...common(log, ...known),
      base,
      credential,
      update,
    });
  };
  grow(log, 12, credentialVersionsAt);
  verify('standard, on the newest entry', [7, 11], credentialOf(log, 11));
  verify('standard, on an older one', [3, 7, 11], credentialOf(log, 7));
  grow(log, 13, credentialVersionsAt);
  const last = verify('provisional, of the last entry', [7, 11], credentialOf(log, 11));
  grow(log, 14, credentialVersionsAt);
  const higher = verify('provisional, of an entry above', [11], credentialOf(log, 11));
  verify('provisional, on an older entry', [7, 11], credentialOf(log, 7));
  grow(log, 20, credentialVersionsAt);
  settle('nothing is known yet', [7, 11], last, null);
  settle('the entry is distinguished', [11, 13, 15], higher, null);
  settle('an update', [11, 13, 15], last, encodeUpdate(log, 2, 13, 12, 13));
  settle('an update, where that is not needed', [11, 13], higher, encodeUpdate(log, 2, 14, 13, 15));
  settle('an update over a gap', [7, 15], last, encodeUpdate(log, 2, 13, 12, 15));
  settle('an update that is not there', [11, 13], last, null);
}
