import {
  deriveFirstPosition,
  draftFirstList,
  generatePrivateKey,
  signDeviceEntry,
  signDeviceList,
} from 'contact-key-verification/keys.js';
import { createContact, reviewContact } from 'contact-key-verification/contacts.js';
import { ed25519, KT_128_SHA256_Ed25519 as suite } from 'contact-key-verification/suites.js';
import { configuration, server, stop } from './serve-log.js';

const { port } = server.address() as { port: number };
const log = `http://127.0.0.1:${port}`;
const identifier = 'tel:+15551234567';
const accountKey = generatePrivateKey(ed25519);
const first = deriveFirstPosition({ identifier, accountKey: accountKey.publicKey });
const phone = { id: 'phone', messagingKeys: Uint8Array.of(1, 2, 3) };
const entry = signDeviceEntry(first, phone, generatePrivateKey(ed25519));
const list = signDeviceList(draftFirstList(first, [entry]), [accountKey]);
const contact = createContact({ identifier: new TextEncoder().encode(identifier) });
// ---
import { parseBase64Url } from 'contact-key-verification/bytes.js';
import { claimIdentifier, lookUpDevices, publishDevices } from 'contact-key-verification/directory.js';
import { createClient } from 'contact-key-verification/transparency.js';

/** Anything but 200 is no answer: it proves nothing. */
async function ask(path: string, token: string, request: Uint8Array): Promise<Uint8Array> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
  const response = await fetch(log + path, { method: 'POST', headers, body: Buffer.from(request) });
  if (!response.ok) throw new Error(`the log says ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

const split = (body: Uint8Array): Uint8Array[] =>
  new TextDecoder().decode(body).split('\n').map(parseBase64Url);

// Bob's phone claims his identifier at the newest head that all users have in common, and publishes.
const now = (): { nowMs: number } => ({ nowMs: Date.now() });
const nobody = createClient(configuration, { suite });
const walk = nobody.distinguishedHeads();
const { heads, after } = walk.verify(await ask('/distinguished', 'token of bob', walk.request), now());
const claim = claimIdentifier(nobody.at(after), { identifier, start: heads.at(-1)?.position ?? 0 });
const claimed = claim.review(await ask('/owner-init', 'token of bob', claim.request), now());
const publishing = publishDevices(nobody.at(claimed.after), list);
const bob = publishing.review(split(await ask('/update', 'token of bob', publishing.request)), now());

// Alice looks him up. Both store `after` where `before` is stored.
const lookUp = lookUpDevices(createClient(configuration, { suite }), { identifier });
const found = lookUp.review(await ask('/search', 'token of alice', lookUp.request), now());
const { devices } = reviewContact({ stored: contact, directory: found.directory, log: found.log, ...now() });
console.log(bob.outcome, found.log.kind, 'devices:', devices.length);
await stop();
