/**
 * Evidence that somebody without the log's keys might make up against an honest log. He has every byte that the log has
 * published: heads of all sizes, all nodes, entries and proofs, of this log and of others under the same keys. Each
 * attempt says what refuses it.
 */

import type { PrefixProof, PrefixSearch } from '../../src/prefix.js';
import type { CipherSuite } from '../../src/suites.js';
import {
  type Accusation,
  encodeEvidence,
  type EvidenceKinds,
  type ForkSide,
  type PlacedEntry,
  type VersionSide,
} from '../../src/transparency/evidence/evidence.js';
import type { VerifiedVersionProof } from '../../src/transparency/evidence/version-proof.js';
import type { Configuration } from '../../src/transparency/wire/configuration.js';
import { encodeUpdateTbs } from '../../src/transparency/wire/update.js';
import { batchProof } from '../reference/keytrans-log.js';
import { ALICE, utf8 } from './client-world.js';
import { auditorHeadOf, headOf, nodesOf, sideOf, treeOf, versionShown } from './evidence-world.js';
import { HonestLog, type LogOptions, type StoredVersion } from './honest-log.js';

export const CAROL: Uint8Array = utf8('carol');
const DAVE = utf8('dave');
const STEP_MS = 10;
const LIFETIME_MS = 150;

/** An honest log, others under the same keys, and what they have shown. */
export interface Scene {
  readonly log: HonestLog;
  /** Another log of the same operator: the same keys, another configuration. */
  readonly other: HonestLog;
  /** The same log, as it was configured before. */
  readonly earlier: HonestLog;
  readonly mode: Configuration['mode'];
  readonly suite: CipherSuite;
  /** The label's greatest version, in two log entries and under two heads. */
  readonly alice: readonly [VerifiedVersionProof, VerifiedVersionProof];
  /** A version before that, and the same version in the other log, which has another value. */
  readonly aliceBefore: VerifiedVersionProof;
  readonly aliceElsewhere: VerifiedVersionProof;
  /** A label that its owner had erased, and the version 0 of the one who came after him, a lifetime later. */
  readonly carol: readonly [VerifiedVersionProof, VerifiedVersionProof];
  /** In a log with a manager: a version that was skipped, and the one after it. */
  readonly dave: VerifiedVersionProof;
}

/** A log that lets entries expire, in which a label is erased and begins anew, and versions are skipped. */
async function historyOf(
  options: LogOptions,
  size: number,
  key = 'key',
): Promise<[HonestLog, readonly StoredVersion[]]> {
  const log = new HonestLog(options);
  const managed = options.mode === 'thirdPartyManagement';
  let erased: readonly StoredVersion[] = [];
  for (let position = 0; position < size; position++) {
    const timestampMs = 1_000_000 + position * STEP_MS;
    if (position === 7) {
      erased = log.versionsOf(CAROL);
      log.history.delete(Buffer.from(CAROL).toString('hex'));
      await log.appendLeaves(timestampMs, [], [log.vrfOutput(CAROL, 0)]);
      continue;
    }
    const brought = [
      { label: `user ${position}`, values: ['x'] },
      ...(position % 3 === 0 ? [{ label: 'alice', values: [`${key} ${position}`] }] : []),
      ...(position === 5 ? [{ label: 'carol', values: ['the first owner'] }] : []),
      ...(position === 23 ? [{ label: 'carol', values: ['the second owner'] }] : []),
      ...(position === 24 ? [{ label: 'dave', values: ['his key'], skipped: managed ? 2 : 0 }] : []),
    ];
    await log.append(timestampMs, brought);
  }
  return [log, erased];
}

export async function sceneOf(suite: CipherSuite, mode: Configuration['mode']): Promise<Scene> {
  const options = { suite, mode, windowMs: 40, lifetimeMs: LIFETIME_MS };
  const [log, erased] = await historyOf(options, 28);
  const [other] = await historyOf({ ...options, maxAheadMs: 999 }, 19, 'key elsewhere');
  const before = mode === 'thirdPartyAuditing' ? { auditorStartPos: 3 } : { maxBehindMs: 5 };
  const [earlier] = await historyOf({ ...options, ...before }, 14);
  return {
    log,
    other,
    earlier,
    mode,
    suite,
    alice: [await versionShown(log, undefined, { cut: 26 }), await versionShown(log, undefined, { cut: 27 })],
    aliceBefore: await versionShown(log, undefined, { cut: 19 }),
    aliceElsewhere: await versionShown(other),
    carol: [
      await versionShown(log, undefined, { cut: 7, history: erased }, CAROL),
      await versionShown(log, undefined, {}, CAROL),
    ],
    dave: await versionShown(log, undefined, {}, DAVE),
  };
}

