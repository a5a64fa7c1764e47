import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { ed25519 } from 'contact-key-verification/suites.js';
import { firstList, makeDevice } from '../support/accounts.js';

const key = generatePrivateKey(ed25519);
const bobsAccountKey = key.publicKey;
const bobsList = firstList(key, [makeDevice('phone')]);
// ---
import { comparePublicCode, derivePublicCode } from 'contact-key-verification';

// Bob puts this on his web page.
const code = derivePublicCode(bobsAccountKey); // ckv1q…, 63 characters

// Carol pastes it. 'current': pin the list's account key. 'earlier': the code is old. 'other': warn.
console.log(comparePublicCode(code, bobsList));
