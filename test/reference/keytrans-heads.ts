/** Heads, configuration, and what is signed, committed to and hashed: "Cryptographic Computations". */

import { demand } from './encoding.js';
import type { WireReader } from './keytrans-bytes.js';
import {
  type Context,
  isAudited,
  isManaged,
  LARGE,
  LARGEST_VALUE,
  must,
  Nc,
  Nh,
  readUint64,
  structure,
  writeUint64,
} from './keytrans-context.js';

// --------------------------------------------------------------------------- Tree Head Signature

const MODES = ['', 'contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'];

interface ConfigurationFields {
  readonly ciphersuite: number;
  readonly mode: string;
  readonly signaturePublicKey: Uint8Array;
  readonly vrfPublicKey: Uint8Array;
  readonly leafPublicKey?: Uint8Array;
  readonly maxAuditorLagMs?: number;
  readonly auditorStartPos?: number;
  readonly auditorPublicKey?: Uint8Array;
  readonly maxAheadMs: number;
  readonly maxBehindMs: number;
  readonly reasonableMonitoringWindowMs: number;
  readonly maximumLifetimeMs: number | undefined;
}

function readKey(r: WireReader, length: number): Uint8Array {
  demand(r.uint(2) === length, 'key-invalid');
  return r.fixed(length);
}

export const Configuration = structure(
  262_144,
  (r) => {
    const ciphersuite = r.uint(2);
    demand(ciphersuite !== 0, 'unknown-value');
    demand(ciphersuite === 1 || ciphersuite === 2, 'unknown-suite');
    const [keyLength, vrfKeyLength] = ciphersuite === 1 ? [65, 33] : [32, 32];
    const mode = MODES[r.enumerator([1, 2, 3])] as string;
    const signaturePublicKey = readKey(r, keyLength as number);
    const vrfPublicKey = readKey(r, vrfKeyLength as number);
    const third: Record<string, number | Uint8Array> = {};
    if (mode === 'thirdPartyManagement') third['leafPublicKey'] = readKey(r, keyLength as number);
    if (mode === 'thirdPartyAuditing') {
      third['maxAuditorLagMs'] = r.uint(8);
      third['auditorStartPos'] = r.uint(8);
      third['auditorPublicKey'] = readKey(r, keyLength as number);
    }
    const maxAheadMs = r.uint(8);
    const maxBehindMs = r.uint(8);
    const reasonableMonitoringWindowMs = r.uint(8);
    const maximumLifetimeMs = r.optional(readUint64(r));
    // "If defined, it MUST be greater than zero and greater than the RMW."
    if (maximumLifetimeMs !== undefined)
      demand(
        maximumLifetimeMs > 0 && maximumLifetimeMs > reasonableMonitoringWindowMs,
        'lifetime-not-above-window',
      );
    return {
      ciphersuite,
      mode,
      signaturePublicKey,
      vrfPublicKey,
      ...third,
      maxAheadMs,
      maxBehindMs,
      reasonableMonitoringWindowMs,
      maximumLifetimeMs,
    } as ConfigurationFields;
  },
  (w, v) => {
    w.uint(2, v.ciphersuite);
    w.enumerator([1, 2, 3], MODES.indexOf(v.mode));
    w.opaque(2, v.signaturePublicKey);
    w.opaque(2, v.vrfPublicKey);
    if (v.mode === 'thirdPartyManagement') w.opaque(2, must(v.leafPublicKey));
    if (v.mode === 'thirdPartyAuditing') {
      w.uint64(must(v.maxAuditorLagMs));
      w.uint64(must(v.auditorStartPos));
      w.opaque(2, must(v.auditorPublicKey));
    }
    w.uint64(v.maxAheadMs);
    w.uint64(v.maxBehindMs);
    w.uint64(v.reasonableMonitoringWindowMs);
    w.optional(v.maximumLifetimeMs, writeUint64(w));
  },
);

export const TreeHead = structure(
  LARGE,
  (r) => ({ treeSize: r.uint(8), signature: r.opaque(2) }),
  (w, v) => {
    w.uint64(v.treeSize);
    w.opaque(2, v.signature);
  },
);

