/**
 * The whole story in a terminal: `npm run demo`.
 *
 *     --entries N   other people's entries in the log (default 1,000,000)
 *     --json        only the result, as one JSON object
 *     --honest      run every scenario without its attack
 *
 * The exit code is 1 if an attack is not caught, or an honest scenario is refused.
 */

import { parseArgs } from 'node:util';
import { derivePublicCode, parsePublicCode } from 'contact-key-verification/codes.js';
import { generatePrivateKey, type VerifiedDeviceList } from 'contact-key-verification/keys.js';
import { deriveKeyId, ed25519 } from 'contact-key-verification/suites.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { Account } from './account.js';
import { compareCodes } from './code-session.js';
import { Directory } from './directory.js';
import { Phone } from './phone.js';
import { type Scenario, scenarios, type World } from './scenarios.js';
import { createSilence, createTerminal, type Terminal } from './terminal.js';
import { isQuiet, loudestOf, show } from './told.js';

/** Apple said in 2023 that its log grows by more than two billion entries a week. */
const TWO_BILLION_A_WEEK = 2e9 / (7 * 24 * 60 * 60);
const ENTRIES_MAX = 2 ** 24;

/** How a step of the story or an attack came out. */
interface Result {
  readonly name: string;
  readonly code: string;
  readonly expected: string;
  /** Code and level of the loudest finding after an attack, and what it should be. */
  readonly finding?: string;
  readonly told?: string;
}

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '1000000' },
    json: { type: 'boolean', default: false },
    honest: { type: 'boolean', default: false },
  },
});
const entries = Number(values.entries);
if (!Number.isInteger(entries) || entries < 16 || entries > ENTRIES_MAX) {
  throw new RangeError(`--entries must be 16 to ${ENTRIES_MAX}`);
}
const terminal = values.json ? createSilence() : createTerminal();
const steps: Result[] = [];
const done = (name: string, code = 'ok', expected = 'ok'): void => {
  steps.push({ name, code, expected });
};
const asExpected = ({ code, expected, finding, told }: Result): boolean =>
  code === expected && finding === told;

const number = (value: number): string => Math.round(value).toLocaleString('en');

function buildLog(out: Terminal): Directory {
  const hasher = createWasmHasher();
  const directory = Directory.open(hasher);
  out.heading('The log');
  out.say(
    `Every list that people publish goes into one log: a tree of hashes whose root covers all of them. This one gets ${number(entries)} entries of other people first.`,
  );
  const began = performance.now();
  const rate = (count: number): number => (count / (performance.now() - began)) * 1000;
  directory.fill(entries, (count) =>
    out.progress(count, entries, `${number(count)} entries, ${number(rate(count))} a second`),
  );
  const perSecond = rate(entries);
  out.fact('engine', `${hasher.name}, one thread, every node stored`);
  out.fact('throughput', `${number(perSecond)} entries a second`);
  out.fact(
    'compared',
    `${number(perSecond / TWO_BILLION_A_WEEK)} times two billion a week, as Apple’s log grows`,
  );
  done('log-built');
  return directory;
}

