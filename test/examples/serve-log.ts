import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { createMemoryNodeStore } from 'contact-key-verification/prefix.js';
import { encodeConfiguration } from 'contact-key-verification/transparency.js';

const secret = suite.signatures.scheme.generatePrivateKey();
const key = new SecretBytes(secret);
const vrfKey = suite.vrf.generatePrivateKey();
const signer = (treeHeadTbs: Uint8Array): Uint8Array => suite.signatures.sign(key, treeHeadTbs);
const store = createMemoryNodeStore();
export const configuration: Uint8Array = encodeConfiguration({
  ciphersuite: suite.id,
  mode: 'contactMonitoring',
  signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
  vrfPublicKey: vrfKey.publicKey.encoded,
  maxAheadMs: 300_000,
  maxBehindMs: 3_600_000,
  reasonableMonitoringWindowMs: 86_400_000,
  maximumLifetimeMs: undefined,
});

interface User {
  readonly name: string;
}

/** Whose identifiers are whose. Nobody wants to be looked up by Mallory. */
const owners = new Map([['tel:+15551234567', 'bob']]);
const users = new Map(['alice', 'bob', 'mallory'].map((name) => [`Bearer token of ${name}`, { name }]));
const accounts = {
  userOf: (authorization: string | undefined) => users.get(authorization ?? ''),
  owns: ({ name }: User, label: Uint8Array) => owners.get(new TextDecoder().decode(label)) === name,
  mayLookUp: ({ name }: User, label: Uint8Array) => label.length > 0 && name !== 'mallory',
  onceLookedUp: ({ name }: User, label: Uint8Array) => label.length > 0 && name !== 'mallory',
};
// ---
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { encodeBase64Url } from 'contact-key-verification/bytes.js';
import { verifyPublication } from 'contact-key-verification/directory.js';
import {
  type AccessRule,
  createOperator,
  type Operator,
  type UpdateCall,
  type UpdateOutcome,
} from 'contact-key-verification/operator.js';

/** Who may ask what. Whom a label does not concern is refused before anything is looked up. */
const access: AccessRule<User> = async ({ operation, request }, user) => {
  if (user === undefined) return false;
  switch (operation) {
    case 'distinguished':
      return true;
    case 'search':
      return accounts.mayLookUp(user, request.label);
    case 'contactMonitor': // also those who may not search any more
      return accounts.onceLookedUp(user, request.label);
    case 'ownerInit':
    case 'ownerMonitor':
      return accounts.owns(user, request.label);
    case 'update':
      if (!accounts.owns(user, request.label)) return false;
      verifyPublication(request, await operator.newest(request.label));
      return true;
  }
};
const log = { suite, signer, vrfKey, store, access };
const operator: Operator<User> = await createOperator(configuration, log);

interface Waiting extends UpdateCall<User> {
  readonly resolve: (outcome: UpdateOutcome) => void;
  readonly reject: (error: unknown) => void;
}
let waiting: Waiting[] = [];

/** Adds a log entry: what waits, or an empty one before the newest is too old for users. */
async function addEntry(nowMs: number): Promise<void> {
  const batch = waiting;
  waiting = [];
  try {
    const outcomes = batch.length > 0 ? await operator.update(batch, { nowMs }) : [];
    for (const [i, outcome] of outcomes.entries()) batch[i]?.resolve(outcome);
    const age = nowMs - (operator.head?.timestampMs ?? 0);
    if (age > 20 * 60_000) await operator.insert([], { nowMs }); // maxBehindMs is an hour
  } catch (error) {
    // Raise an alarm. The entry may be there all the same: those who ask again are told.
    for (const { reject } of batch) reject(error);
  }
}
await addEntry(Date.now());
const timer = setInterval(() => void addEntry(Date.now()), 1000);

async function update(request: Uint8Array, caller: User): Promise<Uint8Array> {
  const { responses, refusal } = await new Promise<UpdateOutcome>((resolve, reject) => {
    waiting.push({ request, caller, resolve, reject });
  });
  if (responses === undefined) throw refusal;
  // Several responses in one body, a line each.
  return new TextEncoder().encode(responses.map(encodeBase64Url).join('\n'));
}

const BINARY = 'application/octet-stream';
type Answer = (body: Uint8Array, user: User) => Promise<Uint8Array>;
const PATHS = new Map<string | undefined, [limit: number, answer: Answer]>([
  ['/search', [4096, operator.search]], // no valid request without values is longer
  ['/contact-monitor', [4096, operator.contactMonitor]],
  ['/owner-init', [4096, operator.ownerInit]],
  ['/owner-monitor', [4096, operator.ownerMonitor]],
  ['/distinguished', [4096, operator.distinguished]],
  ['/update', [2 ** 17, update]], // a device list has up to 65,536 bytes
]);

/** Codes that a client can act on; of any other refusal it learns 400, of our own troubles 500. */
const STATUS = new Map<unknown, number>([
  ['ERR_ACCESS', 403],
  ['ERR_NO_VERSION', 404],
  ['ERR_UPDATE_EMPTY', 404],
  ['ERR_OPENING_DELETED', 410],
  ['ERR_ENTRY_EXPIRED', 410],
  ['ERR_ENTRY_FULL', 503],
  ['ERR_AUDITOR_HEAD', 503],
]);
const REFUSALS = new Set<unknown>(['DecodeError', 'VerificationError', 'PolicyError', 'UnsupportedError']);

function statusOf({ name, code }: { readonly name?: unknown; readonly code?: unknown }): number {
  return STATUS.get(code) ?? (REFUSALS.has(name) ? 400 : 500); // log what is 500
}

async function bodyOf(request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

type Answered = [status: number, body?: Uint8Array];

/** No refusal says more than its number. */
async function answer(request: IncomingMessage): Promise<Answered> {
  const user = accounts.userOf(request.headers.authorization);
  if (user === undefined) return [401];
  const [limit = 0, run] = PATHS.get(request.url) ?? [];
  if (run === undefined) return [404];
  if (run === update && waiting.length >= 1000) return [503];
  if (request.method !== 'POST') return [405];
  if (request.headers['content-type'] !== BINARY) return [415];
  const body = await bodyOf(request, limit);
  return body === undefined ? [413] : [200, await run(body, user)];
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [status, body] = await answer(request).catch((error: Error): Answered => [statusOf(error)]);
  // Whoever sends more than is read is cut off.
  const connection = request.complete && server.listening ? 'keep-alive' : 'close';
  const headers = { 'content-type': BINARY, 'cache-control': 'no-store', connection };
  response.writeHead(status, headers).end(body);
}

export const server = createServer((request, response) => void serve(request, response));
server.requestTimeout = 10_000;
await once(server.listen(0, '127.0.0.1'), 'listening'); // behind a proxy that speaks TLS
console.log('a log of', operator.head?.treeSize, 'entry is served');

/** What waits is still written, and answered. Then close the database. */
export async function stop(): Promise<void> {
  server.close();
  await once(server, 'close');
  clearInterval(timer);
}
