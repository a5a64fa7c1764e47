/** Runs the built demo as a user does, and reads what it prints for programs. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describeFinding, type FindingCode, type Level } from 'contact-key-verification/contacts.js';
import { describe, expect, test } from 'vitest';

const DEMO = fileURLToPath(new URL('../../build/examples/demo.js', import.meta.url));

interface Result {
  readonly name: string;
  readonly code: string;
  readonly finding?: string;
}

interface Report {
  readonly ok: boolean;
  readonly entries: number;
  readonly labels: number;
  readonly steps: readonly Result[];
  readonly attacks: readonly Result[];
}

/** A short log is filled in less time. */
function run(...flags: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [DEMO, '--entries=1000', '--labels=100', ...flags], {
    encoding: 'utf8',
  });
}

function report(...flags: string[]): Report {
  const { status, stdout, stderr } = run('--json', ...flags);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout) as Report;
}

const codes = (results: readonly Result[]): Record<string, string> =>
  Object.fromEntries(results.map(({ name, code }) => [name, code]));

const STEPS = {
  'tree-hashed': 'ok',
  'log-built': 'ok',
  'list-published': 'ok',
  'looked-up': 'consistent',
  watched: 'quiet',
  'codes-compared': 'verified',
  'public-code-checked': 'verified',
  'account-key-succeeded': 'verified',
};

const ATTACKS = {
  'device-added': 'ERR_LIST_SIGNATURE',
  'messaging-keys-swapped': 'ERR_DEVICE_POSSESSION',
  'account-key-replaced': 'verified-key-changed',
  'list-slipped-in': 'own-device-unknown',
  'old-list': 'ERR_HEAD_ORDER',
  'list-taken-back': 'ERR_SIGNATURE',
  'newest-hidden': 'ERR_PREFIX_COMMITMENT',
  'two-logs': 'log-fork',
  'log-stopped': 'ERR_HEAD_BEHIND',
  'proof-damaged': 'ERR_ENTRY_ROOT',
  'man-in-the-middle': 'codes-differ',
  'keys-ground': 'codes-differ',
  'public-code-forged': 'public-code-mismatch',
};

const TOLD = {
  'device-added': 'list-invalid alarm',
  'messaging-keys-swapped': 'list-invalid alarm',
  'account-key-replaced': 'verified-key-changed alarm',
  'list-slipped-in': 'own-device-unknown alarm',
  'old-list': 'log-proof-invalid warning',
  'list-taken-back': 'log-proof-invalid warning',
  'newest-hidden': 'log-proof-invalid warning',
  'two-logs': 'log-fork alarm',
  'log-stopped': 'log-stale notice',
  'proof-damaged': 'log-proof-invalid warning',
  'man-in-the-middle': 'codes-differ alarm',
  'keys-ground': 'codes-differ alarm',
  'public-code-forged': 'public-code-mismatch alarm',
};

describe('the demo', () => {
  test('catches every attack, each by its own code', () => {
    const { ok, entries, labels, steps, attacks } = report('--entries', '50000', '--labels', '300');
    expect({ entries, labels }).toEqual({ entries: 50_000, labels: 300 });
    expect(codes(steps)).toEqual(STEPS);
    expect(codes(attacks)).toEqual(ATTACKS);
    expect(Object.fromEntries(attacks.map(({ name, finding }) => [name, finding]))).toEqual(TOLD);
    expect(ok).toBe(true);
  });

  test('accepts every scenario once the attack is taken out', () => {
    const { ok, attacks } = report('--honest');
    expect(attacks.map(({ name }) => name)).toEqual(Object.keys(ATTACKS));
    expect(new Set(attacks.map(({ code }) => code))).toEqual(new Set(['accepted']));
    expect(ok).toBe(true);
  });

  test('prints no control characters where nobody watches, and says how it ended', () => {
    const { status, stdout } = run('--honest');
    expect(status).toBe(0);
    expect(stdout.includes('\u001b') || stdout.includes('\r')).toBe(false);
    expect(stdout).toContain('13 of 13 honest scenarios were accepted.');
  });

  test('prints, for every attack, the words that a user reads, and whom the app still writes to', () => {
    const { status, stdout } = run();
    expect(status).toBe(0);
    expect(stdout).toContain('13 of 13 attacks were caught.');
    const told = stdout.split(/^(?:Alice’s app|Dave’s app|Bob’s tablet) says:$/m).slice(1);
    const found = Object.values(TOLD).map((finding) => {
      const [code, level] = finding.split(' ') as [FindingCode, Level];
      return [level.toUpperCase(), describeFinding({ code, level }).title.replaceAll('{name}', 'Bob')].join(
        ': ',
      );
    });
    expect(told.map((text) => /▌ (.+)\n/.exec(text)?.[1])).toEqual(found);
    for (const text of told)
      expect(text).toMatch(/(?:messages|copies) go to +(?:nobody, until the user decides|\d of his)/);
    // Nothing is encrypted to a device of an own list that is not Bob's, and the list is named too.
    const own = told[Object.keys(TOLD).indexOf('list-slipped-in')];
    expect(own).toContain('none of your devices');
    expect(own).toMatch(/copies go to +nobody/);
    expect(stdout).not.toMatch(/\{\w+\}|undefined/);
    // What is the same is said once, with a number.
    expect(stdout).not.toMatch(/Bob removed a device\.\s+Bob removed a device\./);
    expect(stdout).toMatch(/Bob removed a device\.\s+\(3\s+times\)/);
  });

  test('refuses numbers that make no sense', () => {
    for (const name of ['entries', 'labels']) {
      for (const count of ['0', '-1', 'many', '1e12']) {
        const { status, stderr } = run('--json', `--${name}=${count}`);
        expect(status).toBe(1);
        expect(stderr).toContain(`--${name} must be`);
      }
    }
  });
});
