/** Updates, distinguished heads, "Credentials", "Third Parties". */

import {
  isManaged,
  LARGE,
  LARGEST_VALUE,
  must,
  Nc,
  Nh,
  readHash,
  readUint64,
  readVersion,
  SMALL,
  structure,
  writeHash,
  writeUint64,
  writeVersion,
} from './keytrans-context.js';
import { FullTreeHead, leastSuffix, TreeHead, UpdateSuffix, UpdateValue } from './keytrans-heads.js';
import { BinaryLadderStep, leastStep } from './keytrans-messages.js';
import { CombinedTreeProof, PrefixLeaf, PrefixProof } from './keytrans-proofs.js';

// ------------------------------------------------------------------------------- Updating a Label

export const LabelValue = structure(
  LARGE,
  (r) => ({ value: r.opaque(4, LARGEST_VALUE) }),
  (w, v) => w.opaque(4, v.value),
);

export const UpdateRequest = structure(
  LARGE,
  (r, c) => ({
    last: r.optional(readUint64(r)),
    label: r.opaque(1),
    greatestVersion: r.optional(readVersion(r)),
    values: r.vector(1, 4, () => LabelValue.read(r, c)),
  }),
  (w, v, c) => {
    w.optional(v.last, writeUint64(w));
    w.opaque(1, v.label);
    w.optional(v.greatestVersion, writeVersion(w));
    w.vector(1, v.values, (value) => LabelValue.write(w, value, c));
  },
);

export const UpdateInfo = structure(
  LARGE,
  (r, c) => ({ opening: r.fixed(Nc), suffix: UpdateSuffix.read(r, c) }),
  (w, v, c) => {
    w.fixed(Nc, v.opening);
    UpdateSuffix.write(w, v.suffix, c);
  },
);

export const UpdateResponse = structure(
  LARGE,
  (r, c) => ({
    fullTreeHead: FullTreeHead.read(r, c),
    position: r.uint(8),
    skippedVersions: isManaged(c) ? r.uint(4) : undefined,
    values: r.vector(1, 4, () => LabelValue.read(r, c)),
    info: r.vector(1, Nc + leastSuffix(c), () => UpdateInfo.read(r, c)),
    binaryLadder: r.vector(1, leastStep(c), () => BinaryLadderStep.read(r, c)),
    update: CombinedTreeProof.read(r, c),
  }),
  (w, v, c) => {
    FullTreeHead.write(w, v.fullTreeHead, c);
    w.uint64(v.position);
    if (isManaged(c)) w.uint(4, must(v.skippedVersions));
    w.vector(1, v.values, (value) => LabelValue.write(w, value, c));
    w.vector(1, v.info, (info) => UpdateInfo.write(w, info, c));
    w.vector(1, v.binaryLadder, (step) => BinaryLadderStep.write(w, step, c));
    CombinedTreeProof.write(w, v.update, c);
  },
);

// -------------------------------------------------- Walking Distinguished Heads, Detecting Forks

export const DistinguishedRequest = structure(
  SMALL,
  (r) => ({ last: r.optional(readUint64(r)), stop: r.optional(readUint64(r)) }),
  (w, v) => {
    w.optional(v.last, writeUint64(w));
    w.optional(v.stop, writeUint64(w));
  },
);

export const DistinguishedResponse = structure(
  LARGE,
  (r, c) => ({ fullTreeHead: FullTreeHead.read(r, c), distinguished: CombinedTreeProof.read(r, c) }),
  (w, v, c) => {
    FullTreeHead.write(w, v.fullTreeHead, c);
    CombinedTreeProof.write(w, v.distinguished, c);
  },
);

export const DistinguishedHead = structure(
  LARGE,
  (r) => ({ heads: r.vector(1, Nh, readHash(r)) }),
  (w, v) => w.vector(1, v.heads, writeHash(w)),
);

// ------------------------------------------------------------------------------------ Credentials

export const Credential = structure(
  LARGE,
  (r, c) => {
    const start = {
      label: r.opaque(1),
      version: r.uint(4),
      opening: r.fixed(Nc),
      value: UpdateValue.read(r, c),
      binaryLadder: r.vector(1, leastStep(c), () => BinaryLadderStep.read(r, c)),
      position: r.uint(8),
    };
    if (r.enumerator([1, 2]) === 1)
      return { ...start, credentialType: 'standard', distinguished: PrefixProof.read(r, c) };
    return {
      ...start,
      credentialType: 'provisional',
      treeHead: TreeHead.read(r, c),
      search: CombinedTreeProof.read(r, c),
    };
  },
  (w, v, c) => {
    w.opaque(1, v.label);
    w.uint(4, v.version);
    w.fixed(Nc, v.opening);
    UpdateValue.write(w, v.value, c);
    w.vector(1, v.binaryLadder, (step) => BinaryLadderStep.write(w, step, c));
    w.uint64(v.position);
    w.enumerator([1, 2], v.credentialType === 'standard' ? 1 : 2);
    if ('distinguished' in v) return PrefixProof.write(w, v.distinguished, c);
    TreeHead.write(w, v.treeHead, c);
    CombinedTreeProof.write(w, v.search, c);
  },
);

export const CredentialUpdate = structure(
  LARGE,
  (r, c) => ({ monitor: CombinedTreeProof.read(r, c) }),
  (w, v, c) => CombinedTreeProof.write(w, v.monitor, c),
);

// ---------------------------------------------------------------------------- Management, Auditing

export const ManagerUpdateRequest = structure(
  LARGE,
  (r, c) => ({
    last: r.optional(readUint64(r)),
    label: r.opaque(1),
    greatestVersion: r.optional(readVersion(r)),
    values: r.vector(1, 4 + leastSuffix(c), () => UpdateValue.read(r, c)),
    signedVersion: r.uint(4),
  }),
  (w, v, c) => {
    w.optional(v.last, writeUint64(w));
    w.opaque(1, v.label);
    w.optional(v.greatestVersion, writeVersion(w));
    w.vector(1, v.values, (value) => UpdateValue.write(w, value, c));
    w.uint(4, v.signedVersion);
  },
);

export const AuditorUpdate = structure(
  LARGE,
  (r, c) => ({
    timestampMs: r.uint(8),
    added: r.vector(2, 64, () => PrefixLeaf.read(r, c)),
    removed: r.vector(2, 64, () => PrefixLeaf.read(r, c)),
    proof: PrefixProof.read(r, c),
  }),
  (w, v, c) => {
    w.uint64(v.timestampMs);
    w.vector(2, v.added, (leaf) => PrefixLeaf.write(w, leaf, c));
    w.vector(2, v.removed, (leaf) => PrefixLeaf.write(w, leaf, c));
    PrefixProof.write(w, v.proof, c);
  },
);
