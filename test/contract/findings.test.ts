/**
 * The table of findings in the documents is made from the code: `npx vitest run test/contract/findings.test.ts -u`
 * writes it again. And the words: complete, plain, and none for a level that does not exist.
 */

import {
  ACTION_TEXTS,
  COMPARING_TEXT,
  describeFinding,
  FINDING_TEXTS,
  type FindingCode,
  FINDINGS,
  LEVEL_TEXTS,
  type Level,
} from 'contact-key-verification/contacts.js';
import { expect, test } from 'vitest';

const entries = Object.entries(FINDINGS) as [FindingCode, (typeof FINDINGS)[FindingCode]][];

function tableOfFindings(): string {
  const rows = entries.map(
    ([code, { when, levels, actions }]) =>
      `| \`${code}\` | ${when} | ${levels.join(', ')} | ${actions.map((action) => `\`${action}\``).join(', ')} |`,
  );
  const words = entries.flatMap(([code, { levels }]) =>
    levels
      .map((level) => ({ level, text: describeFinding({ code, level }) }))
      .filter(({ text }, i, all) => i === 0 || text !== all[0]?.text)
      .map(({ level, text }) => `| \`${code}\` ${level} | ${text.title} | ${text.why} |`),
  );
  return [
    '# Findings',
    '',
    'What `reviewContact` can say about a contact. This page is made from the code.',
    '',
    '| code | when | levels | actions |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '## English words',
    '',
    "`{name}` stands for the contact's name. A row stands for the levels after it too, up to the next row of its code.",
    '',
    '| finding | what happened | why it matters |',
    '| --- | --- | --- |',
    ...words,
    '',
    '## How to compare codes',
    '',
    COMPARING_TEXT,
    '',
  ].join('\n');
}

test('the page of findings is the one that the code makes', async () => {
  await expect(tableOfFindings()).toMatchFileSnapshot('../../docs/findings.md');
});

test('every action of a finding has words', () => {
  const actions = new Set(entries.flatMap(([, { actions: offered }]) => offered));
  expect([...actions].filter((action) => !(action in ACTION_TEXTS))).toEqual([]);
});

test('words for a level are of a level that the finding has, and not its quietest', () => {
  for (const key of Object.keys(LEVEL_TEXTS)) {
    const [code, level] = key.split(':') as [FindingCode, Level];
    expect(FINDINGS[code].levels, key).toContain(level);
  }
});

test('no text promises more than is proven, and the only thing to fill in is the name', () => {
  const texts = [...Object.values(FINDING_TEXTS), ...Object.values(LEVEL_TEXTS)].flatMap(({ title, why }) => [
    title,
    why,
  ]);
  for (const text of [...texts, ...Object.values(ACTION_TEXTS), COMPARING_TEXT]) {
    expect(text).not.toMatch(/\b(?:safe|secure|guarantee|hacked|impossible|certainly|proves that)\b/i);
    expect(text.replaceAll('{name}', '')).not.toMatch(/[{}]/);
    expect(text.length).toBeLessThan(400);
  }
});

test('the text on comparing says how, and that voices can be imitated', () => {
  for (const words of ['in person', 'end-to-end encrypted video', 'only the two of you know', 'imitated']) {
    expect(COMPARING_TEXT).toContain(words);
  }
});
