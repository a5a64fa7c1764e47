import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createOperator } from 'contact-key-verification/operator.js';
import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { encodeConfiguration } from 'contact-key-verification/transparency.js';

const secret = suite.signatures.scheme.generatePrivateKey();
const auditorSecret = suite.signatures.scheme.generatePrivateKey();
const keys = [new SecretBytes(secret), new SecretBytes(auditorSecret)] as const;
export const signer = (tbs: Uint8Array): Uint8Array => suite.signatures.sign(keys[1], tbs);

/** A log whose auditor begins at an entry, and what of it is served to the auditor. */
export interface Fed {
  readonly configuration: Uint8Array;
  readonly operator: Operator;
  readonly server: Server;
  readonly url: string;
}

export async function feed(auditorStartPos: number): Promise<Fed> {
  const vrfKey = suite.vrf.generatePrivateKey();
  const configuration = encodeConfiguration({
    ciphersuite: suite.id,
    mode: 'thirdPartyAuditing',
    signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
    vrfPublicKey: vrfKey.publicKey.encoded,
    maxAuditorLagMs: 6 * 60 * 60_000,
    auditorStartPos,
    auditorPublicKey: suite.signatures.scheme.derivePublicKey(auditorSecret),
    maxAheadMs: 300_000,
    maxBehindMs: 3_600_000,
    reasonableMonitoringWindowMs: 86_400_000,
    maximumLifetimeMs: undefined,
  });
  const operator = await createOperator(configuration, {
    suite,
    vrfKey,
    signer: (tbs) => suite.signatures.sign(keys[0], tbs),
  });
  const server = serveAuditor(operator);
  await once(server.unref().listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { configuration, operator, server, url };
}
console.log('an auditor of', suite.name);
// ---
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Operator } from 'contact-key-verification/operator.js';

type Answered = [status: number, body?: Uint8Array];

/** Codes that the auditor can act on. */
const STATUS = new Map<unknown, number>([
  ['ERR_INDEX_RANGE', 404], // no such entry yet
  ['ERR_NOT_READY', 404],
  ['ERR_AUDITOR_HEAD', 409], // there is a newer head
  ['ERR_ENTRY_EXPIRED', 410],
]);

async function answer(
  operator: Operator,
  { method, url = '' }: IncomingMessage,
  body: Uint8Array,
): Promise<Answered> {
  const [, position] = /^\/auditor-update\/(\d{1,15})$/.exec(url) ?? [];
  if (position !== undefined) return [200, await operator.auditorUpdate(Number(position))];
  if (url === '/auditor-start') return [200, await operator.auditorStart()];
  if (url !== '/auditor-head' || method !== 'POST') return [404];
  await operator.takeAuditorHead(body);
  return [204];
}

/** For the auditor alone: behind a proxy that asks for its certificate. */
function serveAuditor(operator: Operator): Server {
  return createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length <= 4096) chunks.push(chunk);
    }
    const [status, body] = await answer(operator, request, new Uint8Array(Buffer.concat(chunks))).catch(
      ({ code }: { readonly code?: unknown }): Answered => [STATUS.get(code) ?? 500],
    );
    response.writeHead(status, { 'content-type': 'application/octet-stream' }).end(body);
  });
}
