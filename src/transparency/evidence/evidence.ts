/**
 * Evidence: two things that one party has signed, and that cannot both be true, as bytes that anyone can check.
 *
 *     struct {
 *       uint16 version = 1;
 *       Configuration config;                     of the log that is accused: what every signature covers
 *       EvidenceKind kind;
 *       select (Evidence.kind) {
 *         case fork:            uint64 size; ForkSide sides[2];
 *         case changedVersion:  opaque label<0..2^8-1>; uint32 version; opaque vrf_proof[VRF.Np];
 *                               VersionSide sides[2];
 *         case reversedTime:    TreeHead tree_head; PlacedEntry entries[2]; HashValue inclusion<0..2^8-1>;
 *         case twoValues:       opaque label<0..2^8-1>; uint32 version; SignedValue values[2];
 *       };
 *     } Evidence;
 *
 *     enum { reserved(0), fork(1), changedVersion(2), reversedTime(3), twoValues(4), (255) } EvidenceKind;
 *     enum { reserved(0), log(1), auditor(2), (255) } Signer;
 *
 *     struct {
 *       Signer signer;
 *       select (SideHead.signer) {
 *         case log:      TreeHead;
 *         case auditor:  AuditorTreeHead;
 *       };
 *     } SideHead;
 *
 *     struct { SideHead head; HashValue nodes<1..2^8-1>; } ForkSide;
 *
 *     struct {
 *       TreeHead tree_head;
 *       uint64 position;
 *       uint64 timestamp;
 *       HashValue inclusion<0..2^8-1>;            of the log entry, in the tree of tree_head
 *       PrefixLookup lookups<1..2^8-1>;           what the proof is a proof of
 *       PrefixProof proof;
 *       optional<OpenedCommitment> opened;
 *     } VersionSide;
 *
 *     struct { opaque vrf_output[VRF.Nh]; optional<HashValue> commitment; } PrefixLookup;
 *     struct { opaque opening[Nc]; UpdateValue update; } OpenedCommitment;
 *     struct { uint64 position; LogEntry entry; } PlacedEntry;
 *     struct { opaque value<0..2^32-1>; opaque signature<0..2^16-1>; } SignedValue;
 *
 * Nothing in it counts but what a signature of the accused covers: the rest says where to look.
 */

import {
  type Codec,
  decode,
  encode,
  fixedBytes,
  struct,
  uint32,
  uint64,
  vector,
  version,
} from '../../bytes/codec.js';
import { optional, type Tagged, tagged } from '../../bytes/variants.js';
import type { PrefixProof, PrefixSearch } from '../../prefix/proof.js';
import { type Configuration, configurationCodec } from '../wire/configuration.js';
import { type LogEntry, logEntryCodec, prefixProofCodec } from '../wire/proofs.js';
import {
  type AuditorTreeHead,
  auditorTreeHeadCodec,
  type SignedTreeHead,
  treeHeadCodec,
} from '../wire/tree-head.js';
import { type UpdateValue, updateValueCodec } from '../wire/update.js';
import {
  hashCodec,
  labelCodec,
  openingCodec,
  signatureCodec,
  sizesOf,
  valueCodec,
  vector8,
  type WireContext,
} from '../wire/wire-context.js';

/** Bytes of evidence: room for two values of 2^20 bytes with their proofs. */
export const EVIDENCE_MAX_BYTES: number = 2 ** 22;

/** A head, and who signed it. */
export type SideHead = Tagged<'signer', { readonly log: SignedTreeHead; readonly auditor: AuditorTreeHead }>;

/** One of two logs: a signed head, and the nodes that lead to its root, cut at the size in question. */
export interface ForkSide {
  readonly head: SideHead;
  readonly nodes: readonly Uint8Array[];
}

/** A commitment's value, and what the commitment was made with. */
export interface OpenedCommitment {
  readonly opening: Uint8Array;
  readonly update: UpdateValue;
}

/** A version of a label, as a log holds it. */
export interface VersionSide {
  readonly treeHead: SignedTreeHead;
  /** Of the log entry. */
  readonly position: number;
  readonly timestampMs: number;
  readonly inclusion: readonly Uint8Array[];
  readonly lookups: readonly PrefixSearch[];
  readonly proof: PrefixProof;
  /** `undefined` where only the commitment is shown. */
  readonly opened: OpenedCommitment | undefined;
}

/** A log entry, and where it stands. */
export interface PlacedEntry {
  readonly position: number;
  readonly entry: LogEntry;
}

/** A value with a service operator's signature. */
export interface SignedValue {
  readonly value: Uint8Array;
  readonly signature: Uint8Array;
}

/** A version of a label. */
interface LabelVersion {
  readonly label: Uint8Array;
  readonly version: number;
}

/** Two things that contradict each other. */
interface Two<T> {
  readonly first: T;
  readonly second: T;
}

