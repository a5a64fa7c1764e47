import {
  deriveFirstPosition,
  draftFirstList,
  generatePrivateKey,
  signDeviceEntry,
  signDeviceList,
} from 'contact-key-verification/keys.js';
import { reviewContact as review } from 'contact-key-verification/contacts.js';
import { ed25519 } from 'contact-key-verification/suites.js';

const accountKey = generatePrivateKey(ed25519);
const first = deriveFirstPosition({ identifier: 'tel:+15551234567', accountKey: accountKey.publicKey });
const phone = { id: 'phone', messagingKeys: Uint8Array.of(1, 2, 3) };
const entry = signDeviceEntry(first, phone, generatePrivateKey(ed25519));
const list = signDeviceList(draftFirstList(first, [entry]), [accountKey]);
const pinned = accountKey.publicKey;
const nowMs = Date.now();
const onPhone = review({ directory: { kind: 'list', list }, nowMs }).state;
const fromLaptop = onPhone;
// ---
import {
  encodeContact,
  mergeContacts,
  parseContact,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { deriveKeyId } from 'contact-key-verification/suites.js';

// Alice said "same", and her session returned the key that it pinned.
const verified = reduceContact(onPhone, { kind: 'code-same', keyId: deriveKeyId(pinned) }, { nowMs });
console.log(reviewContact({ stored: verified, nowMs }).trust);

// Her laptop learns it, over a channel that authenticates her own devices. The list's bytes travel along.
const received = parseContact(encodeContact(verified));
const merged = mergeContacts(fromLaptop, received);
console.log(reviewContact({ stored: merged, nowMs }).trust);

// She has read a finding: what has happened is put away, and comes back if it happens again.
const later = reduceContact(merged, { kind: 'false-reveal' }, { nowMs });
const [alarm] = reviewContact({ stored: later, nowMs }).findings;
const read = reduceContact(later, { kind: 'finding-seen', id: alarm?.id ?? '' }, { nowMs });
console.log(alarm?.code, 'and then', reviewContact({ stored: read, nowMs }).findings.length);
