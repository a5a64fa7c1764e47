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
import { comparePublicCode, derivePublicCode } from 'contact-key-verification/codes.js';
import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { ed25519 } from 'contact-key-verification/suites.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { Account } from './account.js';
import { compareCodes } from './code-session.js';
import { Directory } from './directory.js';
import { Phone } from './phone.js';
import { type Scenario, scenarios, type World } from './scenarios.js';
import { createSilence, createTerminal, type Terminal } from './terminal.js';
import { tell } from './told.js';

/** Apple said in 2023 that its log grows by more than two billion entries a week. */
const TWO_BILLION_A_WEEK = 2e9 / (7 * 24 * 60 * 60);
const ENTRIES_MAX = 2 ** 24;

/** How a step of the story or an attack came out. */
interface Result {
  readonly name: string;
  readonly code: string;
  readonly expected: string;
  /** Code and level of the finding that the user is told of, after an attack. */
  readonly finding?: string;
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
const asExpected = ({ code, expected }: Result): boolean => code === expected;

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
  const seen = alice.phone.lookUp(directory, identifier);
  out.good('the log signed its head, and Bob’s list is in the tree under it (inclusion)');
  out.good('his account key signed the list, and each of his devices signed its entry');
  directory.fill(1000);
  alice.phone.lookUp(directory, identifier);
  out.good('later the log has 1,000 entries more, and still contains the old one (consistency)');
  out.say(
    'Now Alice knows that this list stands in the log, where Bob’s own devices and everybody else can see it. Whether the account key is Bob’s, she does not know yet.',
  );
  done('looked-up');

  out.heading('They compare codes');
  const codes = compareCodes(
    { own: alice.accountKey, peer: seen.accountKey },
    { own: bob.accountKey, peer: alice.accountKey },
    nowMs,
  );
  out.say('Both phones run a short session and show 8 digits. Alice and Bob read them to each other.');
  out.fact('Alice’s phone', codes.initiator);
  out.fact('Bob’s phone', codes.responder);
  if (codes.pinned !== undefined) {
    alice.phone.pin(identifier, codes.pinned);
    out.good('the same: Alice’s phone pins exactly the key that the session was about');
  }
  done('codes-compared', codes.pinned === undefined ? 'codes-differ' : 'ok');

  out.heading('Bob publishes a code, and Carol checks it');
  const carol = { phone: new Phone(directory.logKey) };
  const publicCode = derivePublicCode(bob.accountKey);
  const match = comparePublicCode(publicCode, carol.phone.lookUp(directory, identifier));
  out.fact('on Bob’s web page', publicCode);
  out.good(`Carol’s app compares it with his list: ${match}`);
  done('public-code-checked', match, 'current');

  out.heading('Bob loses his phone');
  bob.loseDevice(directory, 'phone', 'laptop');
  out.say(
    'Whoever finds it holds the account key. So Bob’s laptop removes it and changes the account key; the old key signs the new one, and the laptop signs the list.',
  );
  const after = alice.phone.lookUp(directory, identifier);
  carol.phone.lookUp(directory, identifier);
  out.good(`Alice’s phone follows the chain: ${after.devices.length} devices, and the mark ${after.mark}`);
  out.good(`Carol’s app finds that the published code is now ${comparePublicCode(publicCode, after)}`);
  done('account-key-succeeded', after.mark, 'moved');

  return { directory, alice, bob, carol, nowMs };
}

function face(out: Terminal, world: World, scenario: Scenario, attacked: boolean): Result {
  out.heading(attacked ? scenario.title : `${scenario.title}: without the attack`);
  if (attacked) out.say(scenario.story);
  const { code, evidence, event } = scenario.run(world, attacked);
  for (const [name, value] of evidence) out.fact(name, value);
  const expected = attacked ? scenario.caughtBy : 'accepted';
  const result = { name: scenario.name, code, expected };
  if (!asExpected(result)) out.bad(`expected ${expected}, got ${code}`);
  else if (attacked) out.good(`caught: ${code}. ${scenario.meaning}`);
  else out.good('accepted');
  if (!attacked || !asExpected(result)) return result;

  const { compared } = scenario;
  const proof = evidence.flat().join('\n');
  const told = tell(
    { list: world.bob.list, compared, code, event, evidence: proof, nowMs: world.nowMs },
    'Bob',
  );
  out.say(`The app says (${told.finding}): “${told.title} ${told.why}”`);
  out.fact('afterwards', `Bob is ${told.trust}, and the app encrypts to ${told.devices} of his devices`);
  return { ...result, finding: told.finding };
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