/** One attempt. */
export interface Fabrication {
  readonly name: string;
  readonly code: string;
  /** Where it can be tried; default: everywhere. */
  readonly where?: ((scene: Scene) => boolean) | undefined;
  /** Under another configuration than the log's; default: its own. */
  readonly under?: ((scene: Scene) => Configuration) | undefined;
  readonly make: (scene: Scene) => Accusation | Uint8Array;
}

/** Its bytes. */
export function fabricated(scene: Scene, { make, under }: Fabrication): Uint8Array {
  const made = make(scene);
  if (made instanceof Uint8Array) return made;
  const configuration = under?.(scene) ?? scene.log.configuration;
  return encodeEvidence({ configuration, accusation: made });
}

const fork = (size: number, first: ForkSide, second: ForkSide): Accusation => ({
  kind: 'fork',
  size,
  first,
  second,
});

/** A side of this size that is honest, and one that is bent, cut at the same size. */
function bentFork(
  { log }: Scene,
  size: number,
  treeSize: number,
  bend: (side: ForkSide) => ForkSide,
): Accusation {
  return fork(size, sideOf(log, 12, size), bend(sideOf(log, treeSize, size)));
}

const withNodes = (change: (nodes: readonly Uint8Array[]) => readonly Uint8Array[]) => (side: ForkSide) => ({
  ...side,
  nodes: change(side.nodes),
});
const flipped = (bytes: Uint8Array, at = 0): Uint8Array =>
  Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte));

const isAudited = ({ mode }: Scene): boolean => mode === 'thirdPartyAuditing';
const isManaged = ({ mode }: Scene): boolean => mode === 'thirdPartyManagement';

/** The order of P-256's group. */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** ECDSA's other signature over the same message, which anyone can make. */
function twin(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
  const other = (P256_ORDER - s).toString(16).padStart(64, '0');
  return new Uint8Array(Buffer.concat([signature.subarray(0, 32), Buffer.from(other, 'hex')]));
}

