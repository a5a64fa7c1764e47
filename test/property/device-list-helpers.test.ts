/**
 * The helpers' law: over random histories, what they make is never refused, and what cannot be made is refused as a
 * draft, before any key signs.
 */

import { type DeviceListDraft, signDeviceList } from 'contact-key-verification/keys.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judge } from '../reference/judgement.js';
import { type Choice, choices, draftOf, EVERYBODY, type Step, takeWalks } from '../support/list-changes.js';
import { BOB_BYTES } from '../support/list-story.js';
import { check } from '../support/property.js';

test('the helpers never make what a verifier refuses', () => {
  const made = new Map<string, number>();
  const law = ({ list: current }: Step, choice: Choice): void => {
    let draft: DeviceListDraft;
    try {
      draft = draftOf(current, choice);
    } catch (error) {
      // Refused as a draft, which is early enough: nothing was signed.
      expect(['ERR_ARGUMENT_RANGE', 'ERR_KEY_REUSED']).toContain((error as { code?: string }).code);
      return;
    }
    const list = signDeviceList(draft, EVERYBODY);
    const kind = choice.kind === 'reset' ? 'reset' : 'next';
    expect(list.continuity.kind).toBe(kind);
    expect(judge(list.encoded, BOB_BYTES, current.encoded, undefined)).toMatchObject({ kind });
    made.set(choice.kind, (made.get(choice.kind) ?? 0) + 1);
  };
  check(fc.property(fc.constantFrom(...takeWalks(8, 3, 1)), choices, law));
  // The law is not kept by refusing everything.
  for (const kind of ['add', 'remove', 'retire', 'rotate', 'rekey', 'verification', 'reset']) {
    expect(made.get(kind) ?? 0).toBeGreaterThan(10);
  }
});
