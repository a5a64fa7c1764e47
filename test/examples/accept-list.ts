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
import { type PublicKey, type VerifiedDeviceList, verifyDeviceList } from 'contact-key-verification';

/**
 * What Alice's app does with what the directory says of Bob. `stored` is the list it accepted last time, `pinned` the
 * account key that Alice verified.
 */
function accept(bytes: Uint8Array, stored?: Uint8Array, pinned?: PublicKey): VerifiedDeviceList | undefined {
  try {
    const list = verifyDeviceList(bytes, { identifier: 'tel:+15551234567', stored, accountKey: pinned });
    if (list.mark === 'fallen') console.log('drop the verified mark, and say why');
    if (!list.verification) console.log('show no mark: Bob turned verification off');
    if (list.continuity.kind === 'next' && !list.continuity.authored)
      console.log('warn: the account key alone changed the devices; none of them did');
    return list; // store list.encoded; encrypt to list.devices and to nothing else
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === undefined) throw error;
    if (code === 'ERR_LIST_GAP') console.log('fetch the lists between, and verify them in order');
    else if (code === 'ERR_VERSION' || code === 'ERR_SCHEME') console.log('the app is too old for this list');
    else console.log('warn, and keep what was stored', code);
    return undefined;
  }
}

console.log(accept(fromDirectory)?.devices.length);
