import {
  deriveFirstPosition,
  draftFirstList,
  generatePrivateKey,
  signDeviceEntry,
  signDeviceList,
} from 'contact-key-verification/keys.js';
import { ed25519 } from 'contact-key-verification/suites.js';

const accountKey = generatePrivateKey(ed25519);
const first = deriveFirstPosition({ identifier: 'tel:+15551234567', accountKey: accountKey.publicKey });
const phone = { id: 'phone', messagingKeys: Uint8Array.of(1, 2, 3) };
const entry = signDeviceEntry(first, phone, generatePrivateKey(ed25519));
const bobsAccountKey = accountKey.publicKey;
const bobsList = signDeviceList(draftFirstList(first, [entry]), [accountKey]);
// ---
import { comparePublicCode, derivePublicCode } from 'contact-key-verification';

// Bob puts this on his web page.
const code = derivePublicCode(bobsAccountKey); // ckv1q…, 63 characters

// Carol pastes it. 'current': pin the list's account key. 'earlier': the code is old. 'other': warn.
console.log(comparePublicCode(code, bobsList));
