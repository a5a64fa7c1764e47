/**
 * A log's configuration: what every user has to know of it beforehand, and what every tree head's signature covers
 * (draft, "Tree Head Signature").
 */

import { assertObject } from '../../bytes/arguments.js';
import { type Codec, decode, encode, struct, uint64 } from '../../bytes/codec.js';
import { assertBytes } from '../../bytes/compare.js';
import type { Reader } from '../../bytes/reader.js';
import { optional, type Tagged, tagged } from '../../bytes/variants.js';
import { ArgumentRangeError, UnsupportedError } from '../../errors.js';
import { CONFIGURATION_MAX_BYTES } from './wire-bounds.js';
import { type CipherSuiteId, type SuiteSizes, suiteSizes } from './wire-context.js';

/** The fields of every configuration. */
interface CommonFields {
  /** For tree heads: the service operator's, or the third-party manager's. In the suite's encoding; not parsed here. */
  readonly signaturePublicKey: Uint8Array;
  /** For the VRF proofs of binary ladders. In the suite's encoding; not parsed here. */
  readonly vrfPublicKey: Uint8Array;
  /** How far the newest log entry's timestamp may be ahead of the user's clock. */
  readonly maxAheadMs: number;
  /** How far it may be behind. */
  readonly maxBehindMs: number;
  /** How often label owners are expected to look: there is about one distinguished entry in each such span. */
  readonly reasonableMonitoringWindowMs: number;
  /** The age at which log entries expire, above the reasonable monitoring window; undefined: they do not. */
  readonly maximumLifetimeMs: number | undefined;
}

/** The fields of a log with a third-party manager. */
interface ManagementFields extends CommonFields {
  /** For the service operator's signatures over values. */
  readonly leafPublicKey: Uint8Array;
}

/** The fields of a log with a third-party auditor. */
interface AuditingFields extends CommonFields {
  /** How far the auditor's head may lag behind the newest log entry. */
  readonly maxAuditorLagMs: number;
  /** Index of the first log entry that this auditor processed. */
  readonly auditorStartPos: number;
  readonly auditorPublicKey: Uint8Array;
}

/** The configurations by mode. The draft's select has no case for contact monitoring, so that mode adds nothing. */
type ConfigurationModes = {
  readonly contactMonitoring: CommonFields;
  readonly thirdPartyManagement: ManagementFields;
  readonly thirdPartyAuditing: AuditingFields;
};

/** `Configuration` (draft, "Tree Head Signature"): which fields it has depends on its `mode`. */
export type Configuration = {
  readonly [Mode in keyof ConfigurationModes]: {
    readonly ciphersuite: CipherSuiteId;
    readonly mode: Mode;
  } & ConfigurationModes[Mode];
}[keyof ConfigurationModes];

/** `opaque …_public_key<0..2^16-1>`, of which the suite allows one length. */
function publicKey(length: number): Codec<Uint8Array> {
  return {
    minBytes: 2 + length,
    read(reader) {
      const start = reader.offset;
      if (reader.uint(2) !== length)
        throw reader.error('ERR_KEY_LENGTH', `a key must have ${length} bytes`, start);
      return reader.bytes(length);
    },
    write(writer, key) {
      assertBytes(key, 'a public key');
      if (key.length !== length) throw new ArgumentRangeError(`a key must have ${length} bytes`);
      writer.uint(2, length);
      writer.bytes(key);
    },
  };
}

