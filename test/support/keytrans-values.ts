/** Random values of every structure of key transparency, as fast-check draws them. */

import fc from 'fast-check';
import type { CipherSuiteId } from 'contact-key-verification/transparency.js';
import type { Setting } from './keytrans-library.js';

type Values = fc.Arbitrary<unknown>;

const fixed = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const upTo = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: length });
const uint64 = fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.constant(2 ** 53 - 1), fc.constant(2 ** 32));
const uint32 = fc.oneof(fc.nat(9), fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constant(2 ** 32 - 1));
const depth = fc.nat(255);
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const few = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { maxLength: 3 });

const hash = fixed(32);
const label = fc.oneof(upTo(12), fixed(255));
const value = upTo(40);
const signature = fc.oneof(fixed(64), upTo(3));

/** A log of any suite in any mode, answering any request. */
export const settings: fc.Arbitrary<Setting> = fc.record({
  ciphersuite: fc.constantFrom<CipherSuiteId>(1, 2),
  mode: fc.constantFrom('contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'),
  namesVersion: fc.boolean(),
});

function configuration({ ciphersuite, mode }: Setting): Values {
  const key = fixed(ciphersuite === 1 ? 65 : 32);
  const third = {
    contactMonitoring: {},
    thirdPartyManagement: { leafPublicKey: key },
    thirdPartyAuditing: { maxAuditorLagMs: uint64, auditorStartPos: uint64, auditorPublicKey: key },
  };
  const windowed = fc.record({
    ciphersuite: fc.constant(ciphersuite),
    mode: fc.constant(mode),
    signaturePublicKey: key,
    vrfPublicKey: fixed(ciphersuite === 1 ? 33 : 32),
    ...third[mode],
    maxAheadMs: uint64,
    maxBehindMs: uint64,
    reasonableMonitoringWindowMs: uint64,
  });
  return windowed.chain((fields) => {
    const window = fields.reasonableMonitoringWindowMs;
    const lifetime =
      window === 2 ** 53 - 1
        ? fc.constant(undefined)
        : optional(fc.integer({ min: window + 1, max: 2 ** 53 - 1 }));
    return lifetime.map((maximumLifetimeMs) => ({ ...fields, maximumLifetimeMs }));
  });
}

const leaf = fc.record({ vrfOutput: hash, commitment: hash });
const result = fc.oneof(
  fc.record({ resultType: fc.constantFrom('inclusion', 'nonInclusionParent'), depth }),
  fc.record({ resultType: fc.constant('nonInclusionLeaf'), leaf, depth }),
);
const prefixProof = fc.record({ results: few(result), elements: few(hash) });
const inclusion = fc.record({ elements: few(hash) });
const combined = fc.record({
  timestampsMs: few(uint64),
  prefixProofs: fc.array(prefixProof, { maxLength: 2 }),
  prefixRoots: few(hash),
  inclusion,
});
const treeHead = fc.record({ treeSize: uint64, signature });
const auditorTreeHead = fc.record({ timestampMs: uint64, treeSize: uint64, signature });
const monitorMap = few(fc.record({ position: uint64, version: uint32 }));
const labelValues = few(fc.record({ value }));
const asked = { last: optional(uint64), label };

/** What depends on the log. */
function partsOf(setting: Setting): Readonly<Record<'head' | 'step' | 'suffix' | 'update', Values>> {
  const { ciphersuite, mode } = setting;
  const nothing = fc.constant(undefined);
  const suffix = fc.record({ signature: mode === 'thirdPartyManagement' ? signature : nothing });
  return {
    head: fc.oneof(
      fc.constant({ headType: 'same' }),
      fc.record({
        headType: fc.constant('updated'),
        treeHead,
        auditorTreeHead: mode === 'thirdPartyAuditing' ? auditorTreeHead : nothing,
      }),
    ),
    step: fc.record({ proof: fixed(ciphersuite === 1 ? 81 : 80), commitment: optional(hash) }),
    suffix,
    update: fc.record({ value, suffix }),
  };
}