const FORKS: readonly Fabrication[] = [
  {
    name: 'one head twice',
    code: 'ERR_EVIDENCE_AGREES',
    make: ({ log }) => fork(12, sideOf(log, 12, 12), sideOf(log, 12, 12)),
  },
  {
    name: 'one head with two ECDSA signatures',
    code: 'ERR_EVIDENCE_AGREES',
    where: ({ suite }) => suite.id === 1,
    make: (s) =>
      bentFork(s, 12, 12, (side) => ({
        ...side,
        head: { ...side.head, signature: twin(side.head.signature) },
      })),
  },
  {
    name: 'two sizes, as they are',
    code: 'ERR_EVIDENCE_AGREES',
    make: (s) => bentFork(s, 12, 28, (side) => side),
  },
  {
    name: 'two sizes, cut before both',
    code: 'ERR_EVIDENCE_AGREES',
    make: (s) => bentFork(s, 9, 27, (side) => side),
  },
  {
    name: 'cut at no leaves',
    code: 'ERR_HEAD_EMPTY',
    make: ({ log }) => fork(0, sideOf(log, 12, 12), sideOf(log, 12, 12)),
  },
  {
    name: 'cut beyond one of the heads',
    code: 'ERR_HEAD_ORDER',
    make: ({ log }) => fork(13, sideOf(log, 12, 12), sideOf(log, 13, 13)),
  },
  {
    name: 'a head of no leaves',
    code: 'ERR_HEAD_EMPTY',
    make: ({ log }) => {
      const head = { ...headOf(log, 1), treeSize: 0 };
      return fork(0, { head, nodes: [new Uint8Array(32)] }, sideOf(log, 12, 12));
    },
  },
  {
    name: 'the root alone, where it is cut before',
    code: 'ERR_PROOF_LENGTH',
    make: (s) =>
      bentFork(
        s,
        6,
        9,
        withNodes(() => [s.log.rootAt(9)]),
      ),
  },
  {
    name: 'the head of an unbalanced subtree',
    code: 'ERR_PROOF_LENGTH',
    make: (s) =>
      bentFork(
        s,
        6,
        7,
        withNodes(() => [treeOf(s.log).value([0, 6]), treeOf(s.log).value([6, 7])]),
      ),
  },
  {
    name: 'the head of an unbalanced subtree, and one more node to make up the number',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      bentFork(
        s,
        6,
        7,
        withNodes(([a, , c]) => [treeOf(s.log).value([0, 6]), c, a] as Uint8Array[]),
      ),
  },
  {
    name: 'a node too many',
    code: 'ERR_PROOF_LENGTH',
    make: (s) =>
      bentFork(
        s,
        6,
        9,
        withNodes((nodes) => [...nodes, new Uint8Array(32)]),
      ),
  },
  {
    name: 'a node too few',
    code: 'ERR_PROOF_LENGTH',
    make: (s) =>
      bentFork(
        s,
        6,
        9,
        withNodes((nodes) => nodes.slice(1)),
      ),
  },
  {
    name: 'two roots for one head',
    code: 'ERR_PROOF_LENGTH',
    make: (s) =>
      bentFork(
        s,
        12,
        12,
        withNodes((nodes) => [...nodes, ...nodes]),
      ),
  },
  {
    name: 'nodes exchanged',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      bentFork(
        s,
        6,
        9,
        withNodes((nodes) => [...nodes].reverse()),
      ),
  },
  {
    name: 'another node',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      bentFork(
        s,
        6,
        9,
        withNodes(([first, ...nodes]) => [flipped(first as Uint8Array), ...nodes]),
      ),
  },
  {
    name: 'another root',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      bentFork(
        s,
        12,
        12,
        withNodes(([root]) => [flipped(root as Uint8Array)]),
      ),
  },
  {
    name: 'the root of an earlier tree',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      bentFork(
        s,
        12,
        12,
        withNodes(() => [s.log.rootAt(11)]),
      ),
  },
  {
    name: 'nodes of another tree of the same operator',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      bentFork(
        s,
        6,
        9,
        withNodes(() => nodesOf(s.other, 9, 6).map((node) => flipped(node))),
      ),
  },
  {
    name: 'a larger tree’s root under a smaller one’s size',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      bentFork(s, 4, 8, ({ head, nodes }) => ({ head: { ...head, treeSize: 5 }, nodes: nodes.slice(0, 2) })),
  },
  {
    name: 'a head with the signature of another',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      bentFork(s, 6, 9, (side) => ({
        ...side,
        head: { ...side.head, signature: headOf(s.log, 10).signature },
      })),
  },
  {
    name: 'a signature of another length',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      bentFork(s, 6, 9, (side) => ({
        ...side,
        head: { ...side.head, signature: side.head.signature.slice(1) },
      })),
  },
  {
    name: 'no signature',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      bentFork(s, 12, 12, () => ({
        head: { signer: 'log', treeSize: 12, signature: new Uint8Array(0) },
        nodes: [new Uint8Array(32)],
      })),
  },
  {
    name: 'a head of another log under the same key',
    code: 'ERR_SIGNATURE',
    make: ({ log, other }) => fork(12, sideOf(log, 12, 12), sideOf(other, 12, 12)),
  },
  {
    name: 'a head of another log under the same key, told in its name',
    code: 'ERR_SIGNATURE',
    under: ({ other }) => other.configuration,
    make: ({ log, other }) => fork(12, sideOf(other, 12, 12), sideOf(log, 12, 12)),
  },
  {
    name: 'a head of the log as it was configured before',
    code: 'ERR_SIGNATURE',
    make: ({ log, earlier }) => fork(12, sideOf(log, 12, 12), sideOf(earlier, 13, 12)),
  },
  {
    name: 'the auditor’s head as the log’s',
    code: 'ERR_SIGNATURE',
    where: isAudited,
    make: (s) =>
      bentFork(
        s,
        12,
        12,
        withNodes(() => [flipped(s.log.rootAt(12))]),
      ).kind === 'fork'
        ? bentFork(s, 12, 12, (side) => ({
            ...side,
            head: { ...side.head, signature: auditorHeadOf(s.log, 12).signature },
          }))
        : new Uint8Array(0),
  },
  {
    name: 'the log’s head as the auditor’s',
    code: 'ERR_AUDITOR_SIGNATURE',
    where: isAudited,
    make: (s) =>
      bentFork(s, 12, 12, (side) => ({
        ...side,
        head: { ...side.head, signer: 'auditor', timestampMs: 1_000_110 },
      })),
  },
  {
    name: 'the auditor’s head at another time',
    code: 'ERR_AUDITOR_SIGNATURE',
    where: isAudited,
    make: (s) =>
      bentFork(s, 12, 12, (side) => ({
        ...side,
        head: { ...auditorHeadOf(s.log, 12), signer: 'auditor', timestampMs: 1_000_111 },
      })),
  },
  {
    name: 'an auditor’s head of a log without one',
    code: 'ERR_AUDITOR_SIGNATURE',
    where: (s) => !isAudited(s),
    make: (s) => bentFork(s, 12, 12, (side) => ({ ...side, head: auditorHeadOf(s.log, 12) })),
  },
  {
    name: 'the auditor and the log, who agree',
    code: 'ERR_EVIDENCE_AGREES',
    where: isAudited,
    make: (s) => bentFork(s, 9, 11, (side) => ({ ...side, head: auditorHeadOf(s.log, 11) })),
  },
  {
    name: 'an auditor’s head from before it was followed by another',
    code: 'ERR_AUDITOR_SIGNATURE',
    where: isAudited,
    make: (s) => bentFork(s, 9, 11, (side) => ({ ...side, head: auditorHeadOf(s.earlier, 11) })),
  },
  {
    name: 'a value that the service operator signed, as a head',
    code: 'ERR_SIGNATURE',
    where: isManaged,
    make: ({ log }) => fork(2 ** 24, signedAsValue(log), signedAsValue(log)),
  },
  {
    name: 'a value that the service operator signed, as a head, where it has the manager’s key',
    code: 'ERR_EVIDENCE_KEYS',
    where: isManaged,
    under: ({ log }) => oneKey(log),
    make: ({ log }) => fork(2 ** 24, signedAsValue(log), signedAsValue(log)),
  },
];

