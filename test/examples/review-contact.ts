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
  createContact,
  describeFinding,
  type DirectoryAnswer,
  type LogEvidence,
  type Review,
  reviewContact,
  TRUST_TEXTS,
} from 'contact-key-verification/contacts.js';
import { verifyDeviceList } from 'contact-key-verification/keys.js';

const identifier = 'tel:+15551234567';

/** What the app keeps of Bob. It writes both in one transaction, and sends both to own devices. */
interface Stored {
  readonly state: ContactState;
  readonly list: Uint8Array | undefined;
}

/** What the directory handed out, and what the log proved about it. A refusal is an answer too. */
function lookUp(
  stored: Stored,
  bytes: Uint8Array,
  log: LogEvidence,
  nowMs: number,
): Stored & { review: Review } {
  let directory: DirectoryAnswer;
  try {
    const list = verifyDeviceList(bytes, { identifier, stored: stored.list });
    directory = { kind: 'list', list };
  } catch (error) {
    directory = { kind: 'refused', code: (error as { code: string }).code, bytes };
  }
  const review = reviewContact({ stored: stored.state, directory, log, nowMs });
  // The list that is in use: what was refused, or not taken into use, replaces nothing.
  return { state: review.state, list: review.listToStore ?? stored.list, review };
}

const nobody: Stored = {
  state: createContact({ identifier: new TextEncoder().encode(identifier) }),
  list: undefined,
};
const bob = lookUp(nobody, fromDirectory, { kind: 'none' }, Date.now());

console.log('beside his name:', TRUST_TEXTS[bob.review.trust]);
for (const finding of bob.review.findings) {
  const { title, why } = describeFinding(finding);
  console.log(finding.level, title.replaceAll('{name}', 'Bob'), why.replaceAll('{name}', 'Bob'));
}
