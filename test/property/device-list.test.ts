/**
 * The library and the naive reference agree on every list, valid, forged or broken, whatever was known before.
 */

import { type VerifiedDeviceList, verifyDeviceList } from 'contact-key-verification/keys.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chainOf } from '../reference/device-list.js';
import { judge, type Verdict } from '../reference/judgement.js';
import { equalKeys, type PublicKey } from '../reference/keys.js';
import { BOB } from '../support/accounts.js';
import { ACCOUNT_KEYS, type Step, takeWalks } from '../support/list-changes.js';
import type { TestKey } from '../support/list-forge.js';
import { applyForgery, forgeries, type Forgery } from '../support/list-mutations.js';
import { BOB_BYTES } from '../support/list-story.js';
import { check } from '../support/property.js';

const walks = takeWalks(8, 3, 2);

/** What is said of a list: how it follows, what becomes of the mark, or why it is refused. */
interface Judgement {
  readonly kind: string;
  readonly mark?: string | undefined;
  readonly code?: string | undefined;
}

function ours(
  bytes: Uint8Array,
  stored: VerifiedDeviceList | undefined,
  pinned: TestKey | undefined,
): Judgement {
  try {
    const accountKey = pinned?.own.publicKey;
    const list = verifyDeviceList(bytes, { identifier: BOB, stored, accountKey });
    const kind = list.continuity.kind;
    expect(list.encoded).toEqual(kind === 'same' ? stored?.encoded : Uint8Array.from(bytes));
    return { kind, mark: pinned && list.mark };
  } catch (error) {
    const { code } = error as { code?: string };
    // Whatever has no code is a fault of the library, and nothing here is the caller's.
    if (code === undefined || code.startsWith('ERR_ARGUMENT')) throw error;
    return { kind: 'refused', code };
  }
}

/** The library's codes for each of the reference's reasons. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  'unknown-value': ['ERR_ENUM'],
  'vector-length': ['ERR_LENGTH'],
  'author-signature-presence': ['ERR_LENGTH'],
  'device-order': ['ERR_ORDER', 'ERR_DUPLICATE'],
  'signing-key-reused': ['ERR_DUPLICATE', 'ERR_KEY_REUSED'],
  'chain-key-reused': ['ERR_KEY_REUSED'],
  'succeeded-key': ['ERR_KEY_REUSED'],
  'succession-order': ['ERR_SUCCESSION_CHAIN'],
  'sequence-impossible': ['ERR_SUCCESSION_CHAIN'],
  'chain-broken': ['ERR_SUCCESSION_CHAIN'],
  'previous-impossible': ['ERR_LENGTH', 'ERR_LIST_START'],
  'author-impossible': ['ERR_LIST_START'],
  'joined-wrong': ['ERR_DEVICE_ENTRY'],
  'since-impossible': ['ERR_DEVICE_ENTRY'],
  'entry-replayed': ['ERR_DEVICE_ENTRY'],
  'other-identifier': ['ERR_LIST_IDENTIFIER'],
  'succession-signature': ['ERR_SUCCESSION_SIGNATURE'],
  'possession-signature': ['ERR_DEVICE_POSSESSION'],
  'account-signature': ['ERR_LIST_SIGNATURE'],
  'author-signature': ['ERR_LIST_AUTHOR'],
  'author-unknown': ['ERR_LIST_AUTHOR'],
  'previous-wrong': ['ERR_LIST_PREVIOUS'],
  rollback: ['ERR_LIST_ROLLBACK'],
  fork: ['ERR_LIST_FORK'],
};

const MARKS = { holds: 'kept', moves: 'moved', falls: 'fallen', reset: 'fallen' } as const;
const KINDS = { first: 'first-sight', same: 'same', next: 'next', reset: 'reset' } as const;

function theirs(verdict: Verdict, pinned: PublicKey | undefined): Judgement & { codes?: readonly string[] } {
  if ('refused' in verdict) return { kind: 'refused', codes: CODES[verdict.refused] ?? [] };
  if (verdict.kind === 'gap') return { kind: 'refused', codes: ['ERR_LIST_GAP'] };
  const linked = pinned === undefined || chainOf(verdict.list).some((key) => equalKeys(key, pinned));
  if (!linked) return { kind: 'refused', codes: ['ERR_ACCOUNT_KEY'] };
  return { kind: KINDS[verdict.kind], mark: verdict.mark && MARKS[verdict.mark] };
}

test('the library and the reference agree on valid and forged lists', () => {
  const seen = new Map<string, number>();
  const law = (index: number, forgery: Forgery, known: number, pin: number): void => {
    const step = walks[index] as Step;
    const pinned = pinnedKey(step.list, pin);
    const later = walks[(index + 1) % walks.length]?.list;
    const stored = [undefined, step.list, later][known] ?? (known > 2 ? step.before : undefined);
    const bytes = applyForgery(step.list.encoded, forgery);
    const verdict = judge(bytes, BOB_BYTES, stored?.encoded, pinned?.pair.publicKey);
    const { codes, ...expected } = theirs(verdict, pinned?.pair.publicKey);
    const { code, ...actual } = ours(bytes, stored, pinned);
    expect(actual).toEqual(expected);
    // One mutation is mostly one defect. Of two, the library names first the one that is no encoding.
    if (code !== undefined && forgery.mutations.length <= 1) {
      expect([...(codes ?? []), 'ERR_LENGTH', 'ERR_DUPLICATE']).toContain(code);
    }
    seen.set(code ?? actual.kind, (seen.get(code ?? actual.kind) ?? 0) + 1);
  };
  const donors = walks.map(({ list }) => list.encoded);
  check(fc.property(fc.nat(walks.length - 1), forgeries(donors), fc.nat(9), fc.nat(9), law));
  // Neither side agrees by refusing everything, or everything for one reason.
  const accepted = ['first-sight', 'same', 'next', 'reset'].map((kind) => seen.get(kind) ?? 0);
  for (const count of accepted) expect(count).toBeGreaterThan(5);
  expect(seen.size).toBeGreaterThan(15);
});

/** No key; the list's own, or an earlier one of its chain; any key. */
function pinnedKey(list: VerifiedDeviceList, pin: number): TestKey | undefined {
  if (pin < 5) return undefined;
  const chain = [list.accountKey, ...list.successions.map(({ key }) => key).reverse()];
  const key = chain[pin - 5];
  const known = ACCOUNT_KEYS.find(({ pair }) => key !== undefined && equalKeys(pair.publicKey, key));
  return known ?? ACCOUNT_KEYS[pin % ACCOUNT_KEYS.length];
}
