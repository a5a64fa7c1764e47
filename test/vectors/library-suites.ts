/** The cipher suites of KEYTRANS through the public door: VRFs, commitments, signatures. */
import {
  type CipherSuite,
  KT_128_SHA256_Ed25519,
  KT_128_SHA256_P256,
  SecretBytes,
  type Vrf,
} from 'contact-key-verification/suites.js';
import { bytes, type Fields, hex } from './files.js';

const SUITES: readonly CipherSuite[] = [KT_128_SHA256_P256, KT_128_SHA256_Ed25519];

function suiteOf({ suite: name }: Fields): CipherSuite {
  const suite = SUITES.find((known) => known.name === name);
  if (suite === undefined) throw new Error(`no suite: ${String(name)}`);
  return suite;
}

function vrfOf(name: unknown): Vrf {
  const suite = SUITES.find(({ vrf }) => vrf.name === name);
  if (suite === undefined) throw new Error(`no VRF: ${String(name)}`);
  return suite.vrf;
}

function judgeProving(input: Fields): Fields {
  const vrf = vrfOf(input['vrf']);
  const key = vrf.parsePrivateKey(bytes(input['secret']));
  const { proof, output } = vrf.prove(key, bytes(input['input']));
  return { publicKey: hex(key.publicKey.encoded), proof: hex(proof), output: hex(output) };
}

const judgeKey =
  ({ vrf }: CipherSuite) =>
  (input: Fields): Fields => {
    vrf.parsePublicKey(bytes(input['publicKey']));
    return {};
  };

const judgeProof =
  ({ vrf }: CipherSuite) =>
  (input: Fields): Fields => {
    const key = vrf.parsePublicKey(bytes(input['publicKey']));
    return { output: hex(vrf.verify(key, bytes(input['input']), bytes(input['proof']))) };
  };

function judgeSigning(input: Fields): Fields {
  const { signatures } = suiteOf(input);
  const secret = new SecretBytes(bytes(input['secret']));
  const signature = signatures.sign(secret, bytes(input['message']));
  return {
    publicKey: hex(secret.use((raw) => signatures.scheme.derivePublicKey(raw))),
    signature: hex(signature),
  };
}

function judgeSignature(input: Fields): Fields {
  const { signatures } = suiteOf(input);
  const key = signatures.parsePublicKey(bytes(input['publicKey']));
  signatures.verify(key, bytes(input['message']), bytes(input['signature']));
  return {};
}

/** Both suites commit alike. */
function judgeCommitment(input: Fields): Fields {
  const [made, other] = SUITES.map((suite) => hex(suite.commit(bytes(input['commitmentValue']))));
  if (made !== other) throw new Error('the suites differ');
  return { commitment: made };
}

function judgeOpening(input: Fields): Fields {
  for (const suite of SUITES) {
    suite.verifyCommitment(bytes(input['commitment']), bytes(input['commitmentValue']));
  }
  return {};
}

export const SUITE_JUDGES: Readonly<Record<string, (input: Fields) => Fields>> = {
  VrfProving: judgeProving,
  P256VrfKey: judgeKey(KT_128_SHA256_P256),
  Edwards25519VrfKey: judgeKey(KT_128_SHA256_Ed25519),
  P256VrfProof: judgeProof(KT_128_SHA256_P256),
  Edwards25519VrfProof: judgeProof(KT_128_SHA256_Ed25519),
  Commitment: judgeCommitment,
  CommitmentOpening: judgeOpening,
  SuiteSigning: judgeSigning,
  SuiteSignature: judgeSignature,
};