/** A configuration in which the service operator signs values with the key of tree heads. */
function oneKey({ configuration }: HonestLog): Configuration {
  if (configuration.mode !== 'thirdPartyManagement') throw new Error('no manager');
  return { ...configuration, leafPublicKey: configuration.signaturePublicKey };
}

/**
 * The bytes of an UpdateTBS of no label, version 1 and 31 bytes are those of a TreeHeadTBS of 2^24 leaves whose root
 * begins with 31: a user who may set such a value gets it signed.
 */
function signedAsValue(log: HonestLog): ForkSide {
  const config = oneKey(log);
  const root = new Uint8Array(32).fill(7);
  root[0] = 31;
  const tbs = encodeUpdateTbs({ config, label: new Uint8Array(0), version: 1, value: root.slice(1) });
  return {
    head: { signer: 'log', treeSize: 2 ** 24, signature: log.signWithHeadKey(tbs) },
    nodes: [root],
  };
}

type ChangedVersion = EvidenceKinds['changedVersion'];

/** Two proofs of versions, one of them bent. */
function changed(
  own: VerifiedVersionProof,
  peer: VerifiedVersionProof,
  bend: (side: VersionSide) => VersionSide = (side) => side,
  whole: Partial<ChangedVersion> = {},
): Accusation {
  const { label, version, vrfProof, side: first } = own.proof;
  const second = bend(peer.proof.side);
  return { kind: 'changedVersion', label, version, vrfProof, first, second, ...whole };
}

/** The lookup of the version in question. */
function lookUpOf({ proof }: VerifiedVersionProof, side: VersionSide, log: HonestLog): number {
  const key = log.vrfOutput(proof.label, proof.version);
  return side.lookups.findIndex(({ vrfOutput }) => Buffer.from(vrfOutput).equals(key));
}

function withLookUp(
  s: Scene,
  change: (search: PrefixSearch) => PrefixSearch,
): (side: VersionSide) => VersionSide {
  return (side) => {
    const at = lookUpOf(s.alice[1], side, s.log);
    return { ...side, lookups: side.lookups.map((each, i) => (i === at ? change(each) : each)) };
  };
}

