/**
 * Values of every structure of key transparency: a full one, in which every part is there and every list has more than
 * one element, and a bare one. Their bytes are hashes of names: forms, of which nothing is true.
 */
import type { Context } from '../../test/reference/keytrans-wire.js';
import { bytesOf } from './people.js';

/** So many bytes of a name, at most 96. */
const some = (name: string, length = 32): Buffer =>
  Buffer.concat([bytesOf(name), bytesOf(`${name}, more`), bytesOf(`${name}, most`)]).subarray(0, length);

const NOTHING = Buffer.alloc(0);
const label = Buffer.from('alice@example.org');
const treeHead = { treeSize: 2 ** 32 + 5, signature: some('tree head', 64) };
const auditorTreeHead = {
  timestampMs: 1_700_000_000_000,
  treeSize: 2 ** 32 + 3,
  signature: some('auditor', 64),
};
const leaf = { vrfOutput: some('VRF output'), commitment: some('commitment') };
const skipped = { vrfOutput: some('VRF output, skipped'), commitment: Buffer.alloc(32) };

const prefixProof = {
  results: [
    { resultType: 'inclusion', depth: 255 },
    { resultType: 'nonInclusionLeaf', leaf, depth: 3 },
    { resultType: 'nonInclusionParent', depth: 0 },
  ],
  elements: [some('node'), Buffer.alloc(32)],
};
const emptyPrefixProof = { results: [], elements: [] };

const combined = {
  timestampsMs: [1_700_000_000_000, 2 ** 53 - 1],
  prefixProofs: [prefixProof, emptyPrefixProof],
  prefixRoots: [some('prefix root')],
  inclusion: { elements: [some('log node'), some('another log node')] },
};
const emptyCombined = { timestampsMs: [], prefixProofs: [], prefixRoots: [], inclusion: { elements: [] } };
const monitorMap = [
  { position: 7, version: 0 },
  { position: 2 ** 53 - 1, version: 2 ** 32 - 1 },
];
const labelValues = [{ value: Buffer.from('first key') }, { value: NOTHING }];

export interface Pair {
  readonly full: unknown;
  readonly bare: unknown;
}

function configurations({ ciphersuite, mode }: Context): Pair {
  const [key, vrfKey] = ciphersuite === 1 ? [65, 33] : [32, 32];
  const third: Readonly<Record<string, object>> = {
    contactMonitoring: {},
    thirdPartyManagement: { leafPublicKey: some('leaf key', key) },
    thirdPartyAuditing: {
      maxAuditorLagMs: 60_000,
      auditorStartPos: 5,
      auditorPublicKey: some('auditor key', key),
    },
  };
  const fields = {
    ciphersuite,
    mode,
    signaturePublicKey: some('signature key', key),
    vrfPublicKey: some('VRF key', vrfKey),
    ...third[mode],
    maxAheadMs: 10_000,
    maxBehindMs: 86_400_000,
  };
  return {
    full: { ...fields, reasonableMonitoringWindowMs: 604_800_000, maximumLifetimeMs: 604_800_001 },
    bare: { ...fields, reasonableMonitoringWindowMs: 0, maximumLifetimeMs: undefined },
  };
}

function headsOf({ mode }: Context): Pair {
  const audited = mode === 'thirdPartyAuditing' ? auditorTreeHead : undefined;
  return {
    full: { headType: 'updated', treeHead, auditorTreeHead: audited },
    bare: { headType: 'same' },
  };
}

