/** Logs to operate in tests: real ones, and ones whose curves are replaced by hashes, for long histories. */

import { createHash } from 'node:crypto';
import {
  createOperator,
  type Operator,
  type OperatorOptions,
  type OperatorStore,
} from '../../src/operator.js';
import {
  type CipherSuite,
  KT_128_SHA256_Ed25519,
  KT_128_SHA256_P256,
  SecretBytes,
  type VrfPrivateKey,
} from '../../src/suites.js';
import { VerificationError } from '../../src/errors.js';
import { type Configuration, encodeConfiguration } from '../../src/transparency/wire/configuration.js';

export const SUITES: readonly CipherSuite[] = [KT_128_SHA256_Ed25519, KT_128_SHA256_P256];

/** What a log is made of. */
export interface World {
  readonly suite: CipherSuite;
  readonly configuration: Configuration;
  readonly bytes: Uint8Array;
  readonly vrfKey: VrfPrivateKey;
  /** Of the operator or manager, of the auditor, and of the service operator, whose key is the auditor's. */
  sign(message: Uint8Array): Uint8Array;
  signAsAuditor(message: Uint8Array): Uint8Array;
  signValue(message: Uint8Array): Uint8Array;
  open<Caller = unknown>(options?: Partial<OperatorOptions<Caller>>): Promise<Operator<Caller>>;
}

export interface WorldSettings {
  readonly suite?: CipherSuite;
  /** Whether the log has a third-party manager. */
  readonly isManaged?: boolean;
  readonly windowMs?: number;
  readonly lifetimeMs?: number | undefined;
  readonly maxAuditorLagMs?: number;
  /** In a log with an auditor; default 0. */
  readonly auditorStartPos?: number;
  readonly store?: OperatorStore;
}

interface Keys {
  readonly vrfKey: VrfPrivateKey;
  readonly secrets: readonly [SecretBytes, SecretBytes];
  readonly publicKeys: readonly [Uint8Array, Uint8Array];
}

const keys = new Map<string, Keys>();

function keysOf(suite: CipherSuite): Keys {
  const known = keys.get(suite.name);
  if (known !== undefined) return known;
  const secret = (name: string): Uint8Array =>
    new Uint8Array(createHash('sha256').update(`${name} ${suite.name}`).digest());
  const { scheme } = suite.signatures;
  const made: Keys = {
    vrfKey: suite.vrf.parsePrivateKey(secret('vrf')),
    secrets: [new SecretBytes(secret('operator')), new SecretBytes(secret('auditor'))],
    publicKeys: [scheme.derivePublicKey(secret('operator')), scheme.derivePublicKey(secret('auditor'))],
  };
  keys.set(suite.name, made);
  return made;
}

export function createWorld(settings: WorldSettings = {}): World {
  const { suite = KT_128_SHA256_Ed25519, windowMs = 100, lifetimeMs, maxAuditorLagMs, store } = settings;
  const { auditorStartPos = 0, isManaged = false } = settings;
  const { vrfKey, secrets, publicKeys } = keysOf(suite);
  const common = {
    ciphersuite: suite.id,
    signaturePublicKey: publicKeys[0],
    vrfPublicKey: vrfKey.publicKey.encoded,
    maxAheadMs: 1000,
    maxBehindMs: 1000,
    reasonableMonitoringWindowMs: windowMs,
    maximumLifetimeMs: lifetimeMs,
  };
  const auditing = {
    maxAuditorLagMs: maxAuditorLagMs ?? 0,
    auditorStartPos,
    auditorPublicKey: publicKeys[1],
  };
  const configuration: Configuration = isManaged
    ? { mode: 'thirdPartyManagement', ...common, leafPublicKey: publicKeys[1] }
    : maxAuditorLagMs === undefined
      ? { mode: 'contactMonitoring', ...common }
      : { mode: 'thirdPartyAuditing', ...common, ...auditing };
  const bytes = encodeConfiguration(configuration);
  const sign = (message: Uint8Array): Uint8Array => suite.signatures.sign(secrets[0], message);
  return {
    suite,
    configuration,
    bytes,
    vrfKey,
    sign,
    signAsAuditor: (message) => suite.signatures.sign(secrets[1], message),
    signValue: (message) => suite.signatures.sign(secrets[1], message),
    open: (options = {}) => createOperator(bytes, { suite, signer: sign, vrfKey, store, ...options }),
  };
}

/**
 * The suite with its two slow parts replaced: VRF outputs and signatures are hashes, which anybody could make. All
 * lengths, keys, commitments and trees are the suite's own.
 */
export function quickSuite(suite: CipherSuite): CipherSuite {
  const hash = (name: string, length: number, ...parts: readonly Uint8Array[]): Uint8Array => {
    const state = createHash('shake256', { outputLength: length }).update(`${suite.name} ${name}`);
    for (const part of parts) state.update(part);
    return new Uint8Array(state.digest());
  };
  const { vrf, signatures } = suite;
  const proofOf = (key: Uint8Array, input: Uint8Array): Uint8Array =>
    hash('proof', vrf.proofLength, key, input);
  const outputOf = (key: Uint8Array, input: Uint8Array): Uint8Array => hash('output', 32, key, input);
  const signatureOf = (message: Uint8Array): Uint8Array => hash('signature', 64, message);
  const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
  return {
    ...suite,
    vrf: {
      ...vrf,
      prove: ({ publicKey: { encoded } }, input) => ({
        proof: proofOf(encoded, input),
        output: outputOf(encoded, input),
      }),
      verify({ encoded }, input, proof) {
        if (!same(proof, proofOf(encoded, input))) throw new VerificationError('ERR_VRF_PROOF', 'quick');
        return outputOf(encoded, input);
      },
    },
    signatures: {
      ...signatures,
      sign: (_secret, message) => signatureOf(message),
      verify(_key, message, signature) {
        if (!same(signature, signatureOf(message))) throw new VerificationError('ERR_SIGNATURE', 'quick');
      },
    },
  };
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
