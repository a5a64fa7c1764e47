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
const fromDirectory = signDeviceList(draftFirstList(first, [entry]), [accountKey]).encoded;
// ---
import {
  PolicyError,
  type VerifiedDeviceList,
  VerificationError,
  verifyDeviceList,
} from 'contact-key-verification';

/** What Alice's app does with what the directory says of Bob; `stored` is what it accepted last time. */
function accept(bytes: Uint8Array, stored?: Uint8Array): VerifiedDeviceList | undefined {
  try {
    const list = verifyDeviceList(bytes, { identifier: 'tel:+15551234567', stored });
    if (list.mark === 'fallen') console.log('drop the verified mark, and say why');
    return list; // store list.encoded; encrypt to list.devices and to nothing else
  } catch (error) {
    if (error instanceof VerificationError) console.log('false: warn, and keep what was stored', error.code);
    else if (error instanceof PolicyError) console.log('true, and not to be used now', error.code);
    else throw error;
    return undefined;
  }
}

console.log(accept(fromDirectory)?.devices.length);
