/**
 * The whole story in a terminal: `npm run demo`.
 *
 *     --entries N   entries of the tree that shows the engine (default 1,000,000)
 *     --labels N    other people's identifiers in the log (default 2,000)
 *     --json        only the result, as one JSON object
 *     --honest      run every scenario without its attack
 *
 * The exit code is 1 if an attack is not caught, or an honest scenario is refused.
 */

import { parseArgs } from 'node:util';
import type { TreeHasher } from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { Directory, HOUR } from './directory.js';
import { showEngine } from './engine.js';
import type { Scenario, World } from './scenario.js';
import { scenarios } from './scenarios.js';
import { tellStory } from './story.js';
import { createSilence, createTerminal, type Terminal } from './terminal.js';
import { isQuiet, loudestOf, show } from './told.js';

const ENTRIES_MAX = 2 ** 24;
const LABELS_MAX = 1e6;
/** For how long the log has been there when the story begins. */
const FILLED_FOR = 12 * HOUR;

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
    labels: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
    honest: { type: 'boolean', default: false },
  },
});
function countOf(name: 'entries' | 'labels', max: number): number {
  const count = Number(values[name]);
  if (!Number.isInteger(count) || count < 16 || count > max) {
    throw new RangeError(`--${name} must be 16 to ${max}`);
  }
  return count;
}
const entries = countOf('entries', ENTRIES_MAX);
const labels = countOf('labels', LABELS_MAX);
const terminal = values.json ? createSilence() : createTerminal();
const steps: Result[] = [];
const done = (name: string, code = 'ok', expected = 'ok'): void => {
  steps.push({ name, code, expected });
};
const asExpected = ({ code, expected, finding, told }: Result): boolean =>
  code === expected && finding === told;

const number = (value: number): string => Math.round(value).toLocaleString('en');

/** The log, with other people in it: they published in the hours before the story begins. */
async function fillLog(out: Terminal, hasher: TreeHasher, beganMs: number): Promise<Directory> {
  out.heading('The log');
  out.say(
    `Device lists are kept in a log by the IETF’s key transparency protocol: under each phone number its lists, so that the log can prove which one is the newest, and cannot show different people different ones for long. Each number is hidden by a keyed hash that only the log can compute, and everybody can check (a VRF), so entries cost more than hashes. This one gets ${number(labels)} other people’s numbers first.`,
  );
  const directory = await Directory.open(hasher);
  const began = performance.now();
  const time = { fromMs: beganMs - FILLED_FOR, toMs: beganMs };
  const rate = (count: number): string => number((count / (performance.now() - began)) * 1000);
  const progress = (count: number): void =>
    out.progress(count, labels, `${number(count)} numbers, ${rate(count)} a second`);
  await directory.fill(labels, time, { progress });
  out.fact('throughput', `${rate(labels)} numbers a second, in ${number(directory.treeSize)} log entries`);
  done('log-built');
  return directory;
}

/** The code of a finding that is written with its level. */
const codeIn = (finding: string): string => finding.split(' ')[0] as string;

async function face(out: Terminal, world: World, scenario: Scenario, attacked: boolean): Promise<Result> {
  out.heading(attacked ? scenario.title : `${scenario.title}: without the attack`);
  if (attacked) out.say(scenario.story);
  const { review, evidence } = await scenario.run(world, attacked);
  for (const [name, value] of evidence) out.fact(name, value);
  const { refusal } = review;
  const finding = loudestOf(review);
  if (attacked) {
    const { name, told, refusedBy, meaning, app = 'Alice’s app', isOwn } = scenario;
    const result = {
      name,
      code: refusal ?? codeIn(finding),
      expected: refusedBy ?? codeIn(told),
      finding,
      told,
    };
    if (asExpected(result)) out.good(`caught${refusal === undefined ? '' : ` (${refusal})`}: ${meaning}`);
    else out.bad(`expected ${result.expected} and ${told}, got ${result.code} and ${finding}`);
    out.say(`${app} says:`);
    show(out, review, { name: 'Bob', isOwn });
    return result;
  }
  const code = refusal === undefined && isQuiet(review) ? 'accepted' : (refusal ?? codeIn(finding));
  const result = { name: scenario.name, code, expected: 'accepted' };
  if (asExpected(result)) out.good('accepted');
  else out.bad(`expected accepted, got ${code}`);
  return result;
}

terminal.say(
  'Contact key verification: is the key that the directory gives me for Bob really Bob’s? Everything below is computed by this library, as you watch. Only the clock is played: hours pass in a moment.',
);
const beganMs = Date.now();
const hasher = createWasmHasher();
showEngine(terminal, hasher, entries);
done('tree-hashed');
const directory = await fillLog(terminal, hasher, beganMs);
const world = await tellStory(terminal, directory, beganMs, done);
const attacks: Result[] = [];
for (const scenario of scenarios) attacks.push(await face(terminal, world, scenario, !values.honest));
const ok = [...steps, ...attacks].every(asExpected);

if (values.json) {
  process.stdout.write(`${JSON.stringify({ ok, entries, labels, steps, attacks }, null, 2)}\n`);
} else {
  terminal.heading('In the end');
  const right = attacks.filter(asExpected).length;
  if (values.honest) terminal.say(`${right} of ${attacks.length} honest scenarios were accepted.`);
  else terminal.say(`${right} of ${attacks.length} attacks were caught.`);
  terminal.say(
    'What the log proves it proves to people whose apps do their part: look up before sending, watch their own number about once an hour, and now and then send each other the heads that they have seen. Who Bob is, no log knows: that is what codes are for.',
  );
}
process.exitCode = ok ? 0 : 1;