function withResult(
  s: Scene,
  change: (result: PrefixProof['results'][number]) => PrefixProof['results'][number],
): (side: VersionSide) => VersionSide {
  return (side) => {
    const at = lookUpOf(s.alice[1], side, s.log);
    const results = side.proof.results.map((each, i) => (i === at ? change(each) : each));
    return { ...side, proof: { ...side.proof, results } };
  };
}

const OTHER_COMMITMENT = new Uint8Array(32).fill(9);
const unopened = (side: VersionSide): VersionSide => ({ ...side, opened: undefined });

const VERSIONS: readonly Fabrication[] = [
  {
    name: 'one proof of a version twice',
    code: 'ERR_EVIDENCE_AGREES',
    make: ({ alice: [own] }) => changed(own, own),
  },
  {
    name: 'one version under two heads',
    code: 'ERR_EVIDENCE_AGREES',
    make: ({ alice }) => changed(...alice),
  },
  {
    name: 'one version with its commitment opened once',
    code: 'ERR_EVIDENCE_AGREES',
    make: ({ alice }) => changed(...alice, unopened),
  },
  {
    name: 'another version of the label',
    code: 'ERR_PREFIX_ABSENT',
    make: ({ alice: [own], aliceBefore }) => changed(own, aliceBefore),
  },
  {
    name: 'the VRF proof of another version',
    code: 'ERR_VRF_PROOF',
    make: ({ alice, aliceBefore }) => changed(...alice, undefined, { vrfProof: aliceBefore.proof.vrfProof }),
  },
  {
    name: 'the same proof as another version’s',
    code: 'ERR_VRF_PROOF',
    make: ({ alice: [own, peer] }) => changed(own, peer, undefined, { version: own.version + 1 }),
  },
  {
    name: 'the same proof as another label’s',
    code: 'ERR_VRF_PROOF',
    make: ({ alice }) => changed(...alice, undefined, { label: utf8('alicf') }),
  },
  {
    name: 'another label’s proof',
    code: 'ERR_PREFIX_ABSENT',
    make: ({ alice: [own], dave }) => changed(own, dave),
  },
  {
    name: 'another commitment',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      changed(...s.alice, (side) =>
        unopened(withLookUp(s, (search) => ({ ...search, commitment: OTHER_COMMITMENT }))(side)),
      ),
  },
  {
    name: 'the commitment of no value',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      changed(...s.alice, (side) =>
        unopened(withLookUp(s, (search) => ({ ...search, commitment: new Uint8Array(32) }))(side)),
      ),
  },
  {
    name: 'the commitment of another version',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      changed(...s.alice, (side) =>
        unopened(withLookUp(s, (search) => ({ ...search, commitment: s.aliceBefore.commitment }))(side)),
      ),
  },
  {
    name: 'no commitment',
    code: 'ERR_PREFIX_ABSENT',
    make: (s) =>
      changed(
        ...s.alice,
        withLookUp(s, (search) => ({ ...search, commitment: undefined })),
      ),
  },
  {
    name: 'another value in place of the one that was committed to',
    code: 'ERR_COMMITMENT',
    make: (s) =>
      changed(...s.alice, (side) => ({
        ...side,
        opened: { ...openedOf(side), update: { ...openedOf(side).update, value: utf8('another key') } },
      })),
  },
  {
    name: 'another opening',
    code: 'ERR_COMMITMENT',
    make: (s) =>
      changed(...s.alice, (side) => ({
        ...side,
        opened: { ...openedOf(side), opening: new Uint8Array(16) },
      })),
  },
  {
    name: 'the opened commitment of another version',
    code: 'ERR_COMMITMENT',
    make: (s) => changed(...s.alice, (side) => ({ ...side, opened: openedOf(s.aliceBefore.proof.side) })),
  },
  {
    name: 'a key that is looked up twice, with two commitments',
    code: 'ERR_PREFIX_DUPLICATE',
    make: (s) =>
      changed(...s.alice, (side) => {
        const at = lookUpOf(s.alice[1], side, s.log);
        const again = { ...(side.lookups[at] as PrefixSearch), commitment: OTHER_COMMITMENT };
        const result = side.proof.results[at] as PrefixProof['results'][number];
        return {
          ...unopened(side),
          lookups: [again, ...side.lookups],
          proof: { ...side.proof, results: [result, ...side.proof.results] },
        };
      }),
  },
  {
    name: 'the leaf at another depth',
    code: 'ERR_PROOF_LENGTH',
    make: (s) =>
      changed(
        ...s.alice,
        withResult(s, (result) => ({ ...result, depth: result.depth + 1 })),
      ),
  },
  {
    name: 'a proof that the version is not there',
    code: 'ERR_PREFIX_ABSENT',
    make: (s) =>
      changed(
        ...s.alice,
        withResult(s, ({ depth }) => ({ resultType: 'nonInclusionParent', depth })),
      ),
  },
  {
    name: 'the version’s leaf as that of another key',
    code: 'ERR_PREFIX_ABSENT',
    make: (s) =>
      changed(
        ...s.alice,
        withResult(s, ({ depth }) => ({
          resultType: 'nonInclusionLeaf',
          leaf: { vrfOutput: s.log.vrfOutput(ALICE, s.alice[1].version), commitment: OTHER_COMMITMENT },
          depth,
        })),
      ),
  },
  {
    name: 'a lookup without a result',
    code: 'ERR_PREFIX_COUNT',
    make: (s) =>
      changed(...s.alice, (side) => ({
        ...side,
        lookups: [...side.lookups, { vrfOutput: OTHER_COMMITMENT }],
      })),
  },
  {
    name: 'another prefix tree',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      changed(...s.alice, (side) => {
        const [first, ...rest] = side.proof.elements;
        return { ...side, proof: { ...side.proof, elements: [flipped(first as Uint8Array), ...rest] } };
      }),
  },
  {
    name: 'another log entry',
    code: 'ERR_SIGNATURE',
    make: (s) => changed(...s.alice, (side) => ({ ...side, position: side.position - 1 })),
  },
  {
    name: 'a version in a log entry beyond the tree',
    code: 'ERR_INDEX_RANGE',
    make: (s) => changed(...s.alice, (side) => ({ ...side, position: side.treeHead.treeSize })),
  },
  {
    name: 'another time',
    code: 'ERR_SIGNATURE',
    make: (s) => changed(...s.alice, (side) => ({ ...side, timestampMs: side.timestampMs - 1 })),
  },
  {
    name: 'a head of another size',
    code: 'ERR_PROOF_LENGTH',
    make: (s) => changed(...s.alice, (side) => ({ ...side, treeHead: headFields(s.log, 26) })),
  },
  {
    name: 'a version under a head of no leaves',
    code: 'ERR_HEAD_EMPTY',
    make: (s) => changed(...s.alice, (side) => ({ ...side, treeHead: { ...side.treeHead, treeSize: 0 } })),
  },
  {
    name: 'a version under the signature of another head',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      changed(...s.alice, (side) => ({
        ...side,
        treeHead: { ...side.treeHead, signature: headOf(s.log, 24).signature },
      })),
  },
  {
    name: 'a node of the log tree too many',
    code: 'ERR_PROOF_LENGTH',
    make: (s) =>
      changed(...s.alice, (side) => ({ ...side, inclusion: [...side.inclusion, OTHER_COMMITMENT] })),
  },
  {
    name: 'another node of the log tree',
    code: 'ERR_SIGNATURE',
    make: (s) =>
      changed(...s.alice, (side) => ({ ...side, inclusion: side.inclusion.map((node) => flipped(node)) })),
  },
  {
    name: 'a label that was erased, and its next owner’s',
    code: 'ERR_EVIDENCE_EXPIRED',
    make: ({ carol }) => changed(...carol),
  },
  {
    name: 'the next owner’s, and the label that was erased, without values',
    code: 'ERR_EVIDENCE_EXPIRED',
    make: ({ carol: [first, second] }) =>
      changed(second, first, unopened, { first: unopened(second.proof.side) }),
  },
  {
    name: 'a label that was erased, with another time',
    code: 'ERR_SIGNATURE',
    make: ({ carol }) =>
      changed(...carol, (side) => ({ ...side, timestampMs: side.timestampMs - LIFETIME_MS })),
  },
  {
    name: 'a version that was skipped, and the next one’s commitment',
    code: 'ERR_SIGNATURE',
    where: isManaged,
    make: ({ dave, log }) => {
      const { side } = dave.proof;
      const skipped = log.vrfOutput(DAVE, 1);
      const at = side.lookups.findIndex(({ vrfOutput }) => Buffer.from(vrfOutput).equals(skipped));
      if (at === -1) throw new Error('not looked up');
      const lookups = side.lookups.map((each, i) =>
        i === at ? { ...each, commitment: dave.commitment } : each,
      );
      const vrfProof = log.vrfProof(DAVE, 1);
      const bent = { ...unopened(side), lookups };
      const first = unopened(side);
      return { kind: 'changedVersion', label: DAVE, version: 1, vrfProof, first, second: bent };
    },
  },
  {
    name: 'a version that was skipped, twice',
    code: 'ERR_EVIDENCE_AGREES',
    where: isManaged,
    make: ({ dave, log }) => {
      const first = unopened(dave.proof.side);
      const vrfProof = log.vrfProof(DAVE, 1);
      return { kind: 'changedVersion', label: DAVE, version: 1, vrfProof, first, second: first };
    },
  },
  {
    name: 'a version, proven in another log under the same keys',
    code: 'ERR_SIGNATURE',
    make: ({ aliceBefore, aliceElsewhere }) => changed(aliceBefore, aliceElsewhere),
  },
  {
    name: 'a version, proven in another log under the same keys, told in its name',
    code: 'ERR_SIGNATURE',
    under: ({ other }) => other.configuration,
    make: ({ aliceBefore, aliceElsewhere }) => changed(aliceElsewhere, aliceBefore),
  },
];

