/** Evidence through `evidence.js`: what a third person is shown, and what users tell each other of a log. */
import {
  compareSignedHeads,
  compareSignedValues,
  compareVersionProofs,
  type SignedValue,
  verifyEvidence,
  verifySignedHeads,
  verifyVersionProof,
} from 'contact-key-verification/evidence.js';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from 'contact-key-verification/suites.js';
import { parseConfiguration } from 'contact-key-verification/transparency.js';
import { shown } from '../support/keytrans-library.js';
import { bytes, type Fields, number } from './files.js';

function logOf(input: Fields) {
  const configuration = bytes(input['configuration']);
  const { ciphersuite } = parseConfiguration(configuration);
  return { configuration, suite: ciphersuite === 1 ? KT_128_SHA256_P256 : KT_128_SHA256_Ed25519 };
}

function judgeEvidence(input: Fields): Fields {
  const given = input['configuration'];
  const configuration = given === null ? undefined : bytes(given);
  const { configuration: _, ...facts } = verifyEvidence(bytes(input['evidence']), { configuration });
  return shown(facts) as Fields;
}

function judgeHeads(input: Fields): Fields {
  const { configuration, suite } = logOf(input);
  const [own, peer] = [input['own'], input['peer']].map((each) =>
    verifySignedHeads(configuration, bytes(each), { suite }),
  );
  if (own === undefined || peer === undefined) throw new Error('two');
  const compared = compareSignedHeads(own, peer);
  return { treeSize: compared.outcome === 'same' ? compared.treeSize : null };
}

function judgeVersions(input: Fields): Fields {
  const { configuration, suite } = logOf(input);
  const [own, peer] = [input['own'], input['peer']].map((each) =>
    verifyVersionProof(configuration, bytes(each), { suite }),
  );
  if (own === undefined || peer === undefined) throw new Error('two');
  return { same: compareVersionProofs(own, peer).outcome === 'same' };
}

function judgeValues(input: Fields): Fields {
  const { configuration, suite } = logOf(input);
  const read = (field: unknown): SignedValue => {
    const { value, signature } = field as Fields;
    return { value: bytes(value), signature: bytes(signature) };
  };
  const compared = {
    label: bytes(input['label']),
    version: number(input['version']),
    values: [read(input['own']), read(input['peer'])] as const,
  };
  compareSignedValues(configuration, compared, { suite });
  return {};
}

/** By structure: what the library makes of an input. */
export const EVIDENCE_JUDGES: Readonly<Record<string, (input: Fields) => Fields>> = {
  Evidence: judgeEvidence,
  SignedHeadsComparison: judgeHeads,
  VersionProofComparison: judgeVersions,
  SignedValuesComparison: judgeValues,
};
