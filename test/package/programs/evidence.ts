/** A log contradicts itself: two users find out, a third one checks it, and what is made up is refused. */

import { MisbehaviorError } from 'contact-key-verification/errors.js';
import {
  compareSignedHeads,
  encodeSignedHeads,
  verifyEvidence,
  verifySignedHeads,
} from 'contact-key-verification/evidence.js';
import { KT_128_SHA256_P256 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import {
  type Configuration,
  encodeConfiguration,
  encodeTreeHeadTbs,
} from 'contact-key-verification/transparency.js';

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

export async function work(): Promise<string> {
  const secret = suite.signatures.scheme.generatePrivateKey();
  const key = new SecretBytes(secret);
  const config: Configuration = {
    ciphersuite: suite.id,
    mode: 'contactMonitoring',
    signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
    vrfPublicKey: suite.vrf.generatePrivateKey().publicKey.encoded,
    maxAheadMs: 1000,
    maxBehindMs: 1000,
    reasonableMonitoringWindowMs: 1000,
    maximumLifetimeMs: undefined,
  };
  const configuration = encodeConfiguration(config);
  const shown = (root: Uint8Array) => {
    const signature = suite.signatures.sign(key, encodeTreeHeadTbs({ config, treeSize: 5, root }));
    const head = { signer: 'log', treeSize: 5, signature } as const;
    return verifySignedHeads(configuration, encodeSignedHeads({ head, sizes: [], nodes: [root] }), { suite });
  };
  const [own, same, peer] = [
    shown(new Uint8Array(32)),
    shown(new Uint8Array(32)),
    shown(new Uint8Array(32).fill(1)),
  ];
  const { outcome } = compareSignedHeads(own, same);
  try {
    compareSignedHeads(own, peer);
    return 'nobody was accused';
  } catch (error) {
    if (!(error instanceof MisbehaviorError)) throw error;
    const { kind, accused } = verifyEvidence(error.evidence, { configuration });
    const bent = error.evidence.map((byte, i) => (i === error.evidence.length - 1 ? byte ^ 1 : byte));
    const refused = codeOf(() => verifyEvidence(bent));
    return `${outcome}, ${error.code}, ${kind} by ${accused.join()}, ${refused}`;
  }
}
