import { createSasSession, type SasSession } from 'contact-key-verification/codes.js';
import {
  deriveNextPosition,
  draftAccountKeyChange,
  draftFirstList,
  deriveFirstPosition,
  generatePrivateKey,
  signDeviceEntry,
  signDeviceList,
} from 'contact-key-verification/keys.js';
import { ed25519 } from 'contact-key-verification/suites.js';

const nowMs = 1_750_000_000_000;
const accountKey = generatePrivateKey(ed25519);
const nextAccountKey = generatePrivateKey(ed25519);
const [phoneKey, laptopKey] = [generatePrivateKey(ed25519), generatePrivateKey(ed25519)];
const messagingKeys = new Uint8Array(32);
const first = deriveFirstPosition({ identifier: 'tel:+15551234567', accountKey: accountKey.publicKey });
const before = signDeviceList(
  draftFirstList(first, [
    signDeviceEntry(first, { id: 'phone', messagingKeys }, phoneKey),
    signDeviceEntry(first, { id: 'laptop', messagingKeys }, laptopKey),
  ]),
  [accountKey],
);
const draft = draftAccountKeyChange(before, {
  author: 'phone',
  nextAccountKey: nextAccountKey.publicKey,
  devices: [
    signDeviceEntry(
      deriveNextPosition(before, nextAccountKey.publicKey),
      { id: 'phone', messagingKeys },
      phoneKey,
    ),
  ],
});
const list = signDeviceList(draft, [accountKey, nextAccountKey, phoneKey]);

/** The three messages of a code session, over the relay. */
function exchange(
  initiator: SasSession<never> | SasSession,
  responder: SasSession<never> | SasSession,
): void {
  const start = initiator.messageToSend({ nowMs }) as Uint8Array;
  const reply = responder.receive(start, { nowMs }).send as Uint8Array;
  responder.receive(initiator.receive(reply, { nowMs }).send as Uint8Array, { nowMs });
}
// ---
import {
  createLinkOffer,
  sealAccountKeyForListed,
  sealAccountKeyForSession,
} from 'contact-key-verification/transfer.js';

// The new device sends its offer, the old one the public account key. Each begins a session by a tap of its user, about
// what it has itself and what arrived.
const offer = createLinkOffer({ nowMs });
const common = { purpose: 'linking', attempts: [], nowMs } as const;
const onNew = createSasSession({
  ...common,
  role: 'initiator',
  own: offer.encoded,
  peer: accountKey.publicKey,
});
const onOld = createSasSession({
  ...common,
  role: 'responder',
  own: accountKey.publicKey,
  peer: offer.encoded,
});
exchange(onNew, onOld);
console.log(onNew.readCode({ nowMs }).display === onOld.readCode({ nowMs }).display);

// The user compares the digits, and says "same" on both. Only that lets the old device seal, and the new one open.
const [saidOnNew, saidOnOld] = [onNew.answer('same', { nowMs }), onOld.answer('same', { nowMs })];
const message = await sealAccountKeyForSession(accountKey, saidOnOld, { nowMs });
const linked = await offer.openFromSession(message, { confirmed: saidOnNew, nowMs });
console.log('linked', linked.publicKey.key.length);

// The account key has changed. A device that is still in the list asks the others for the new one, without the user.
const asking = createLinkOffer({ nowMs });
const signedOffer = await asking.sign({ device: 'laptop', signer: laptopKey, nowMs });
const answer = await sealAccountKeyForListed(nextAccountKey, signedOffer, { list });
const next = await asking.openFromListed(answer, { accountKey: accountKey.publicKey, list, nowMs });
console.log('the next account key', next.publicKey.key.length);
