import { Account } from '../../examples/account.js';
import { Directory, HOUR } from '../../examples/directory.js';
import type { Operation } from '../../examples/server.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';

const nowMs = Date.now();
const server = await Directory.open(createWasmHasher());
await server.live(nowMs - HOUR, nowMs);
const account = await Account.register(
  server,
  server.configuration,
  'tel:+15551234567',
  ['phone', 'laptop'],
  nowMs,
);
await account.addDevice(server, 'web', 'laptop', nowMs);
const { configuration } = server;
const send = (operation: Operation, request: Uint8Array): Promise<Uint8Array> =>
  server.answer(operation, request, { nowMs });
// ---
import {
  type ContactState,
  createContact,
  describeFinding,
  type Review,
  reviewContact,
  TRUST_TEXTS,
} from 'contact-key-verification/contacts.js';
import { lookUpDevices } from 'contact-key-verification/directory.js';
import { KT_128_SHA256_Ed25519 } from 'contact-key-verification/suites.js';
import { createClient } from 'contact-key-verification/transparency.js';

const identifier = 'tel:+15551234567';

/** What the app keeps. It writes all three in one transaction, and sends `state` and `list` to own devices. */
interface Stored {
  /** Of the log, whoever is looked up. */
  readonly log: Uint8Array | undefined;
  readonly state: ContactState;
  readonly list: Uint8Array | undefined;
}

/** Looks Bob up. A refusal is an answer too, and goes into the review like any other. */
async function lookUp(
  stored: Stored,
  sequence?: number,
): Promise<Stored & { review: Review; missing: readonly number[] }> {
  const client = createClient(configuration, { suite: KT_128_SHA256_Ed25519, state: stored.log });
  const question = lookUpDevices(client, { identifier, stored: stored.list, sequence });
  const response = await send('search', question.request);
  const { directory, log, missing, after } = question.review(response, { nowMs });
  const review = reviewContact({ stored: stored.state, directory, log, nowMs });
  // The list that is in use: what was refused, or not taken into use, replaces nothing.
  const list = review.listToStore ?? stored.list;
  return { log: after ?? stored.log, state: review.state, list, review, missing };
}

const nobody: Stored = {
  log: undefined,
  state: createContact({ identifier: new TextEncoder().encode(identifier) }),
  list: undefined,
};
let bob = await lookUp(nobody);
// He has published several lists since the last look-up: they are taken one after the other, the newest at the end.
const { missing } = bob;
for (const sequence of missing) bob = await lookUp(bob, sequence);
if (missing.length > 0) bob = await lookUp(bob);

console.log('beside his name:', TRUST_TEXTS[bob.review.trust]);
for (const finding of bob.review.findings) {
  const { title, why } = describeFinding(finding);
  console.log(finding.level, title.replaceAll('{name}', 'Bob'), why.replaceAll('{name}', 'Bob'));
}
