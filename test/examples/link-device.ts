import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { ed25519 } from 'contact-key-verification/suites.js';

const accountKey = generatePrivateKey(ed25519);
const nowMs = 1_750_000_000_000;
const screen: (Uint8Array | string)[] = [];
const show = (shown: Uint8Array | string): unknown => screen.push(shown);
const blobs: Uint8Array[] = [];
const store = (blob: Uint8Array): unknown => blobs.push(blob);
// ---
import {
  createLinkOffer,
  generateRecoveryKey,
  openBackup,
  parseRecoveryKey,
  sealAccountKeyForQr,
  sealBackup,
} from 'contact-key-verification/transfer.js';

// The new laptop shows a QR code. The phone scans it, seals the account key, and sends the message over any relay.
const offer = createLinkOffer({ nowMs });
const payload = offer.revealQr({ nowMs });
show(payload);
const message = await sealAccountKeyForQr(accountKey, payload);

// The laptop opens one message, within ten minutes. Now it signs its entry, and the phone makes the list that adds it.
const onLaptop = await offer.openFromQr(message, { nowMs });
console.log('linked', onLaptop.publicKey.scheme === accountKey.publicKey.scheme);

// For the day when every device is lost: a key to write down, and a blob that any server may keep.
const recoveryKey = generateRecoveryKey();
show(recoveryKey.reveal()); // 7 groups of 4 characters
store(sealBackup(accountKey, recoveryKey));

// That day, on a new device.
const typed = recoveryKey.reveal().toLowerCase();
const restored = openBackup(blobs[0] as Uint8Array, { recoveryKey: parseRecoveryKey(typed) });
console.log('restored', restored.publicKey.key.length);