/** Everything after the cipher suite. */
function afterSuite(sizes: SuiteSizes): Codec<Tagged<'mode', ConfigurationModes>> {
  const keys = {
    signaturePublicKey: publicKey(sizes.signaturePublicKey),
    vrfPublicKey: publicKey(sizes.vrfPublicKey),
  };
  const durations = {
    maxAheadMs: uint64,
    maxBehindMs: uint64,
    reasonableMonitoringWindowMs: uint64,
    maximumLifetimeMs: optional(uint64),
  };
  const modes = {
    contactMonitoring: { number: 1, rest: struct<CommonFields>({ ...keys, ...durations }) },
    thirdPartyManagement: {
      number: 2,
      rest: struct<ManagementFields>({
        ...keys,
        leafPublicKey: publicKey(sizes.signaturePublicKey),
        ...durations,
      }),
    },
    thirdPartyAuditing: {
      number: 3,
      rest: struct<AuditingFields>({
        ...keys,
        maxAuditorLagMs: uint64,
        auditorStartPos: uint64,
        auditorPublicKey: publicKey(sizes.signaturePublicKey),
        ...durations,
      }),
    },
  };
  return tagged<'mode', ConfigurationModes>('mode', modes);
}

/** "If defined, it MUST be greater than zero and greater than the RMW" (draft, "Maximum Lifetime"). */
function lifetimeFits({ maximumLifetimeMs, reasonableMonitoringWindowMs }: CommonFields): boolean {
  return maximumLifetimeMs === undefined || maximumLifetimeMs > reasonableMonitoringWindowMs;
}

/** A suite that is not in the draft's registry is news, except the reserved zero, which no log will ever have. */
function readSuite(reader: Reader): { ciphersuite: CipherSuiteId; sizes: SuiteSizes } {
  const start = reader.offset;
  const ciphersuite = reader.uint(2) as CipherSuiteId;
  const sizes = suiteSizes(ciphersuite);
  if (sizes !== undefined) return { ciphersuite, sizes };
  if (Number(ciphersuite) === 0) throw reader.error('ERR_ENUM', 'the reserved cipher suite', start);
  throw new UnsupportedError('ERR_CIPHER_SUITE', 'an unknown cipher suite');
}

/** Also the first field of everything that is signed. */
export const configurationCodec: Codec<Configuration> = {
  read(reader) {
    const { ciphersuite, sizes } = reader.within('ciphersuite', () => readSuite(reader));
    const rest = afterSuite(sizes).read(reader);
    if (!lifetimeFits(rest)) {
      const problem = 'a maximum lifetime must be above the reasonable monitoring window';
      const start = reader.offset - 8;
      throw reader.within('maximumLifetimeMs', () => reader.error('ERR_CONFIGURATION', problem, start));
    }
    return Object.freeze({ ciphersuite, ...rest });
  },
  write(writer, value) {
    assertObject(value, 'a configuration');
    const sizes = suiteSizes(value.ciphersuite);
    if (sizes === undefined) throw new ArgumentRangeError('an unknown cipher suite');
    if (!lifetimeFits(value))
      throw new ArgumentRangeError('a maximum lifetime must be above the reasonable monitoring window');
    writer.uint(2, value.ciphersuite);
    afterSuite(sizes).write(writer, value);
  },
};

/**
 * A log's configuration from its bytes (draft, "Tree Head Signature" and "Maximum Lifetime"). Where the bytes come
 * from decides everything: whoever controls them controls which keys are believed. Keys have the length that the suite
 * demands; whether they are keys, the suite says when it parses them.
 * @param bytes at most 2^18; not changed
 * @returns frozen, its bytes fresh; also the context that the other structures are read in
 * @throws UnsupportedError `ERR_CIPHER_SUITE`. DecodeError `ERR_CONFIGURATION`: a maximum lifetime of zero, or not above
 *   the reasonable monitoring window. `ERR_KEY_LENGTH`, `ERR_ENUM`, `ERR_INTEGER`, `ERR_TRUNCATED`,
 *   `ERR_TRAILING_BYTES`, `ERR_TOO_LARGE`. ArgumentTypeError
 * @example
 * const configuration = parseConfiguration(bytes); // also the context for all else
 * configuration.reasonableMonitoringWindowMs;
 */
export function parseConfiguration(bytes: Uint8Array): Configuration {
  return decode(configurationCodec, bytes, 'Configuration', CONFIGURATION_MAX_BYTES);
}

/**
 * A log's configuration as bytes.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeConfiguration(configuration: Configuration): Uint8Array {
  return encode(configurationCodec, configuration);
}
