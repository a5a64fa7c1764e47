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
const signingKey = generatePrivateKey(ed25519);
const entry = signDeviceEntry(first, phone, signingKey);
const list = signDeviceList(draftFirstList(first, [entry]), [accountKey]);
const nowMs = Date.now();
const stored = review({ directory: { kind: 'list', list }, nowMs }).state;
const sender = { signingKey: generatePrivateKey(ed25519).publicKey };
// ---
import { reduceContact, reviewContact } from 'contact-key-verification/contacts.js';
import { equalPublicKeys } from 'contact-key-verification/suites.js';

// Before every message: what the stored state means now. Nothing else says who can read it.
const { devices, trust } = reviewContact({ stored, nowMs });
if (devices.length === 0) console.log('nothing is sent: show the findings, and let the user decide');
for (const { messagingKeys } of devices) console.log('encrypt to', messagingKeys);

// A message came. Its session has a device: one that is listed, or one to look up first, for it may be new.
const isListed = devices.some((device) => equalPublicKeys(device.signingKey, sender.signingKey));
if (!isListed) {
  // It is still unlisted after the look-up: show nothing of the message, and let the review say what that is.
  const state = reduceContact(stored, { kind: 'message-received', device: sender }, { nowMs });
  const { findings } = reviewContact({ stored: state, nowMs });
  console.log(trust, 'and then', findings[0]?.code, findings[0]?.subject.device?.signingKey);
}
