/**
 * Two values that a service operator signed as one version of a label, in a log with a third-party manager. "The Service
 * Operator is trusted to ensure that only one value for each version of a label is authorized" (draft, "Management"). No
 * tree is needed: the operator's own signatures contradict each other.
 */

import { equalBytes } from '../../bytes/compare.js';
import { VerificationError } from '../../errors.js';
import { type TrustedLog, verifySignature } from '../verifier/trusted-log.js';
import { encodeUpdateTbs } from '../wire/update.js';
import type { EvidenceKinds, SignedValue } from './evidence.js';

/** What evidence of two signed values proves. */
export interface TwoValuesFacts {
  readonly kind: 'twoValues';
  readonly label: Uint8Array;
  readonly version: number;
  readonly values: readonly [Uint8Array, Uint8Array];
}

/**
 * Checks evidence of two signed values.
 * @throws VerificationError `ERR_VALUE_SIGNATURE`, also where the log has no third-party manager; `ERR_EVIDENCE_AGREES`
 */
export function verifyTwoValues(
  log: TrustedLog,
  { label, version, first, second }: EvidenceKinds['twoValues'],
): TwoValuesFacts {
  const { configuration: config, valueKey } = log;
  if (valueKey === undefined) {
    throw new VerificationError('ERR_VALUE_SIGNATURE', 'nobody signs single values in this log');
  }
  const open = ({ value, signature }: SignedValue): Uint8Array => {
    const tbs = encodeUpdateTbs({ config, label, version, value });
    verifySignature(log, valueKey, tbs, signature, 'ERR_VALUE_SIGNATURE');
    return value;
  };
  const values = [open(first), open(second)] as const;
  if (equalBytes(...values)) {
    throw new VerificationError('ERR_EVIDENCE_AGREES', 'both signatures are of one value');
  }
  return Object.freeze({ kind: 'twoValues', label, version, values: Object.freeze(values) });
}
