/** A credential goes from one user to another, who asks nobody; a newer one is settled once the log has moved on. */

import { createCredentialReader } from 'contact-key-verification/credentials.js';
import { createOperator } from 'contact-key-verification/operator.js';
import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { createClient, encodeConfiguration } from 'contact-key-verification/transparency.js';

const text = (label: string): Uint8Array => Uint8Array.from(label, (letter) => letter.charCodeAt(0));

function refusal(verify: () => unknown): string {
  try {
    verify();
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

export async function work(): Promise<string> {
  const { scheme } = suite.signatures;
  const secret = scheme.generatePrivateKey();
  const key = new SecretBytes(secret);
  const vrfKey = suite.vrf.generatePrivateKey();
  const configuration = encodeConfiguration({
    ciphersuite: suite.id,
    mode: 'contactMonitoring',
    signaturePublicKey: scheme.derivePublicKey(secret),
    vrfPublicKey: vrfKey.publicKey.encoded,
    maxAheadMs: 60_000,
    maxBehindMs: 60_000,
    reasonableMonitoringWindowMs: 0,
    maximumLifetimeMs: undefined,
  });
  const operator = await createOperator(configuration, {
    suite,
    vrfKey,
    signer: (treeHeadTbs) => suite.signatures.sign(key, treeHeadTbs),
  });
  const nowMs = 1_700_000_000_000;
  const label = text('alice');
  const publish = (value: string) => operator.insert([{ label, values: [text(value)] }], { nowMs });
  const walked = async (state?: Uint8Array): Promise<Uint8Array> => {
    const { request, verify } = createClient(configuration, { suite, state }).distinguishedHeads();
    return verify(await operator.distinguished(request), { nowMs }).after;
  };
  await publish('first');
  const state = await walked();
  const reader = createCredentialReader(configuration, { suite, state });
  const standard = reader.verify(await operator.credential(label), { label });
  const own = createClient(configuration, { suite, state }).search(label);
  const made = reader.fromSearch(label, await operator.search(own.request));

  await publish('second');
  const early = await operator.credential(label);
  const newer = await operator.credential(label, { position: 0 });
  const found = reader.verify(newer, { label });
  if (found.kind !== 'provisional') return 'not provisional';
  const before = reader.settle(found.pending).outcome;
  const after = reader.at(await walked(state)).settle(found.pending).outcome;
  return [
    standard.kind,
    reader.verify(made, { label }).kind,
    refusal(() => reader.verify(early, { label })),
    `${found.kind} ${before} ${after}`,
  ].join(', ');
}