/** The values of a structure in a setting. */
export function valuesOf(name: string, setting: Setting): Values {
  const { head, step, suffix, update } = partsOf(setting);
  const { mode, namesVersion } = setting;
  const config = configuration(setting);
  const steps = fc.array(step, { maxLength: 2 });
  const opening = fixed(16);
  const monitored = fc.record({ fullTreeHead: head, monitor: combined });
  const credential = {
    label,
    version: uint32,
    opening,
    value: update,
    binaryLadder: steps,
    position: uint64,
  };
  const all: Readonly<Record<string, () => Values>> = {
    Configuration: () => config,
    TreeHeadTbs: () => fc.record({ config, treeSize: uint64, root: hash }),
    AuditorTreeHead: () => auditorTreeHead,
    AuditorTreeHeadTbs: () => fc.record({ config, timestampMs: uint64, treeSize: uint64, root: hash }),
    FullTreeHead: () => head,
    UpdateTbs: () => fc.record({ config, label, version: uint32, value }),
    CommitmentValue: () => fc.record({ opening, label, version: uint32, update }),
    VrfInput: () => fc.record({ label, version: uint32 }),
    LogEntry: () => fc.record({ timestampMs: uint64, prefixTree: hash }),
    InclusionProof: () => inclusion,
    PrefixProof: () => prefixProof,
    CombinedTreeProof: () => combined,
    SearchRequest: () => fc.record({ ...asked, version: optional(uint32) }),
    SearchResponse: () =>
      fc.record({
        fullTreeHead: head,
        version: namesVersion ? fc.constant(undefined) : uint32,
        opening,
        value: update,
        binaryLadder: steps,
        search: combined,
      }),
    ContactMonitorRequest: () => fc.record({ ...asked, entries: monitorMap }),
    ContactMonitorResponse: () => monitored,
    OwnerInitRequest: () => fc.record({ ...asked, start: uint64 }),
    OwnerInitResponse: () =>
      fc.record({
        fullTreeHead: head,
        greatestVersions: few(uint32),
        binaryLadder: steps,
        init: combined,
      }),
    OwnerMonitorRequest: () =>
      fc.record({ ...asked, entries: monitorMap, start: uint64, greatestVersion: optional(uint32) }),
    OwnerMonitorResponse: () => monitored,
    UpdateRequest: () => fc.record({ ...asked, greatestVersion: optional(uint32), values: labelValues }),
    UpdateResponse: () =>
      fc.record({
        fullTreeHead: head,
        position: uint64,
        skippedVersions: mode === 'thirdPartyManagement' ? uint32 : fc.constant(undefined),
        values: labelValues,
        info: few(fc.record({ opening, suffix })),
        binaryLadder: steps,
        update: combined,
      }),
    DistinguishedRequest: () => fc.record({ last: optional(uint64), stop: optional(uint64) }),
    DistinguishedResponse: () => fc.record({ fullTreeHead: head, distinguished: combined }),
    DistinguishedHead: () => fc.record({ heads: few(hash) }),
    Credential: () =>
      fc.oneof(
        fc.record({ ...credential, credentialType: fc.constant('standard'), distinguished: prefixProof }),
        fc.record({
          ...credential,
          credentialType: fc.constant('provisional'),
          treeHead,
          search: combined,
        }),
      ),
    CredentialUpdate: () => fc.record({ monitor: combined }),
    ManagerUpdateRequest: () =>
      fc.record({
        ...asked,
        greatestVersion: optional(uint32),
        values: few(update),
        signedVersion: uint32,
      }),
    AuditorUpdate: () =>
      fc.record({ timestampMs: uint64, added: few(leaf), removed: few(leaf), proof: prefixProof }),
  };
  const make = all[name];
  if (make === undefined) throw new Error(`no values of ${name}`);
  return make();
}
