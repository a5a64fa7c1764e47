/**
 * Which reasons of the reference an error code can stand for. The reference is coarser in some places, finer in
 * others, and knows nothing of codes; this table is what keeps the two from drifting apart.
 */
import type { Reason } from '../../test/reference/encoding.js';

const CODES: Readonly<Record<Reason, readonly string[]>> = {
  'too-large': ['ERR_TOO_LARGE', 'ERR_CODE_FORMAT'],
  'unknown-version': ['ERR_VERSION'],
  'unknown-scheme': ['ERR_SCHEME'],
  truncated: ['ERR_TRUNCATED', 'ERR_CODE_FORMAT'],
  'trailing-bytes': ['ERR_TRAILING_BYTES'],
  'vector-length': ['ERR_LENGTH'],
  'number-too-large': ['ERR_INTEGER'],
  'unknown-value': ['ERR_ENUM'],
  'key-invalid': ['ERR_KEY_LENGTH', 'ERR_KEY_POINT', 'ERR_KEY_ORDER'],
  'secret-invalid': ['ERR_KEY_SCALAR'],
  'text-invalid': ['ERR_TEXT_ENCODING', 'ERR_UTF8', 'ERR_CODE_FORMAT'],
  'format-invalid': ['ERR_KEY_FORMAT'],
  'too-many-devices': ['ERR_LENGTH'],
  'too-many-successions': ['ERR_LENGTH'],
  'device-order': ['ERR_ORDER', 'ERR_DUPLICATE'],
  'signing-key-reused': ['ERR_DUPLICATE', 'ERR_KEY_REUSED'],
  'chain-key-reused': ['ERR_KEY_REUSED'],
  'succession-order': ['ERR_SUCCESSION_CHAIN'],
  'sequence-impossible': ['ERR_SUCCESSION_CHAIN'],
  'previous-impossible': ['ERR_LIST_START', 'ERR_LENGTH'],
  'author-impossible': ['ERR_LIST_START'],
  'joined-wrong': ['ERR_DEVICE_ENTRY'],
  'since-impossible': ['ERR_DEVICE_ENTRY'],
  'author-signature-presence': ['ERR_LENGTH'],
  'other-identifier': ['ERR_LIST_IDENTIFIER'],
  'succession-signature': ['ERR_SUCCESSION_SIGNATURE'],
  'possession-signature': ['ERR_DEVICE_POSSESSION'],
  'account-signature': ['ERR_LIST_SIGNATURE'],
  'author-signature': ['ERR_LIST_AUTHOR'],
  rollback: ['ERR_LIST_ROLLBACK'],
  fork: ['ERR_LIST_FORK'],
  'previous-wrong': ['ERR_LIST_PREVIOUS'],
  'author-unknown': ['ERR_LIST_AUTHOR'],
  'chain-broken': ['ERR_SUCCESSION_CHAIN'],
  'entry-replayed': ['ERR_DEVICE_ENTRY'],
  'succeeded-key': ['ERR_KEY_REUSED'],
  gap: ['ERR_LIST_GAP'],
  'no-chain-from-pin': ['ERR_ACCOUNT_KEY'],
  'stored-invalid': ['ERR_STORED_STATE'],
  signature: ['ERR_SIGNATURE'],
  'sas-own-key': ['ERR_SAS_OWN_KEY'],
  'sas-reflected': ['ERR_SAS_REFLECTED'],
  'sas-purpose': ['ERR_SAS_PURPOSE'],
  'sas-out-of-order': ['ERR_SAS_UNEXPECTED'],
  'sas-commitment': ['ERR_SAS_COMMITMENT'],
  'index-beyond-tree': ['ERR_INDEX_RANGE'],
  'proof-length': ['ERR_PROOF_LENGTH'],
  'proof-root': ['ERR_PROOF_ROOT'],
  'heads-reversed': ['ERR_HEAD_ORDER'],
  'heads-differ': ['ERR_HEAD_MISMATCH'],
};

export function standsFor(code: string, reason: Reason): boolean {
  return CODES[reason].includes(code);
}