export const TreeHeadTbs = structure(
  LARGE,
  (r, c) => ({ config: Configuration.read(r, c), treeSize: r.uint(8), root: r.fixed(Nh) }),
  (w, v, c) => {
    Configuration.write(w, v.config, c);
    w.uint64(v.treeSize);
    w.fixed(Nh, v.root);
  },
);

// ------------------------------------------------------------------- Auditor Tree Head Signature

export const AuditorTreeHead = structure(
  LARGE,
  (r) => ({ timestampMs: r.uint(8), treeSize: r.uint(8), signature: r.opaque(2) }),
  (w, v) => {
    w.uint64(v.timestampMs);
    w.uint64(v.treeSize);
    w.opaque(2, v.signature);
  },
);

export const AuditorTreeHeadTbs = structure(
  LARGE,
  (r, c) => ({
    config: Configuration.read(r, c),
    timestampMs: r.uint(8),
    treeSize: r.uint(8),
    root: r.fixed(Nh),
  }),
  (w, v, c) => {
    Configuration.write(w, v.config, c);
    w.uint64(v.timestampMs);
    w.uint64(v.treeSize);
    w.fixed(Nh, v.root);
  },
);

// -------------------------------------------------------------------- Full Tree Head Verification

export const FullTreeHead = structure(
  LARGE,
  (r, c) => {
    if (r.enumerator([1, 2]) === 1) return { headType: 'same' };
    return {
      headType: 'updated',
      treeHead: TreeHead.read(r, c),
      auditorTreeHead: isAudited(c) ? AuditorTreeHead.read(r, c) : undefined,
    };
  },
  (w, v, c) => {
    w.enumerator([1, 2], v.headType === 'same' ? 1 : 2);
    if (v.headType === 'same') return;
    TreeHead.write(w, must(v.treeHead), c);
    if (isAudited(c)) AuditorTreeHead.write(w, must(v.auditorTreeHead), c);
  },
);

// ---------------------------------------------------------------------------------- Update Format

export const UpdateSuffix = structure(
  LARGE,
  (r, c) => ({ signature: isManaged(c) ? r.opaque(2) : undefined }),
  (w, v, c) => {
    if (isManaged(c)) w.opaque(2, must(v.signature));
  },
);
export const leastSuffix = (c: Context): number => (isManaged(c) ? 2 : 0);

export const UpdateValue = structure(
  LARGE,
  (r, c) => ({ value: r.opaque(4, LARGEST_VALUE), suffix: UpdateSuffix.read(r, c) }),
  (w, v, c) => {
    w.opaque(4, v.value);
    UpdateSuffix.write(w, v.suffix, c);
  },
);

export const UpdateTbs = structure(
  LARGE,
  (r, c) => ({
    config: Configuration.read(r, c),
    label: r.opaque(1),
    version: r.uint(4),
    value: r.opaque(4, LARGEST_VALUE),
  }),
  (w, v, c) => {
    Configuration.write(w, v.config, c);
    w.opaque(1, v.label);
    w.uint(4, v.version);
    w.opaque(4, v.value);
  },
);

// ------------------------------------------- Commitment, Verifiable Random Function, Log Tree

export const CommitmentValue = structure(
  LARGE,
  (r, c) => ({
    opening: r.fixed(Nc),
    label: r.opaque(1),
    version: r.uint(4),
    update: UpdateValue.read(r, c),
  }),
  (w, v, c) => {
    w.fixed(Nc, v.opening);
    w.opaque(1, v.label);
    w.uint(4, v.version);
    UpdateValue.write(w, v.update, c);
  },
);

export const VrfInput = structure(
  LARGE,
  (r) => ({ label: r.opaque(1), version: r.uint(4) }),
  (w, v) => {
    w.opaque(1, v.label);
    w.uint(4, v.version);
  },
);

export const LogEntry = structure(
  LARGE,
  (r) => ({ timestampMs: r.uint(8), prefixTree: r.fixed(Nh) }),
  (w, v) => {
    w.uint64(v.timestampMs);
    w.fixed(Nh, v.prefixTree);
  },
);
