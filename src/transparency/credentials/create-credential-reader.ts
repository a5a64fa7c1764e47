/** Making readers of credentials: what they are given is checked and copied here. */

import { assertObject } from '../../bytes/arguments.js';
import { assertBytes, equalBytes } from '../../bytes/compare.js';
import { DecodeError, PolicyError, VerificationError } from '../../errors.js';
import { entryOf, type KnownDistinguished } from '../client/known-distinguished.js';
import { decodeState } from '../client/state-encoding.js';
import { openLog, type TrustedLog } from '../verifier/trusted-log.js';
import { assertWithinClock, newestMs } from '../verifier/verified-proof.js';
import { type Recent, recentBy } from '../walks/distinguished-heads.js';
import { assertMilliseconds } from '../walks/order-bounds.js';
import { type Credential, parseCredential } from '../wire/credential.js';
import { copyOfLabel } from '../wire/label-argument.js';
import type { CredentialReader, CredentialReaderOptions, VerifiedCredential } from './credential-reader.js';
import { settlePending } from './final-verification.js';
import { openVersions } from './opened-credential.js';
import { CREDENTIAL_MAX_BYTES, encodePending, UPDATE_MAX_BYTES } from './pending-credential.js';
import { verifyProvisional } from './provisional-credential.js';
import { credentialFromSearch } from './searched-credential.js';
import { verifyStandard } from './standard-credential.js';

/** "SHOULD NOT include more than ten" (draft, "Walking Distinguished Heads"). */
const RECENT: Recent = /* @__PURE__ */ Object.freeze({ count: 10 });

/**
 * Creates a reader of credentials over a client's state.
 *
 * @param configurationBytes the log's configuration, from a source that the program trusts
 * @throws DecodeError codes of `parseConfiguration`, and of the suite where a key is none
 * @throws UnsupportedError `ERR_CIPHER_SUITE`; StateError `ERR_STORED_STATE`, `ERR_STATE_LOG`; ArgumentTypeError,
 *   ArgumentRangeError
 * @example
 * const reader = createCredentialReader(configuration, { suite: KT_128_SHA256_Ed25519, state });
 * const { value } = reader.verify(credential, { label });
 */
export function createCredentialReader(
  configurationBytes: Uint8Array,
  options: CredentialReaderOptions,
): CredentialReader {
  assertObject(options, 'options');
  const { suite, state, recent = RECENT, hasher } = options;
  return readerOver(openLog(configurationBytes, suite, hasher), recent, state);
}

function readerOver(log: TrustedLog, recent: Recent, stored: Uint8Array | undefined): CredentialReader {
  if (stored !== undefined) assertBytes(stored, 'state');
  const isRecent = recentBy(recent, log.configuration.maximumLifetimeMs);
  const { head, distinguished: known } = decodeState(log, stored);
  const rightmostMs = head === undefined ? 0 : newestMs(head);
  const nonRecent = [...known].reverse().findIndex((each, i) => !isRecent(entryOf(each), i, rightmostMs));
  const recents = nonRecent === -1 ? known : known.slice(known.length - nonRecent);

  return Object.freeze<CredentialReader>({
    configuration: log.configuration,
    at: (state) => readerOver(log, recent, state),
    verify(bytes, expected) {
      assertObject(expected, 'expected');
      const { clockMs } = expected;
      const label = copyOfLabel(expected.label);
      if (clockMs !== undefined) assertMilliseconds(clockMs, 'clockMs');
      const copy = copyOf(bytes, 'Credential', CREDENTIAL_MAX_BYTES);
      const credential = parseCredential(copy, log.configuration);
      if (!equalBytes(credential.label, label)) {
        throw new VerificationError('ERR_CREDENTIAL_LABEL', 'the credential is of another label');
      }
      return verifyAt(log, credential, copy, recentAt(recents, credential.position), clockMs);
    },
    settle(bytes, { update } = {}) {
      const pending = copyOf(bytes, 'PendingCredential', Infinity);
      const given = update === undefined ? undefined : copyOf(update, 'CredentialUpdate', UPDATE_MAX_BYTES);
      return settlePending(log, known, recents, pending, given);
    },
    fromSearch(given, response) {
      const label = copyOfLabel(given);
      assertBytes(response, 'a response');
      return credentialFromSearch(log, recents, label, response);
    },
  });
}

/** Steps after the first: value and ladder, then what the kind of credential demands. */
function verifyAt(
  log: TrustedLog,
  credential: Credential,
  bytes: Uint8Array,
  base: KnownDistinguished,
  clockMs: number | undefined,
): VerifiedCredential {
  const { label, version, position } = credential;
  const { value } = credential.value;
  const versions = openVersions(log, credential);
  if (credential.credentialType === 'standard') {
    const entry = entryOf(base);
    verifyStandard(version, versions, credential.distinguished, entry, log.hasher);
    const { timestampMs } = entry;
    return Object.freeze({ kind: 'standard', label, version, value, position, timestampMs });
  }
  const tree = verifyProvisional(log, credential, versions, base.view);
  const timestampMs = newestMs(tree);
  if (clockMs !== undefined) assertWithinClock(log, timestampMs, clockMs);
  const pending = encodePending(log, { bytes, credential, base: base.view, update: undefined });
  return Object.freeze({ kind: 'provisional', label, version, value, position, timestampMs, pending });
}

/**
 * The recent distinguished entry at a position.
 * @throws PolicyError `ERR_CREDENTIAL_EARLY`, `ERR_CREDENTIAL_POSITION`
 */
function recentAt(recents: readonly KnownDistinguished[], position: number): KnownDistinguished {
  const base = recents.find((each) => entryOf(each).position === position);
  if (base !== undefined) return base;
  const newest = recents.at(-1);
  if (newest === undefined || position > entryOf(newest).position) {
    throw new PolicyError('ERR_CREDENTIAL_EARLY', 'the credential rests on a newer log entry than is known');
  }
  throw new PolicyError(
    'ERR_CREDENTIAL_POSITION',
    'the credential rests on no recent distinguished log entry',
  );
}

function copyOf(bytes: Uint8Array, structure: string, maxBytes: number): Uint8Array {
  assertBytes(bytes, structure);
  if (bytes.length > maxBytes) throw new DecodeError('ERR_TOO_LARGE', structure, 0, 'too large');
  return Uint8Array.from(bytes);
}
