/** The story before the attacks: how Alice, Bob and Carol come to know each other's keys, while nobody lies. */

import { derivePublicCode, parsePublicCode } from 'contact-key-verification/codes.js';
import type { Review } from 'contact-key-verification/contacts.js';
import { generatePrivateKey, type VerifiedDeviceList } from 'contact-key-verification/keys.js';
import { deriveKeyId, ed25519 } from 'contact-key-verification/suites.js';
import { Account } from './account.js';
import { compareCodes } from './code-session.js';
import { DAY, type Directory, HOUR } from './directory.js';
import { Phone } from './phone.js';
import type { World } from './scenario.js';
import type { Terminal } from './terminal.js';
import { show } from './told.js';

/** Tells the name of a step, and what came of it, beside what should have. */
export type Done = (name: string, code?: string, expected?: string) => void;

const BOB = { name: 'Bob' };
const IDENTIFIER = 'tel:+15551234567';

/**
 * Tells it.
 * @param beganMs when it begins; hours pass in it, at no time
 */
export async function tellStory(
  out: Terminal,
  directory: Directory,
  beganMs: number,
  done: Done,
): Promise<World> {
  const { configuration } = directory;
  let nowMs = beganMs;
  /** Everybody lives on. */
  const pass = async (ms: number): Promise<void> => {
    await directory.live(nowMs, nowMs + ms);
    nowMs += ms;
  };

  out.heading('Bob’s account');
  const devices = ['phone', 'laptop', 'tablet'];
  const bob = await Account.register(directory, configuration, IDENTIFIER, devices, nowMs);
  out.say(
    'Bob has three devices. They share an account key that never leaves them, and it signs the list of his devices; each device signs its own entry in it. The log shows his devices that it holds this list, and no other under his number.',
  );
  for (const device of bob.list.devices) {
    const scheme = device.signingKey.scheme === ed25519.id ? 'Ed25519' : 'P-256';
    out.fact(new TextDecoder().decode(device.id), `${scheme} signing key, in the list since ${device.since}`);
  }
  out.fact('published', `list ${bob.list.sequence}, ${bob.list.encoded.length} bytes`);
  done('list-published');

  out.heading('Alice looks Bob up');
  const alice = { accountKey: generatePrivateKey(ed25519).publicKey, phone: Phone.fresh(configuration) };
  const met = await alice.phone.lookUp(directory, IDENTIFIER, nowMs);
  out.good('the log signed its head, and under it this list is the newest of Bob’s number');
  out.good('his account key signed the list, and each of his devices signed its entry');
  out.say(
    'Now Alice knows that everybody who sees this log is shown this list, and that Bob’s own devices see it too: if it were not theirs, they would notice. Whether the account key is Bob’s, she does not know yet. Her app shows:',
  );
  show(out, met, BOB);
  done('looked-up', met.trust, 'consistent');

  await pass(2 * HOUR);
  await alice.phone.watch(directory, nowMs);
  const quiet = await bob.watch(directory, nowMs);
  out.good(
    'two hours and some log entries later the list is still there: Bob’s devices have looked, and Alice’s phone need not ask again',
  );
  const isOver = quiet.findings.length === 0 && alice.phone.dueAt(nowMs + DAY) === 0;
  done('watched', isOver ? 'quiet' : 'told', 'quiet');

  out.heading('They compare codes');
  const seen = alice.phone.contact(IDENTIFIER).list as VerifiedDeviceList;
  const codes = compareCodes(
    { own: alice.accountKey, peer: seen.accountKey },
    { own: bob.accountKey, peer: alice.accountKey },
    nowMs,
  );
  out.say('Both phones run a short session and show 8 digits. Alice and Bob read them to each other.');
  out.fact('Alice’s phone', codes.initiator);
  out.fact('Bob’s phone', codes.responder);
  if (codes.pinned === undefined) throw new Error('an honest session ends with the same digits');
  const same = { kind: 'code-same', keyId: deriveKeyId(codes.pinned) } as const;
  const compared = alice.phone.contact(IDENTIFIER).tell(same, nowMs);
  out.good('Alice says “the same”: her app remembers exactly the key that the session was about');
  show(out, compared, BOB);
  done('codes-compared', compared.trust, 'verified');

  out.heading('Bob publishes a code, and Carol checks it');
  const carol = { phone: Phone.fresh(configuration) };
  const publicCode = derivePublicCode(bob.accountKey);
  out.fact('on Bob’s web page', publicCode);
  await carol.phone.lookUp(directory, IDENTIFIER, nowMs);
  const pasted = { kind: 'public-code-saved', keyId: parsePublicCode(publicCode) } as const;
  const checked = carol.phone.contact(IDENTIFIER).tell(pasted, nowMs);
  out.good('Carol pastes it, and her app compares it with the list that it was given');
  show(out, checked, BOB);
  done('public-code-checked', checked.trust, 'verified');

  out.heading('Bob loses his phone');
  await pass(HOUR);
  await bob.addDevice(directory, 'new phone', 'laptop', nowMs);
  await pass(HOUR);
  const before = await directory.fork();
  await bob.loseDevice(directory, 'phone', 'laptop', nowMs);
  out.say(
    'He gets a new one, and his laptop adds it. But whoever finds the old one holds the account key. So the laptop removes it and changes the account key; the old key signs the new one, and the laptop signs the list. Alice’s app follows both lists, one after the other, and the mark stays:',
  );
  const after = await alice.phone.lookUp(directory, IDENTIFIER, nowMs);
  show(out, after, BOB);
  done('account-key-succeeded', after.trust, 'verified');

  // Both have read it, so what follows stands alone.
  const read = (phone: Phone, review: Review): Review => phone.contact(IDENTIFIER).see(review, nowMs);
  read(alice.phone, after);
  read(carol.phone, await carol.phone.lookUp(directory, IDENTIFIER, nowMs));
  bob.see(nowMs);
  return { directory, before, alice, bob, carol, nowMs };
}