function tellStory(out: Terminal, directory: Directory): World {
  const nowMs = Date.now();
  const identifier = 'tel:+15551234567';

  out.heading('Bob’s account');
  const bob = Account.register(directory, identifier, ['phone', 'laptop', 'tablet']);
  out.say(
    'Bob has three devices. They share an account key that never leaves them, and it signs the list of his devices; each device signs its own entry in it.',
  );
  for (const device of bob.list.devices) {
    const scheme = device.signingKey.scheme === ed25519.id ? 'Ed25519' : 'P-256';
    out.fact(new TextDecoder().decode(device.id), `${scheme} signing key, in the list since ${device.since}`);
  }
  out.fact('published', `list ${bob.list.sequence}, ${bob.list.encoded.length} bytes`);
  done('list-published');

  out.heading('Alice looks Bob up');
  const alice = { accountKey: generatePrivateKey(ed25519).publicKey, phone: new Phone(directory.logKey) };
  alice.phone.lookUp(directory, identifier, nowMs);
  out.good('the log signed its head, and Bob’s list is in the tree under it (inclusion)');
  out.good('his account key signed the list, and each of his devices signed its entry');
  directory.fill(1000);
  const met = alice.phone.lookUp(directory, identifier, nowMs);
  out.good('later the log has 1,000 entries more, and still contains the old one (consistency)');
  out.say(
    'Now Alice knows that this list stands in the log, where Bob’s own devices and everybody else can see it. Whether the account key is Bob’s, she does not know yet. Her app shows:',
  );
  show(out, met, 'Bob');
  done('looked-up', met.trust, 'unverified');

  out.heading('They compare codes');
  const seen = alice.phone.contact(identifier).list as VerifiedDeviceList;
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
  const compared = alice.phone.contact(identifier).tell(same, nowMs);
  out.good('Alice says “the same”: her app remembers exactly the key that the session was about');
  show(out, compared, 'Bob');
  done('codes-compared', compared.trust, 'verified');

  out.heading('Bob publishes a code, and Carol checks it');
  const carol = { phone: new Phone(directory.logKey) };
  const publicCode = derivePublicCode(bob.accountKey);
  out.fact('on Bob’s web page', publicCode);
  carol.phone.lookUp(directory, identifier, nowMs);
  const pasted = { kind: 'public-code-saved', keyId: parsePublicCode(publicCode) } as const;
  const checked = carol.phone.contact(identifier).tell(pasted, nowMs);
  out.good('Carol pastes it, and her app compares it with the list that it was given');
  show(out, checked, 'Bob');
  done('public-code-checked', checked.trust, 'verified');

  out.heading('Bob loses his phone');
  bob.loseDevice(directory, 'phone', 'laptop');
  out.say(
    'Whoever finds it holds the account key. So Bob’s laptop removes it and changes the account key; the old key signs the new one, and the laptop signs the list. Alice’s app follows that, and the mark stays:',
  );
  const after = alice.phone.lookUp(directory, identifier, nowMs);
  show(out, after, 'Bob');
  done('account-key-succeeded', after.trust, 'verified');

  // Both have read it, so what follows stands alone.
  alice.phone.contact(identifier).see(after, nowMs);
  carol.phone.contact(identifier).see(carol.phone.lookUp(directory, identifier, nowMs), nowMs);
  return { directory, alice, bob, carol, nowMs };
}

/** The code of a finding that is written with its level. */
const codeIn = (finding: string): string => finding.split(' ')[0] as string;

function face(out: Terminal, world: World, scenario: Scenario, attacked: boolean): Result {
  out.heading(attacked ? scenario.title : `${scenario.title}: without the attack`);
  if (attacked) out.say(scenario.story);
  const { review, evidence } = scenario.run(world, attacked);
  for (const [name, value] of evidence) out.fact(name, value);
  const { refusal } = review;
  const finding = loudestOf(review);
  if (attacked) {
    const { name, told, refusedBy, meaning } = scenario;
    const result = {
      name,
      code: refusal ?? codeIn(finding),
      expected: refusedBy ?? codeIn(told),
      finding,
      told,
    };
    if (asExpected(result)) out.good(`caught${refusal === undefined ? '' : ` (${refusal})`}: ${meaning}`);
    else out.bad(`expected ${result.expected} and ${told}, got ${result.code} and ${finding}`);
    out.say('The app says:');
    show(out, review, 'Bob');
    return result;
  }
  const code = refusal === undefined && isQuiet(review) ? 'accepted' : (refusal ?? codeIn(finding));
  const result = { name: scenario.name, code, expected: 'accepted' };
  if (asExpected(result)) out.good('accepted');
  else out.bad(`expected accepted, got ${code}`);
  return result;
}

terminal.say(
  'Contact key verification: is the key that the directory gives me for Bob really Bob’s? Everything below is computed by this library, as you watch.',
);
const directory = buildLog(terminal);
const world = tellStory(terminal, directory);
const attacks = scenarios.map((scenario) => face(terminal, world, scenario, !values.honest));
const ok = [...steps, ...attacks].every(asExpected);

if (values.json) {
  process.stdout.write(`${JSON.stringify({ ok, entries, steps, attacks }, null, 2)}\n`);
} else {
  terminal.heading('In the end');
  const right = attacks.filter(asExpected).length;
  if (values.honest) terminal.say(`${right} of ${attacks.length} honest scenarios were accepted.`);
  else terminal.say(`${right} of ${attacks.length} attacks were caught.`);
  terminal.say(
    'A plain log cannot prove that a list is the newest one. Bob’s own devices must watch his entry, and phones must compare heads, for that to hold.',
  );
}
process.exitCode = ok ? 0 : 1;
