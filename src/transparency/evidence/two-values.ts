/**
 * Two values that a service operator signed as one version of a label, in a log with a third-party manager. "The Service
 * Operator is trusted to ensure that only one value for each version of a label is authorized" (draft, "Management"). No
 * tree is needed: the operator's own signatures contradict each other.
 */

import { assertObject } from '../../bytes/arguments.js';
import { equalBytes } from '../../bytes/compare.js';
import { MisbehaviorError, VerificationError } from '../../errors.js';
import { openLog, type TrustedLog, verifySignature } from '../verifier/trusted-log.js';
import { encodeUpdateTbs } from '../wire/update.js';
import { encodeEvidence, type EvidenceKinds, type SignedValue } from './evidence.js';
import { assertOwnKeys } from './own-keys.js';
import type { SuiteOptions } from './signed-heads.js';

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
  if (equalBytes(first.value, second.value)) {
    throw new VerificationError('ERR_EVIDENCE_AGREES', 'both signatures are of one value');
  }
  for (const { value, signature } of [first, second]) {
    const tbs = encodeUpdateTbs({ config, label, version, value });
    verifySignature(log, valueKey, tbs, signature, 'ERR_VALUE_SIGNATURE');
  }
  const values = Object.freeze([first.value, second.value] as const);
  return Object.freeze({ kind: 'twoValues', label, version, values });
}

/** Two values that are said to be one version of a label. */
export interface ComparedValues {
  readonly label: Uint8Array;
  readonly version: number;
  /** Each with the service operator's signature: the `suffix` of an UpdateValue. */
  readonly values: readonly [SignedValue, SignedValue];
}

/**
 * Compares two values that a service operator signed as one version of a label, in a log with a third-party manager.
 * @param configurationBytes of the log
 * @returns that they are one value
 * @throws MisbehaviorError `ERR_VALUE_SIGNED_TWICE` they differ, and both are signed
 * @throws VerificationError `ERR_VALUE_SIGNATURE`, also in a log without a manager; `ERR_EVIDENCE_KEYS`
 * @throws DecodeError codes of a configuration; UnsupportedError `ERR_CIPHER_SUITE`; ArgumentTypeError, ArgumentRangeError
 */
export function compareSignedValues(
  configurationBytes: Uint8Array,
  compared: ComparedValues,
  options: SuiteOptions,
): { readonly outcome: 'same' } {
  assertObject(compared, 'compared');
  assertObject(options, 'options');
  const log = openLog(configurationBytes, options.suite, options.hasher);
  const { configuration } = log;
  assertOwnKeys(configuration);
  const { label, version, values } = compared;
  const [first, second] = values;
  if (equalBytes(first.value, second.value)) return SAME;
  verifyTwoValues(log, { label, version, first, second });
  const accusation = { kind: 'twoValues', label, version, first, second } as const;
  throw new MisbehaviorError(
    'ERR_VALUE_SIGNED_TWICE',
    'two values are signed as one version',
    encodeEvidence({ configuration, accusation }),
  );
}

const SAME: { readonly outcome: 'same' } = /* @__PURE__ */ Object.freeze({ outcome: 'same' });
