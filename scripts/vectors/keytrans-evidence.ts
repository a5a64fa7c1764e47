/** Evidence that a key transparency log, its auditor or its service operator contradicts itself. */
import {
  type Accusation,
  compareSignedHeads,
  compareSignedValues,
  compareVersionProofs,
  encodeEvidence,
  encodeSignedHeads,
  encodeVersionProof,
  verifyEvidence,
} from '../../test/reference/keytrans-evidence.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { damagedComparisons, damagedEvidence } from './keytrans-evidence-damages.js';
import {
  auditorHeadOf,
  changedOf,
  forkOf,
  headOf,
  nodesOf,
  reversedLog,
  reversedOf,
  sideOf,
  signedValueOf,
  twoFaces,
  twoValuesOf,
  versionIn,
  versionProofOf,
} from './keytrans-evidence-making.js';
import { MINUTE } from './keytrans-stories.js';
import { CURVES } from './keytrans-story-logs.js';
import { bytes, type Fields, hex, type Json, number, VectorFile } from './vector-file.js';

/** Facts as JSON: bytes in hex, what is absent as null. */
function shown(value: unknown): Json {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shown(field)]));
}

const judgeEvidence = ({ configuration, evidence }: Fields): Fields =>
  shown(verifyEvidence(bytes(evidence), configuration === null ? null : bytes(configuration))) as Fields;

function judgeValues({ configuration, label, version, own, peer }: Fields): Fields {
  const read = (field: Json | undefined) => {
    const { value, signature } = field as Fields;
    return { value: bytes(value), signature: bytes(signature) };
  };
  const named = { label: bytes(label), version: number(version) };
  compareSignedValues(bytes(configuration), named, [read(own), read(peer)]);
  return {};
}

export const evidenceFields = (log: Operator, accusation: Accusation): Fields => ({
  configuration: hex(log.configuration),
  evidence: hex(encodeEvidence(log.config, accusation)),
});

export function keytransEvidence(): VectorFile {
  const file = new VectorFile(
    'keytrans-evidence',
    'Evidence of misbehaviour in IETF Key Transparency (draft-ietf-keytrans-protocol, commit 526cc8a; CKV/1, "Evidence"): what a third person accepts, and fabrications.',
    {
      Evidence: judgeEvidence,
      SignedHeadsComparison: ({ configuration, own, peer }) => ({
        treeSize: compareSignedHeads(bytes(configuration), bytes(own), bytes(peer)),
      }),
      VersionProofComparison: ({ configuration, own, peer }) => ({
        same: compareVersionProofs(bytes(configuration), bytes(own), bytes(peer)),
      }),
      SignedValuesComparison: judgeValues,
    },
  );
  for (const [ciphersuite, curve] of CURVES) {
    addEvidence(file, ciphersuite, curve);
    addComparisons(file, ciphersuite, curve);
  }
  damagedEvidence(file);
  damagedComparisons(file);
  return file;
}

function addEvidence(file: VectorFile, ciphersuite: 1 | 2, curve: string): void {
  const add = (name: string, log: Operator, accusation: Accusation): void => {
    file.valid('Evidence', `${name}, ${curve}`, evidenceFields(log, accusation));
  };
  const [log, other] = twoFaces(ciphersuite, 'contactMonitoring');
  add('two heads of one size', log, forkOf(12, sideOf(log, 12, 12), sideOf(other, 12, 12)));
  add('a head that contradicts an earlier one', log, forkOf(13, sideOf(log, 13, 13), sideOf(other, 20, 13)));
  add('logs that went apart before both heads', log, forkOf(10, sideOf(other, 21, 10), sideOf(log, 13, 10)));
  const opened = changedOf(log, 1, versionIn(log, 1, 9, 13), versionIn(other, 1, 15, 16));
  add('two values of one version', log, opened);
  const closed = changedOf(log, 1, versionIn(log, 1, 12, 13, false), versionIn(other, 1, 9, 21, false));
  add('two commitments for one version', log, closed);
  file.valid('Evidence', `whoever is meant, ${curve}`, {
    ...evidenceFields(log, opened),
    configuration: null,
  });

  const late = reversedLog(ciphersuite);
  add('a log entry older than one to its left', late, reversedOf(late, 9, 5, 6));

  const [audited, unaudited] = twoFaces(ciphersuite, 'thirdPartyAuditing');
  const auditor = sideOf(audited, 12, 10, auditorHeadOf(audited, 12));
  add('an auditor and a log that differ', audited, forkOf(10, auditor, sideOf(unaudited, 14, 10)));
  const second = sideOf(unaudited, 11, 10, auditorHeadOf(unaudited, 11));
  add('an auditor with two logs', audited, forkOf(10, auditor, second));

  const [managed, unmanaged] = twoFaces(ciphersuite, 'thirdPartyManagement', 12 * MINUTE);
  add('two signed values', managed, twoValuesOf(managed, unmanaged, 1));
  const young = versionIn(unmanaged, 1, 20, 21);
  add(
    'two values less than a lifetime apart',
    managed,
    changedOf(managed, 1, versionIn(managed, 1, 9, 13), young),
  );
}

function addComparisons(file: VectorFile, ciphersuite: 1 | 2, curve: string): void {
  const [log, other] = twoFaces(ciphersuite, 'contactMonitoring');
  const configuration = hex(log.configuration);
  const heads = (of: Operator, treeSize: number, sizes: readonly number[]): string =>
    hex(
      encodeSignedHeads(
        { head: headOf(of, treeSize), sizes, nodes: nodesOf(of, treeSize, sizes) },
        of.config,
      ),
    );
  const compare = (name: string, own: string, peer: string): void => {
    file.valid('SignedHeadsComparison', `${name}, ${curve}`, { configuration, own, peer });
  };
  compare('heads of one log', heads(log, 11, [4, 8]), heads(log, 13, [4, 8, 12]));
  compare('a head alone, of a size that the other shows', heads(log, 12, []), heads(log, 13, [4, 8, 12]));
  compare('heads without a size in common', heads(log, 11, [6]), heads(log, 13, [8]));
  compare('two logs that have not gone apart yet', heads(log, 13, [4, 8]), heads(other, 21, [4, 8, 16]));

  const proof = (of: Operator, version: number, position: number, treeSize: number): string =>
    hex(
      encodeVersionProof(versionProofOf(of, version, versionIn(of, version, position, treeSize)), of.config),
    );
  const versions = (name: string, own: string, peer: string): void => {
    file.valid('VersionProofComparison', `${name}, ${curve}`, { configuration, own, peer });
  };
  versions('a version in two entries', proof(log, 1, 9, 13), proof(log, 1, 12, 13));
  versions('two versions', proof(log, 0, 4, 13), proof(log, 1, 12, 13));

  const [managed] = twoFaces(ciphersuite, 'thirdPartyManagement', 12 * MINUTE);
  const { value, signature } = signedValueOf(managed, 1);
  const own = { value: hex(value), signature: hex(signature) };
  file.valid('SignedValuesComparison', `one value, ${curve}`, {
    configuration: hex(managed.configuration),
    label: hex(managed.options.label),
    version: 1,
    own,
    peer: own,
  });
  const lasting = (name: string, of: Operator, position: number, treeSize: number): void => {
    const shownProof = hex(
      encodeVersionProof(versionProofOf(of, 1, versionIn(of, 1, position, treeSize)), of.config),
    );
    file.valid('VersionProofComparison', `${name}, ${curve}`, {
      configuration: hex(of.configuration),
      own: shownProof,
      peer: shownProof,
    });
  };
  lasting('a version where entries expire', managed, 9, 13);
}