/** What each kind of evidence consists of. */
export type EvidenceKinds = {
  readonly fork: { readonly size: number } & Two<ForkSide>;
  readonly changedVersion: LabelVersion & { readonly vrfProof: Uint8Array } & Two<VersionSide>;
  readonly reversedTime: {
    readonly treeHead: SignedTreeHead;
    readonly inclusion: readonly Uint8Array[];
  } & Two<PlacedEntry>;
  readonly twoValues: LabelVersion & Two<SignedValue>;
};

/** The accusation itself. */
export type Accusation = Tagged<'kind', EvidenceKinds>;

/** Evidence, whose signatures nobody has checked yet. */
export interface Evidence {
  readonly configuration: Configuration;
  readonly accusation: Accusation;
}

export const sideHeadCodec: Codec<SideHead> = /* @__PURE__ */ tagged('signer', {
  log: { number: 1, rest: treeHeadCodec },
  auditor: { number: 2, rest: auditorTreeHeadCodec },
});

const forkSideCodec: Codec<ForkSide> = /* @__PURE__ */ struct<ForkSide>({
  head: sideHeadCodec,
  nodes: /* @__PURE__ */ vector(hashCodec, { min: 1, ceiling: 2 ** 8 - 1, upFront: true }),
});

const lookupCodec: Codec<PrefixSearch> = /* @__PURE__ */ struct<PrefixSearch>({
  vrfOutput: hashCodec,
  commitment: /* @__PURE__ */ optional(hashCodec),
});

const lookupsCodec: Codec<readonly PrefixSearch[]> = /* @__PURE__ */ vector(lookupCodec, {
  min: 1,
  ceiling: 2 ** 8 - 1,
  upFront: true,
});

const hashes8: Codec<readonly Uint8Array[]> = /* @__PURE__ */ vector8(hashCodec);

const placedEntryCodec: Codec<PlacedEntry> = /* @__PURE__ */ struct<PlacedEntry>({
  position: uint64,
  entry: logEntryCodec,
});

const signedValueCodec: Codec<SignedValue> = /* @__PURE__ */ struct<SignedValue>({
  value: valueCodec,
  signature: signatureCodec,
});

export function versionSideCodec(context: WireContext): Codec<VersionSide> {
  return struct<VersionSide>({
    treeHead: treeHeadCodec,
    position: uint64,
    timestampMs: uint64,
    inclusion: hashes8,
    lookups: lookupsCodec,
    proof: prefixProofCodec,
    opened: optional(struct<OpenedCommitment>({ opening: openingCodec, update: updateValueCodec(context) })),
  });
}

function accusationCodec(context: WireContext): Codec<Accusation> {
  const side = versionSideCodec(context);
  return tagged<'kind', EvidenceKinds>('kind', {
    fork: { number: 1, rest: struct({ size: uint64, first: forkSideCodec, second: forkSideCodec }) },
    changedVersion: {
      number: 2,
      rest: struct({
        label: labelCodec,
        version: uint32,
        vrfProof: fixedBytes(sizesOf(context).vrfProof),
        first: side,
        second: side,
      }),
    },
    reversedTime: {
      number: 3,
      rest: struct({
        treeHead: treeHeadCodec,
        first: placedEntryCodec,
        second: placedEntryCodec,
        inclusion: hashes8,
      }),
    },
    twoValues: {
      number: 4,
      rest: struct({
        label: labelCodec,
        version: uint32,
        first: signedValueCodec,
        second: signedValueCodec,
      }),
    },
  });
}

const versionCodec: Codec<1> = /* @__PURE__ */ version(2, 1);

const evidenceCodec: Codec<Evidence> = {
  read(reader) {
    reader.within('version', () => versionCodec.read(reader));
    const configuration = reader.within('config', () => configurationCodec.read(reader));
    return Object.freeze({ configuration, accusation: accusationCodec(configuration).read(reader) });
  },
  write(writer, { configuration, accusation }) {
    versionCodec.write(writer, 1);
    configurationCodec.write(writer, configuration);
    accusationCodec(configuration).write(writer, accusation);
  },
};

/**
 * Evidence from bytes: nothing is verified.
 * @throws DecodeError a code of the wire, or of a configuration. UnsupportedError `ERR_VERSION`, `ERR_CIPHER_SUITE`.
 *   ArgumentTypeError
 */
export function parseEvidence(bytes: Uint8Array): Evidence {
  return decode(evidenceCodec, bytes, 'Evidence', EVIDENCE_MAX_BYTES);
}

/** Evidence as bytes, fresh. @throws ArgumentTypeError, ArgumentRangeError */
export function encodeEvidence(evidence: Evidence): Uint8Array {
  return encode(evidenceCodec, evidence, EVIDENCE_MAX_BYTES);
}