function openedOf({ opened }: VersionSide): NonNullable<VersionSide['opened']> {
  if (opened === undefined) throw new Error('not opened');
  return opened;
}

function headFields(log: HonestLog, treeSize: number): VersionSide['treeHead'] {
  return { treeSize, signature: headOf(log, treeSize).signature };
}

const placed = ({ entries }: HonestLog, position: number): PlacedEntry => {
  const { timestampMs, prefixTree } = entries[position] as HonestLog['entries'][number];
  return { position, entry: { timestampMs, prefixTree: prefixTree.root } };
};

/** Two entries of the log, with the proof for these positions. */
function reversed(
  log: HonestLog,
  [left, right]: readonly [number, number],
  change: (given: EvidenceKinds['reversedTime']) => EvidenceKinds['reversedTime'] = (given) => given,
): Accusation {
  const leaves = [...new Set([left, right])].sort((a, b) => a - b);
  const inclusion = batchProof({ n: 28, leaves, m: 0, nP: 0 }).map((range) => treeOf(log).value(range));
  const honest = {
    treeHead: headFields(log, 28),
    first: placed(log, left),
    second: placed(log, right),
    inclusion,
  };
  return { kind: 'reversedTime', ...change(honest) };
}

const TIMES: readonly Fabrication[] = [
  {
    name: 'two log entries, as they are',
    code: 'ERR_EVIDENCE_AGREES',
    make: ({ log }) => reversed(log, [9, 20]),
  },
  {
    name: 'two log entries, the right one first',
    code: 'ERR_EVIDENCE_AGREES',
    make: ({ log }) => reversed(log, [20, 9]),
  },
  { name: 'one log entry twice', code: 'ERR_EVIDENCE_AGREES', make: ({ log }) => reversed(log, [9, 9]) },
  {
    name: 'one position with two times',
    code: 'ERR_EVIDENCE_AGREES',
    make: ({ log }) =>
      reversed(log, [9, 9], (given) => ({
        ...given,
        first: { ...given.first, entry: placed(log, 20).entry },
      })),
  },
  {
    name: 'two log entries in each other’s place',
    code: 'ERR_SIGNATURE',
    make: ({ log }) =>
      reversed(log, [9, 20], ({ first, second, ...given }) => ({
        ...given,
        first: { ...first, entry: second.entry },
        second: { ...second, entry: first.entry },
      })),
  },
  {
    name: 'another time for a log entry',
    code: 'ERR_SIGNATURE',
    make: ({ log }) =>
      reversed(log, [9, 20], ({ first, ...given }) => ({
        ...given,
        first: { ...first, entry: { ...first.entry, timestampMs: 2_000_000 } },
      })),
  },
  {
    name: 'a log entry of another log',
    code: 'ERR_SIGNATURE',
    make: ({ log, other }) =>
      reversed(log, [9, 10], ({ first, ...given }) => ({
        ...given,
        first: { ...first, entry: placed(other, 18).entry },
      })),
  },
  {
    name: 'a log entry beyond the tree',
    code: 'ERR_INDEX_RANGE',
    make: ({ log }) =>
      reversed(log, [9, 20], ({ second, ...given }) => ({
        ...given,
        second: { position: 28, entry: { ...second.entry, timestampMs: 1 } },
      })),
  },
  {
    name: 'a proof for other positions',
    code: 'ERR_PROOF_LENGTH',
    make: ({ log }) =>
      reversed(log, [9, 20], ({ second, ...given }) => ({
        ...given,
        second: { position: 27, entry: { ...second.entry, timestampMs: 1 } },
      })),
  },
  {
    name: 'entries under a head of another size',
    code: 'ERR_PROOF_LENGTH',
    make: ({ log }) =>
      reversed(log, [9, 20], ({ second, ...given }) => ({
        ...given,
        second: { ...second, entry: { ...second.entry, timestampMs: 1 } },
        treeHead: headFields(log, 27),
      })),
  },
];

