/**
 * Named attacks with really signed lists, each inserted anywhere into an honest year: its finding is there no later than
 * the review after the evidence arrived. The lists are verified as an app verifies them; none of the attacks needs a key
 * of the contact's but those of a stolen account key, which say so.
 */

import { describe, expect, test } from 'vitest';
import { listAttacks } from '../support/contact-attacks-lists.js';
import { ownAttacks, serviceAttacks } from '../support/contact-attacks-services.js';
import { type Attack, at, type Scene, SCENES, scenesOf } from '../support/contact-scene.js';
import { alarmsOf } from '../support/contact-trust.js';

const { CKV_SEED } = process.env;
const seed = CKV_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(CKV_SEED);
const scenes = { contact: scenesOf('contact', seed), own: scenesOf('own', seed) };

/** The simplest scene in which an attack is not told of; `undefined`: there is none. */
function missed({ finding, run, where = () => true }: Attack, among: readonly Scene[]): string | undefined {
  const [code, level] = finding.split(' ');
  const fitting = among.filter(where);
  // Some attacks are none where there is nothing to attack; they still meet hundreds of lives.
  if (fitting.length < SCENES / 4) return `only ${fitting.length} scenes`;
  for (const scene of fitting) {
    const { findings, trust } = run(scene);
    // Told now, and not because the life had told it before; unless the person has seen it, and it goes on.
    const found = findings.some(
      (one) => one.code === code && one.level === level && (one.lastMs > scene.nowMs || one.dismissed),
    );
    const low = level !== 'alarm' || trust === 'doubtful' || trust === 'blocked';
    if (found && low) continue;
    const told = findings.map((one) => `${one.code} ${one.level} ${one.why}`).join(', ');
    return `CKV_SEED=${seed}: after a life of ${scene.steps} steps ${trust}, told: ${told}`;
  }
  return undefined;
}

test('there are at least thirty, each with a name of its own, and lives in which nothing is wrong yet', () => {
  const names = [...listAttacks, ...serviceAttacks, ...ownAttacks].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(listAttacks.length + serviceAttacks.length).toBeGreaterThanOrEqual(30);
  for (const scene of [...scenes.contact, ...scenes.own]) expect(alarmsOf(at(scene))).toEqual([]);
  const pages = new Set(scenes.contact.map(({ page }) => page));
  expect(pages.size).toBeGreaterThanOrEqual(20);
});

describe('inserted anywhere into an honest year of a contact', () => {
  test.each([...listAttacks, ...serviceAttacks])('$name: $finding', (attack) => {
    expect(missed(attack, scenes.contact)).toBeUndefined();
  });
});

describe("inserted anywhere into an honest year of one's own account", () => {
  test.each(ownAttacks)('$name: $finding', (attack) => {
    expect(missed(attack, scenes.own)).toBeUndefined();
  });
});
