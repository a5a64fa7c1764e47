import {
  deriveNextPosition,
  draftReset,
  deriveFirstPosition,
  draftFirstList,
  generatePrivateKey,
  signDeviceEntry,
  signDeviceList,
} from 'contact-key-verification/keys.js';
import { ed25519 } from 'contact-key-verification/suites.js';

const [accountKey, thief] = [generatePrivateKey(ed25519), generatePrivateKey(ed25519)];
const first = deriveFirstPosition({ identifier: 'tel:+15551234567', accountKey: accountKey.publicKey });
const phone = { id: 'phone', messagingKeys: Uint8Array.of(1, 2, 3) };
const entry = signDeviceEntry(first, phone, generatePrivateKey(ed25519));
const list = signDeviceList(draftFirstList(first, [entry]), [accountKey]);
const stolen = signDeviceEntry(deriveNextPosition(list, thief.publicKey), phone, generatePrivateKey(ed25519));
const change = { accountKey: thief.publicKey, devices: [stolen], removedKeyIds: [] };
const fromDirectory = signDeviceList(draftReset(list, change), [thief]).encoded;
const nowMs = Date.now();
// ---
import {
  createContact,
  describeFinding,
  encodeContact,
  parseContact,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { verifyDeviceList } from 'contact-key-verification/keys.js';

// One's own account is a contact too: one for each identifier, those without a list included.
const identifier = 'tel:+15551234567';
const empty = createContact({ identifier: new TextEncoder().encode(identifier), owner: 'own' });

// A device says which list it made, to itself and to the others, before it publishes it.
const { sequence, listId } = list;
const mine = reduceContact(empty, { kind: 'own-list-written', sequence, listId }, { nowMs });
const published = reviewContact({ stored: mine, directory: { kind: 'list', list }, nowMs });
console.log('my devices:', published.devices.length, 'findings:', published.findings.length);

// A new device begins from this, over the channel by which it was linked: from nothing, the list would look foreign.
const linked = parseContact(encodeContact(published.state));
const there = reviewContact({ stored: linked, directory: { kind: 'list', list }, nowMs });
const lost = reviewContact({ stored: empty, directory: { kind: 'list', list }, nowMs });
console.log('a new device:', there.devices.length, 'and from nothing:', lost.trust, lost.devices.length);

// Each of them watches its own entry. Here somebody began the account anew under another key.
const seen = verifyDeviceList(fromDirectory, { identifier, stored: list });
const attacked = reviewContact({ stored: published.state, directory: { kind: 'list', list: seen }, nowMs });
for (const finding of attacked.findings) {
  console.log(finding.level, describeFinding(finding).title.replaceAll('{name}', 'your account'));
}
console.log('copies for my other devices go to', attacked.devices.length);
