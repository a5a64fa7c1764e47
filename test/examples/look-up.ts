import { Account } from '../../examples/account.js';
import { Directory, HOUR } from '../../examples/directory.js';
import type { Operation } from '../../examples/server.js';
import type { ContactState } from 'contact-key-verification/contacts.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';

const nowMs = Date.now();
const server = await Directory.open(createWasmHasher());
await server.live(nowMs - HOUR, nowMs);
await Account.register(server, server.configuration, 'tel:+15551234567', ['phone', 'laptop'], nowMs);
const { configuration } = server;
const send = (operation: Operation, request: Uint8Array): Promise<Uint8Array> =>
  server.answer(operation, request, { nowMs });
const stored: { log?: Uint8Array; contact?: ContactState; list?: Uint8Array } = {};
// ---
import { reviewContact, TRUST_TEXTS } from 'contact-key-verification/contacts.js';
import { lookUpDevices } from 'contact-key-verification/directory.js';
import { KT_128_SHA256_Ed25519 } from 'contact-key-verification/suites.js';
import { createClient } from 'contact-key-verification/transparency.js';

// The log's configuration ships with the app. What the app remembers of the log is one value in its database.
const client = createClient(configuration, { suite: KT_128_SHA256_Ed25519, state: stored.log });
const lookUp = lookUpDevices(client, { identifier: 'tel:+15551234567', stored: stored.list });
const found = lookUp.review(await send('search', lookUp.request), { nowMs });

// What was heard goes into the review as it is: true, false, or not proven.
const { directory, log } = found;
const bob = reviewContact({ stored: stored.contact, directory, log, nowMs });

// Store in one transaction: found.after in the place of found.before, bob.state, and bob.listToStore where there is one.
console.log(log.kind, '→', TRUST_TEXTS[bob.trust]); // newest → Not verified by you; found in the public log
console.log('encrypt to', bob.devices.length, 'devices, and show', bob.findings.length, 'findings');
