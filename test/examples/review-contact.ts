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
  type ContactState,
  describeFinding,
  type DirectoryAnswer,
  reviewContact,
  verifyDeviceList,
} from 'contact-key-verification';

/** What the app keeps of Bob: both parts are stored together, and sent to own devices together. */
interface Stored {
  readonly state: ContactState;
  readonly list: Uint8Array;
}

/** The directory's answer as data; a refusal is an answer too. */
function answer(bytes: Uint8Array, stored?: Stored): DirectoryAnswer {
  try {
    const list = verifyDeviceList(bytes, { identifier: 'tel:+15551234567', stored: stored?.list });
    return { kind: 'list', list };
  } catch (error) {
    return { kind: 'refused', code: (error as { code: string }).code, bytes };
  }
}

const directory = answer(fromDirectory);
const review = reviewContact({ directory, log: { kind: 'none' }, nowMs: Date.now() });

// Keep the list that is in use: what was refused, or not taken into use, replaces nothing.
console.log('store', review.state.list?.sequence, 'and encrypt to', review.devices.length, 'device');
console.log('show', review.trust);
for (const finding of review.findings) {
  const { title, why } = describeFinding(finding);
  console.log(finding.level, title.replace('{name}', 'Bob'), why.replace('{name}', 'Bob'), finding.actions);
}
