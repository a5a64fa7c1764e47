/**
 * Killing a log's operator, with SIGKILL: at every named point between the first write of a log entry and its
 * acknowledgement, and at any time. Each time the log is opened again, and two things must hold: of no size are there
 * two heads, among all that any of the programs was about to sign; and what was acknowledged is there, provably.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KillRecord } from './kill-record.js';

/** In the order in which a log entry comes to be. */
const POINTS = [
  'label before',
  'label torn',
  'version before',
  'opening before',
  'opening after',
  'journal before',
  'journal torn',
  'page before',
  'page after',
  'node before',
  'node after',
  'entry before',
  'entry torn',
  'entry after',
  'signature before',
  'signature after',
  'published before',
  'published torn',
  'published after',
  'acknowledgement before',
];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ckv-crash-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each(POINTS)('killed at: %s', async (point) => {
  const record = new KillRecord(join(folder, 'log'));
  // In the first log entry, then in later ones, of one log.
  for (const count of [1, 2, 5]) await record.run(`${point} ${count}`);
  await record.check();
  expect(record.kills).toBe(3);
});

test('killed at any time, 150 times', async () => {
  const record = new KillRecord(join(folder, 'log'));
  for (let i = 0; i < 150; i++) await record.run('never', (i * 37) % 150);
  await record.check();
  expect(record.kills).toBe(150);
  expect(record.acknowledged.length).toBeGreaterThan(50);
}, 300_000);
