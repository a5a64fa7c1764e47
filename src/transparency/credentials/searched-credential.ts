/**
 * Standard credentials from the answer to a search. The first look of a search for the greatest version goes into the
 * rightmost distinguished log entry and leaves nothing out, so that it is just the proof that a credential carries.
 */

import { equalBytes } from '../../bytes/compare.js';
import { PolicyError } from '../../errors.js';
import { entryOf, type KnownDistinguished } from '../client/known-distinguished.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import { interpretLadder } from '../walks/ladder.js';
import { encodeCredential } from '../wire/credential.js';
import { parseSearchResponse } from '../wire/search-messages.js';
import { openVersions } from './opened-credential.js';
import { searchedRoot } from './standard-credential.js';

/**
 * The credential, as bytes.
 * @param recents the entries that it may rest on
 * @throws PolicyError `ERR_CREDENTIAL_POSITION`; VerificationError, DecodeError of the answer
 */
export function credentialFromSearch(
  log: TrustedLog,
  recents: readonly KnownDistinguished[],
  label: Uint8Array,
  bytes: Uint8Array,
): Uint8Array {
  const { configuration, hasher } = log;
  const response = parseSearchResponse(bytes, configuration, { version: undefined });
  const { opening, value, binaryLadder, search } = response;
  // The form of an answer to a search for the greatest version.
  const version = response.version as number;
  const shown = { label, version, opening, value, binaryLadder };
  const [distinguished] = search.prefixProofs;
  if (distinguished === undefined) throw newer();
  const included = distinguished.results.map(({ resultType }) => resultType === 'inclusion');
  if (interpretLadder(version, included).verdict !== 0) throw newer();
  const root = searchedRoot(version, openVersions(log, shown), distinguished, hasher);
  const base = [...recents].reverse().find((each) => equalBytes(entryOf(each).prefixTree, root));
  if (base === undefined) throw newer();
  const { position } = entryOf(base);
  return encodeCredential({ ...shown, position, credentialType: 'standard', distinguished }, configuration);
}

function newer(): PolicyError {
  return new PolicyError('ERR_CREDENTIAL_POSITION', 'no known distinguished log entry has this version');
}
