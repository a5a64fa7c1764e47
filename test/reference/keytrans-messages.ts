/** "User Operations" as far as they look things up. */

import {
  type Context,
  LARGE,
  must,
  Nc,
  Np,
  readHash,
  readUint64,
  readVersion,
  SMALL,
  structure,
  writeHash,
  writeUint64,
  writeVersion,
} from './keytrans-context.js';
import { FullTreeHead, UpdateValue } from './keytrans-heads.js';
import { CombinedTreeProof } from './keytrans-proofs.js';

// ----------------------------------------------------------------------------------------- Search

export const SearchRequest = structure(
  SMALL,
  (r) => ({
    last: r.optional(readUint64(r)),
    label: r.opaque(1),
    version: r.optional(readVersion(r)),
  }),
  (w, v) => {
    w.optional(v.last, writeUint64(w));
    w.opaque(1, v.label);
    w.optional(v.version, writeVersion(w));
  },
);

export const BinaryLadderStep = structure(
  LARGE,
  (r, c) => ({ proof: r.fixed(Np(c)), commitment: r.optional(readHash(r)) }),
  (w, v, c) => {
    w.fixed(Np(c), v.proof);
    w.optional(v.commitment, writeHash(w));
  },
);
export const leastStep = (c: Context): number => Np(c) + 1;

export const SearchResponse = structure(
  LARGE,
  (r, c) => ({
    fullTreeHead: FullTreeHead.read(r, c),
    version: c.namesVersion ? undefined : r.uint(4),
    opening: r.fixed(Nc),
    value: UpdateValue.read(r, c),
    binaryLadder: r.vector(1, leastStep(c), () => BinaryLadderStep.read(r, c)),
    search: CombinedTreeProof.read(r, c),
  }),
  (w, v, c) => {
    FullTreeHead.write(w, v.fullTreeHead, c);
    if (!c.namesVersion) w.uint(4, must(v.version));
    w.fixed(Nc, v.opening);
    UpdateValue.write(w, v.value, c);
    w.vector(1, v.binaryLadder, (step) => BinaryLadderStep.write(w, step, c));
    CombinedTreeProof.write(w, v.search, c);
  },
);

// -------------------------------------------------------------------------------- Contact Monitor

export const MonitorMapEntry = structure(
  SMALL,
  (r) => ({ position: r.uint(8), version: r.uint(4) }),
  (w, v) => {
    w.uint64(v.position);
    w.uint(4, v.version);
  },
);

export const ContactMonitorRequest = structure(
  SMALL,
  (r, c) => ({
    last: r.optional(readUint64(r)),
    label: r.opaque(1),
    entries: r.vector(1, 12, () => MonitorMapEntry.read(r, c)),
  }),
  (w, v, c) => {
    w.optional(v.last, writeUint64(w));
    w.opaque(1, v.label);
    w.vector(1, v.entries, (entry) => MonitorMapEntry.write(w, entry, c));
  },
);

export const ContactMonitorResponse = structure(
  LARGE,
  (r, c) => ({ fullTreeHead: FullTreeHead.read(r, c), monitor: CombinedTreeProof.read(r, c) }),
  (w, v, c) => {
    FullTreeHead.write(w, v.fullTreeHead, c);
    CombinedTreeProof.write(w, v.monitor, c);
  },
);

// --------------------------------------------------------- Owner Initialization, Owner Monitoring

export const OwnerInitRequest = structure(
  SMALL,
  (r) => ({ last: r.optional(readUint64(r)), label: r.opaque(1), start: r.uint(8) }),
  (w, v) => {
    w.optional(v.last, writeUint64(w));
    w.opaque(1, v.label);
    w.uint64(v.start);
  },
);

export const OwnerInitResponse = structure(
  LARGE,
  (r, c) => ({
    fullTreeHead: FullTreeHead.read(r, c),
    greatestVersions: r.vector(1, 4, readVersion(r)),
    binaryLadder: r.vector(2, leastStep(c), () => BinaryLadderStep.read(r, c)),
    init: CombinedTreeProof.read(r, c),
  }),
  (w, v, c) => {
    FullTreeHead.write(w, v.fullTreeHead, c);
    w.vector(1, v.greatestVersions, writeVersion(w));
    w.vector(2, v.binaryLadder, (step) => BinaryLadderStep.write(w, step, c));
    CombinedTreeProof.write(w, v.init, c);
  },
);

export const OwnerMonitorRequest = structure(
  SMALL,
  (r, c) => ({
    last: r.optional(readUint64(r)),
    label: r.opaque(1),
    entries: r.vector(1, 12, () => MonitorMapEntry.read(r, c)),
    start: r.uint(8),
    greatestVersion: r.optional(readVersion(r)),
  }),
  (w, v, c) => {
    w.optional(v.last, writeUint64(w));
    w.opaque(1, v.label);
    w.vector(1, v.entries, (entry) => MonitorMapEntry.write(w, entry, c));
    w.uint64(v.start);
    w.optional(v.greatestVersion, writeVersion(w));
  },
);

export const OwnerMonitorResponse = ContactMonitorResponse;
