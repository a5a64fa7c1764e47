/** A key through every format, and a chain of two lists. */

import {
  deriveFirstPosition,
  deriveNextPosition,
  draftDeviceAddition,
  draftFirstList,
  encodePrivateKeyDer,
  encodePrivateKeyJwk,
  encodePrivateKeyPem,
  generatePrivateKey,
  parsePrivateKeyDer,
  parsePrivateKeyJwk,
  parsePrivateKeyPem,
  signDeviceEntry,
  signDeviceList,
  verifyDeviceList,
} from 'contact-key-verification/keys.js';
import { ed25519, equalPublicKeys, p256 } from 'contact-key-verification/suites.js';

export function work(): string {
  const account = generatePrivateKey(ed25519);
  const again = [
    parsePrivateKeyDer(encodePrivateKeyDer(account)),
    parsePrivateKeyJwk(encodePrivateKeyJwk(account)),
    parsePrivateKeyPem(encodePrivateKeyPem(account)),
  ];
  const kept = again.filter(({ publicKey }) => equalPublicKeys(publicKey, account.publicKey));

  const identifier = 'mailto:bob@example.com';
  const first = deriveFirstPosition({ identifier, accountKey: account.publicKey });
  const messagingKeys = Uint8Array.of(1, 2, 3);
  const phoneKey = generatePrivateKey(p256);
  const phone = signDeviceEntry(first, { id: 'phone', messagingKeys }, phoneKey);
  const stored = signDeviceList(draftFirstList(first, [phone]), [account]);
  const laptopKey = generatePrivateKey(ed25519);
  const laptop = signDeviceEntry(deriveNextPosition(stored), { id: 'laptop', messagingKeys }, laptopKey);
  const draft = draftDeviceAddition(stored, { devices: [laptop], author: 'phone', removedKeyIds: [] });
  const bytes = signDeviceList(draft, [account, phoneKey]).encoded;

  const list = verifyDeviceList(bytes, { identifier, stored: stored.encoded });
  return `${kept.length} formats, list ${list.sequence} of ${list.devices.length} devices, mark ${list.mark}`;
}
