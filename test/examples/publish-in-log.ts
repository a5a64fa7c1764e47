import { Directory, HOUR } from '../../examples/directory.js';
import type { Operation } from '../../examples/server.js';
import {
  deriveFirstPosition,
  draftFirstList,
  generatePrivateKey,
  signDeviceEntry,
  signDeviceList,
} from 'contact-key-verification/keys.js';
import { ed25519, KT_128_SHA256_Ed25519 as suite } from 'contact-key-verification/suites.js';
import { createClient } from 'contact-key-verification/transparency.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';

const identifier = 'tel:+15551234567';
const accountKey = generatePrivateKey(ed25519);
const first = deriveFirstPosition({ identifier, accountKey: accountKey.publicKey });
const phone = { id: 'phone', messagingKeys: Uint8Array.of(1, 2, 3) };
const entry = signDeviceEntry(first, phone, generatePrivateKey(ed25519));
const list = signDeviceList(draftFirstList(first, [entry]), [accountKey]);

const nowMs = Date.now();
const laterMs = nowMs + HOUR;
const server = await Directory.open(createWasmHasher());
await server.live(nowMs - HOUR, nowMs);
const client = createClient(server.configuration, { suite });
const asker = { caller: identifier, nowMs };
const operations: Record<string, Operation> = { owner: 'ownerMonitor', contact: 'contactMonitor' };
const send = (operation: string, request: Uint8Array): Promise<Uint8Array> =>
  server.answer(operations[operation] ?? (operation as Operation), request, asker);
const sendUpdate = (request: Uint8Array): Promise<readonly Uint8Array[]> => server.update(request, asker);
// ---
import {
  claimIdentifier,
  fetchHeads,
  publishDevices,
  watchIdentifier,
} from 'contact-key-verification/directory.js';

// Once, on each device: it owns the identifier in the log, from the newest head that all users have in common.
const walk = fetchHeads(client);
const { heads, after: walked } = walk.review(await send('distinguished', walk.request), { nowMs });
const start = heads.at(-1)?.position ?? 0;
const claim = claimIdentifier(client.at(walked), { identifier: list.identifier, start });
const { after: claimed } = claim.review(await send('ownerInit', claim.request), { nowMs });

// Compare-and-swap: the log takes a list from a device that knows all lists before it. The review of one's own account
// hears of the list first (own-list-written), or would take it for somebody else's.
const publishing = publishDevices(client.at(claimed), list);
const { outcome, news, after } = publishing.review(await sendUpdate(publishing.request), { nowMs });
// 'outrun': another device was faster. Review the news, draft again on the newest list, publish that.
console.log(outcome, news.length);

// About once in the log's monitoring window: has anybody else published under the identifier?
const owner = client.at(after);
for (const due of owner.dueMonitors(laterMs)) {
  const watch = watchIdentifier(owner, due);
  const { next, log } = watch.review(await send(due.operation, watch.request), { nowMs: laterMs });
  // 'fetch': fetchOwnDevices brings the lists that this device does not know. Review them as one's own account's.
  console.log(due.operation, next, log.kind);
}
