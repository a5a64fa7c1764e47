/** An auditor follows a log, is told something twice, and comes back without its state. */

import { type Auditor, createAuditor } from 'contact-key-verification/auditor.js';
import { createOperator } from 'contact-key-verification/operator.js';
import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import {
  encodeAuditorUpdate,
  encodeConfiguration,
  parseAuditorUpdate,
} from 'contact-key-verification/transparency.js';

const text = (label: string): Uint8Array => Uint8Array.from(label, (letter) => letter.charCodeAt(0));

function refusal(apply: () => unknown): string {
  try {
    apply();
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

export async function work(): Promise<string> {
  const { scheme } = suite.signatures;
  const [secret, auditorSecret] = [scheme.generatePrivateKey(), scheme.generatePrivateKey()];
  const [key, auditorKey] = [new SecretBytes(secret), new SecretBytes(auditorSecret)];
  const vrfKey = suite.vrf.generatePrivateKey();
  const configuration = encodeConfiguration({
    ciphersuite: suite.id,
    mode: 'thirdPartyAuditing',
    signaturePublicKey: scheme.derivePublicKey(secret),
    vrfPublicKey: vrfKey.publicKey.encoded,
    maxAuditorLagMs: 60_000,
    auditorStartPos: 0,
    auditorPublicKey: scheme.derivePublicKey(auditorSecret),
    maxAheadMs: 60_000,
    maxBehindMs: 60_000,
    reasonableMonitoringWindowMs: 86_400_000,
    maximumLifetimeMs: undefined,
  });
  const operator = await createOperator(configuration, {
    suite,
    vrfKey,
    signer: (treeHeadTbs) => suite.signatures.sign(key, treeHeadTbs),
  });
  const nowMs = 1_700_000_000_000;
  for (const value of ['first', 'second', 'third']) {
    await operator.insert([{ label: text('alice'), values: [text(value)] }], { nowMs });
  }

  const options = { suite, signer: (tbs: Uint8Array) => suite.signatures.sign(auditorKey, tbs) };
  let auditor: Auditor = createAuditor(configuration, options);
  while (auditor.treeSize < 2) {
    const { after } = auditor.apply(await operator.auditorUpdate(auditor.treeSize), { nowMs });
    auditor = auditor.at(after);
  }
  const before = await operator.auditorUpdate(1);
  const replayed = refusal(() => auditor.apply(before));
  const honest = await operator.auditorUpdate(2);
  const older = encodeAuditorUpdate({ ...parseAuditorUpdate(honest), timestampMs: nowMs - 1 });
  const aged = refusal(() => auditor.apply(older));
  const { head, root, treeSize } = auditor.apply(honest, { nowMs });
  await operator.takeAuditorHead(head as Uint8Array);
  const isSame = String(root) === String(operator.head?.root);
  const old = createAuditor(configuration, { ...options, newestHead: head });
  const unsigned = old.apply(await operator.auditorUpdate(0)).head;
  return `${treeSize} entries, the ${isSame ? 'same' : 'another'} root, ${replayed}, ${aged}, ${unsigned ?? 'not signed'}`;
}
