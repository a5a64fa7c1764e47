import {
  deriveFirstPosition,
  deriveNextPosition,
  draftDeviceAddition,
  draftFirstList,
  ed25519,
  generatePrivateKey,
  p256,
  signDeviceEntry,
  signDeviceList,
} from 'contact-key-verification';

// Bob's devices share the account key. Each device has a signing key of its own.
const accountKey = generatePrivateKey(ed25519);
const phoneKey = generatePrivateKey(p256);
const laptopKey = generatePrivateKey(ed25519);
const messagingKeys = new TextEncoder().encode('whatever the messenger encrypts to');

// The first list, made by the phone.
const first = deriveFirstPosition({ identifier: 'tel:+15551234567', accountKey: accountKey.publicKey });
const phone = signDeviceEntry(first, { id: 'phone', messagingKeys }, phoneKey);
const list = signDeviceList(draftFirstList(first, [phone]), [accountKey]);

// Later the laptop signs its entry for the next position, and the phone makes the list that adds it.
const laptop = signDeviceEntry(deriveNextPosition(list), { id: 'laptop', messagingKeys }, laptopKey);
// What earlier lists removed (deriveRemovedKeyIds) is kept for ever: a removed key is never listed again.
const draft = draftDeviceAddition(list, { devices: [laptop], author: 'phone', removedKeyIds: [] });
const next = signDeviceList(draft, [accountKey, phoneKey]);

// Publish both: as list 0 and list 1 of this identifier, if no other device was faster.
console.log(next.sequence, next.devices.length, next.encoded.length);
