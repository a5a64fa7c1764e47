/**
 * A log as its users know it beforehand: a configuration, and the keys in it, parsed once.
 */

import { assertObject } from '../../bytes/arguments.js';
import { concatBytes } from '../../bytes/compare.js';
import type { CipherSuite } from '../../crypto/cipher-suite.js';
import type { PublicKey } from '../../crypto/public-key.js';
import type { VrfPublicKey } from '../../crypto/vrf.js';
import { UnsupportedError, VerificationError, type VerificationErrorCode } from '../../errors.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import { createTypeScriptHasher } from '../../hashing/typescript-hasher.js';
import { type Configuration, parseConfiguration } from '../wire/configuration.js';

/** A log that is trusted as far as its configuration goes. Frozen. */
export interface TrustedLog {
  readonly configuration: Configuration;
  readonly suite: CipherSuite;
  readonly hasher: TreeHasher;
  /**
   * What a stored state belongs to, 32 bytes: suite, mode, and the keys of tree heads and of the VRF. Everything else
   * in a configuration may change under a state; that an auditor is followed by another, the draft provides for.
   */
  readonly id: Uint8Array;
  /** For tree heads. */
  readonly headKey: PublicKey;
  readonly vrfKey: VrfPublicKey;
  /** For values; exactly in a log with a third-party manager. */
  readonly valueKey: PublicKey | undefined;
  /** Exactly in a log with a third-party auditor. */
  readonly auditorKey: PublicKey | undefined;
}

/**
 * Opens a configuration.
 * @throws UnsupportedError `ERR_CIPHER_SUITE` it names another suite than the one that is given
 * @throws DecodeError codes of `parseConfiguration`, and of the suite where a key is none; ArgumentTypeError
 */
export function openLog(
  configurationBytes: Uint8Array,
  suite: CipherSuite,
  hasher: TreeHasher = createTypeScriptHasher(),
): TrustedLog {
  assertObject(suite, 'suite');
  const configuration = parseConfiguration(configurationBytes);
  if (configuration.ciphersuite !== suite.id) {
    throw new UnsupportedError('ERR_CIPHER_SUITE', 'the log has another cipher suite than the program');
  }
  const { mode, signaturePublicKey, vrfPublicKey } = configuration;
  const { signatures, vrf } = suite;
  const tag = Uint8Array.of(suite.id, MODE_NUMBERS[mode]);
  return Object.freeze({
    configuration,
    suite,
    hasher,
    // The suite fixes the lengths of both keys.
    id: suite.hash(concatBytes(tag, signaturePublicKey, vrfPublicKey)),
    headKey: signatures.parsePublicKey(signaturePublicKey),
    vrfKey: vrf.parsePublicKey(vrfPublicKey),
    valueKey:
      mode === 'thirdPartyManagement' ? signatures.parsePublicKey(configuration.leafPublicKey) : undefined,
    auditorKey:
      mode === 'thirdPartyAuditing' ? signatures.parsePublicKey(configuration.auditorPublicKey) : undefined,
  });
}

const MODE_NUMBERS = { contactMonitoring: 1, thirdPartyManagement: 2, thirdPartyAuditing: 3 } as const;

/**
 * Checks a signature, under a code that says whose it is.
 * @throws VerificationError that code
 */
export function verifySignature(
  { suite }: TrustedLog,
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
  code: VerificationErrorCode,
): void {
  try {
    suite.signatures.verify(key, message, signature);
  } catch (error) {
    if (error instanceof VerificationError) throw new VerificationError(code, error.message);
    throw error;
  }
}