function signedValueOf(
  log: HonestLog,
  label: Uint8Array,
  version: number,
): EvidenceKinds['twoValues']['first'] {
  const { value, suffix } = log.versionsOf(label)[version] as StoredVersion;
  return { value: value as Uint8Array, signature: suffix.signature ?? new Uint8Array(64) };
}

function twice(
  { log }: Scene,
  bend: (given: EvidenceKinds['twoValues']) => EvidenceKinds['twoValues'],
): Accusation {
  const first = signedValueOf(log, ALICE, 2);
  return { kind: 'twoValues', ...bend({ label: ALICE, version: 2, first, second: first }) };
}

const VALUES: readonly Fabrication[] = [
  {
    name: 'one signed value twice',
    code: 'ERR_EVIDENCE_AGREES',
    where: isManaged,
    make: (s) => twice(s, (given) => given),
  },
  {
    name: 'one signed value with two ECDSA signatures',
    code: 'ERR_EVIDENCE_AGREES',
    where: (s) => isManaged(s) && s.suite.id === 1,
    make: (s) =>
      twice(s, (given) => ({ ...given, second: { ...given.first, signature: twin(given.first.signature) } })),
  },
  {
    name: 'the signed value of another version',
    code: 'ERR_VALUE_SIGNATURE',
    where: isManaged,
    make: (s) => twice(s, (given) => ({ ...given, second: signedValueOf(s.log, ALICE, 3) })),
  },
  {
    name: 'the signed value of another version, told as that',
    code: 'ERR_VALUE_SIGNATURE',
    where: isManaged,
    make: (s) => twice(s, (given) => ({ ...given, version: 3, second: signedValueOf(s.log, ALICE, 3) })),
  },
  {
    name: 'the signed value of another label',
    code: 'ERR_VALUE_SIGNATURE',
    where: isManaged,
    make: (s) => twice(s, (given) => ({ ...given, second: signedValueOf(s.log, utf8('user 2'), 0) })),
  },
  {
    name: 'another value under the same signature',
    code: 'ERR_VALUE_SIGNATURE',
    where: isManaged,
    make: (s) => twice(s, (given) => ({ ...given, second: { ...given.first, value: utf8('another') } })),
  },
  {
    name: 'a value signed in another log under the same keys',
    code: 'ERR_VALUE_SIGNATURE',
    where: isManaged,
    make: (s) =>
      twice(s, (given) => ({
        ...given,
        first: { ...signedValueOf(s.other, ALICE, 2), value: utf8('another') },
      })),
  },
  {
    name: 'the manager’s signature under a value',
    code: 'ERR_VALUE_SIGNATURE',
    where: isManaged,
    make: (s) =>
      twice(s, (given) => ({
        ...given,
        second: { value: utf8('another'), signature: headOf(s.log, 12).signature },
      })),
  },
  {
    name: 'signed values of a log without a manager',
    code: 'ERR_VALUE_SIGNATURE',
    where: (s) => !isManaged(s),
    make: (s) => twice(s, (given) => ({ ...given, second: { ...given.first, value: utf8('another') } })),
  },
  {
    name: 'two values, where the service operator has the manager’s key',
    code: 'ERR_EVIDENCE_KEYS',
    where: isManaged,
    under: ({ log }) => oneKey(log),
    make: (s) => twice(s, (given) => ({ ...given, second: { ...given.first, value: utf8('another') } })),
  },
];

export const FABRICATIONS: readonly Fabrication[] = [...FORKS, ...VERSIONS, ...TIMES, ...VALUES];
