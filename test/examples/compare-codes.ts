import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { ed25519 } from 'contact-key-verification/suites.js';

const alice = generatePrivateKey(ed25519).publicKey;
const bob = generatePrivateKey(ed25519).publicKey;
// ---
import { createSasSession } from 'contact-key-verification';

const nowMs = Date.now();

// Alice taps "compare codes". Her app goes by the account key of the list it accepted for Bob.
const hers = createSasSession({
  purpose: 'contact',
  role: 'initiator',
  own: alice,
  peer: bob,
  attempts: [], // the start times of earlier sessions with Bob: store hers.attempts at once
  nowMs,
});
const start = hers.messageToSend({ nowMs }) as Uint8Array;

// Bob's phone shows that Alice wants to compare codes. He taps, and only then it answers.
const his = createSasSession({
  purpose: 'contact',
  role: 'responder',
  own: bob,
  peer: alice,
  attempts: [],
  nowMs,
});
const reply = his.receive(start, { nowMs }).send as Uint8Array;
const reveal = hers.receive(reply, { nowMs }).send as Uint8Array;
his.receive(reveal, { nowMs });

// They read the codes to each other, over a channel that nobody fakes.
console.log(hers.readCode({ nowMs }).display, his.readCode({ nowMs }).display);

// Alice says "same". That pins exactly the key that the code was about.
const outcome = hers.answer('same', { nowMs });
if (outcome.outcome === 'same') console.log('verified', outcome.pinned);
