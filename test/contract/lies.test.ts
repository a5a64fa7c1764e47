/**
 * The page of lies is made from the table that the tests run over: `npx vitest run test/contract/lies.test.ts -u` writes
 * it again.
 */

import { expect, test } from 'vitest';
import { LIES } from '../unit/lies/all.js';
import type { NamedLie } from '../unit/lies/telling.js';

/** What catches a lie, and how it says so. */
function outcomeOf({ caughtBy, code }: NamedLie): string {
  return code === undefined ? `\`${caughtBy}\`: the heads differ` : `\`${caughtBy}\`: \`${code}\``;
}

const rowOf = (lie: NamedLie): string => {
  const before = (lie.overlookedBy ?? []).map((operation) => `\`${operation}\``).join(', ');
  return `| ${lie.name} | ${outcomeOf(lie)} | ${before === '' ? '–' : before} | ${lie.section}: ${lie.breaks} |`;
};

/** How many lies each operation catches. */
function counts(): string[] {
  const caught = new Map<string, number>();
  for (const { caughtBy } of LIES.flatMap(([, lies]) => lies)) {
    caught.set(caughtBy, (caught.get(caughtBy) ?? 0) + 1);
  }
  return [...caught].map(([operation, count]) => `| \`${operation}\` | ${count} |`);
}

function pageOfLies(): string {
  const all = LIES.flatMap(([, lies]) => lies);
  const later = all.filter(({ overlookedBy }) => overlookedBy !== undefined).length;
  return [
    '# A log that lies',
    '',
    'What the operator of a key transparency log can do to its users, and where they find it out. In each of these the',
    'operator signs what it says with the keys of the log, and auditors, managers and service operators that lie along',
    'sign as well; what is false is the log, or the view of it that somebody is answered from. This page is made from the',
    'table that the tests run over, with both cipher suites: each story is told honestly, and accepted; then with the lie',
    'in it, and refused, by the operation and with the code that stand here. A refused answer changes nothing that the',
    'client keeps.',
    '',
    `There are ${all.length} lies. In ${later} of them some operation faces the lie and has to accept it, because what it is shown`,
    'is consistent in itself. These operations stand under “not seen by”; where one stands on both sides, it is that of',
    'another user, who has seen less, or of an earlier moment. They are why a messenger must run the later ones, too: ask',
    '`dueMonitors` after each operation and at times, run `monitor` and `monitorOwned` when they are due, and',
    '`compareDistinguishedHeads` with heads that did not come through the log.',
    '',
    ...LIES.flatMap(([about, lies]) => [
      `## ${about}`,
      '',
      '| the lie | found out by | not seen by | what the draft makes users check |',
      '| --- | --- | --- | --- |',
      ...lies.map(rowOf),
      '',
    ]),
    '## Who finds out',
    '',
    '| operation | lies |',
    '| --- | --- |',
    ...counts(),
    '',
    '## What nobody finds out',
    '',
    '- A log may be late by as much as its configuration allows, and show different users different moments of that time.',
    '- It may refuse to answer. A program that cannot check has to say so; it cannot tell an attack from a failure.',
    '- It may deny that a label has any version: there is no proof of that, so the client takes none.',
    '- It may keep two groups of users apart for ever, if these never compare heads by another way, and nobody audits.',
    '- A version that its owner never monitors is as good as any: owners who do not come back find nothing.',
    '- Versions that a search does not look at it does not vouch for: one that was taken back to the right of an entry',
    '  which shows it is found by monitoring, once a new entry stands above.',
    '',
  ].join('\n');
}

test('the page of lies is the one that the table makes', async () => {
  await expect(pageOfLies()).toMatchFileSnapshot('../../docs/lies.md');
});
