/** A log that is opened, filled and asked. */

import { createOperator, type Operator } from 'contact-key-verification/operator.js';
import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import {
  type Configuration,
  encodeConfiguration,
  encodeSearchRequest,
  parseSearchResponse,
} from 'contact-key-verification/transparency.js';

const text = (label: string): Uint8Array => Uint8Array.from(label, (letter) => letter.charCodeAt(0));

export async function work(): Promise<string> {
  const secret = suite.signatures.scheme.generatePrivateKey();
  const vrfKey = suite.vrf.generatePrivateKey();
  const configuration: Configuration = {
    ciphersuite: suite.id,
    mode: 'contactMonitoring',
    signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
    vrfPublicKey: vrfKey.publicKey.encoded,
    maxAheadMs: 60_000,
    maxBehindMs: 60_000,
    reasonableMonitoringWindowMs: 86_400_000,
    maximumLifetimeMs: undefined,
  };
  const key = new SecretBytes(secret);
  const operator: Operator = await createOperator(encodeConfiguration(configuration), {
    suite,
    vrfKey,
    signer: (treeHeadTbs) => suite.signatures.sign(key, treeHeadTbs),
  });
  const nowMs = 1_700_000_000_000;
  await operator.insert([{ label: text('alice'), values: [text('first'), text('second')] }], { nowMs });
  const found: string[] = [];
  for (const last of [undefined, 1]) {
    const request = { last, label: text('alice'), version: undefined };
    const bytes = await operator.search(encodeSearchRequest(request));
    const { version, value, fullTreeHead } = parseSearchResponse(bytes, configuration, request);
    found.push(`${version} ${String.fromCharCode(...value.value)} ${fullTreeHead.headType}`);
  }
  const absent = { last: undefined, label: text('bob'), version: undefined };
  const refused = await operator.search(encodeSearchRequest(absent)).then(
    () => 'answered',
    (error: unknown) => (error as { code: string }).code,
  );
  return `${operator.head?.treeSize} entry, ${found.join(', ')}, ${refused}`;
}