/** The full and the bare value of every structure in a log. */
export function wireValues(c: Context): Readonly<Record<string, Pair>> {
  const isManaged = c.mode === 'thirdPartyManagement';
  const suffix = { signature: isManaged ? some('value signature', 64) : undefined };
  const update = { value: Buffer.from('a public key'), suffix };
  const steps = [
    { proof: some('VRF proof', c.ciphersuite === 1 ? 81 : 80), commitment: some('commitment') },
    { proof: some('another VRF proof', c.ciphersuite === 1 ? 81 : 80), commitment: undefined },
  ];
  const [opening, root] = [some('opening', 16), some('root')];
  const config = configurations(c);
  const head = headsOf(c);
  const version = c.namesVersion ? undefined : 6;
  const asked = { last: 50, label };
  const askedAnew = { last: undefined, label: NOTHING };
  const responding = { fullTreeHead: head.full };
  const same = { fullTreeHead: head.bare };
  const monitor = {
    full: { ...responding, monitor: combined },
    bare: { ...same, monitor: emptyCombined },
  };
  const looked = { opening, value: update, binaryLadder: steps };
  const credential = { label, version: 6, ...looked, position: 31 };
  const tbs = { treeSize: 2 ** 53 - 1, root };
  const values = { values: labelValues };
  const info = { info: [{ opening, suffix }] };
  return {
    Configuration: config,
    TreeHeadTbs: { full: { config: config.full, ...tbs }, bare: { config: config.bare, treeSize: 0, root } },
    AuditorTreeHead: {
      full: auditorTreeHead,
      bare: { timestampMs: 0, treeSize: 0, signature: NOTHING },
    },
    AuditorTreeHeadTbs: {
      full: { config: config.full, timestampMs: 1_700_000_000_000, ...tbs },
      bare: { config: config.bare, timestampMs: 0, treeSize: 0, root },
    },
    FullTreeHead: head,
    UpdateTbs: {
      full: { config: config.full, label, version: 2 ** 32 - 1, value: update.value },
      bare: { config: config.bare, label: NOTHING, version: 0, value: NOTHING },
    },
    CommitmentValue: {
      full: { opening, label, version: 2 ** 32 - 1, update },
      bare: { opening, label: NOTHING, version: 0, update: { value: NOTHING, suffix } },
    },
    VrfInput: {
      full: { label: Buffer.alloc(255, 'a'), version: 2 ** 32 - 1 },
      bare: { label: NOTHING, version: 0 },
    },
    LogEntry: {
      full: { timestampMs: 1_700_000_000_000, prefixTree: root },
      bare: { timestampMs: 0, prefixTree: Buffer.alloc(32) },
    },
    InclusionProof: { full: combined.inclusion, bare: { elements: [] } },
    PrefixProof: { full: prefixProof, bare: emptyPrefixProof },
    CombinedTreeProof: { full: combined, bare: emptyCombined },
    SearchRequest: { full: { ...asked, version: 3 }, bare: { ...askedAnew, version: undefined } },
    SearchResponse: {
      full: { ...responding, version, ...looked, search: combined },
      bare: { ...same, version, ...looked, binaryLadder: [], search: emptyCombined },
    },
    ContactMonitorRequest: { full: { ...asked, entries: monitorMap }, bare: { ...askedAnew, entries: [] } },
    ContactMonitorResponse: monitor,
    OwnerInitRequest: { full: { ...asked, start: 31 }, bare: { ...askedAnew, start: 0 } },
    OwnerInitResponse: {
      full: { ...responding, greatestVersions: [6, 2, 0], binaryLadder: steps, init: combined },
      bare: { ...same, greatestVersions: [], binaryLadder: [], init: emptyCombined },
    },
    OwnerMonitorRequest: {
      full: { ...asked, entries: monitorMap, start: 31, greatestVersion: 6 },
      bare: { ...askedAnew, entries: [], start: 0, greatestVersion: undefined },
    },
    OwnerMonitorResponse: monitor,
    UpdateRequest: {
      full: { ...asked, greatestVersion: 6, ...values },
      bare: { ...askedAnew, greatestVersion: undefined, values: [] },
    },
    UpdateResponse: {
      full: {
        ...responding,
        position: 49,
        skippedVersions: isManaged ? 2 : undefined,
        ...values,
        ...info,
        binaryLadder: steps,
        update: combined,
      },
      bare: {
        ...same,
        position: 0,
        skippedVersions: isManaged ? 0 : undefined,
        values: [],
        info: [],
        binaryLadder: [],
        update: emptyCombined,
      },
    },
    DistinguishedRequest: { full: { last: 50, stop: 31 }, bare: { last: undefined, stop: undefined } },
    DistinguishedResponse: {
      full: { ...responding, distinguished: combined },
      bare: { ...same, distinguished: emptyCombined },
    },
    DistinguishedHead: { full: { heads: [root, some('an earlier root')] }, bare: { heads: [] } },
    Credential: {
      full: { ...credential, credentialType: 'provisional', treeHead, search: combined },
      bare: { ...credential, binaryLadder: [], credentialType: 'standard', distinguished: prefixProof },
    },
    CredentialUpdate: { full: { monitor: combined }, bare: { monitor: emptyCombined } },
    ManagerUpdateRequest: {
      full: { ...asked, greatestVersion: 6, values: [update, update], signedVersion: 7 },
      bare: { ...askedAnew, greatestVersion: undefined, values: [], signedVersion: 0 },
    },
    AuditorUpdate: {
      full: {
        timestampMs: 1_700_000_000_000,
        added: [leaf, skipped],
        removed: [leaf],
        proof: prefixProof,
      },
      bare: { timestampMs: 0, added: [], removed: [], proof: emptyPrefixProof },
    },
  };
}
