/** The ledger of a proof: what it lets be left out, and what it still asks for at the end. */
import { describe, expect, test } from 'vitest';
import { createEntryLedger, type EntryLedger } from '../../src/transparency/walks/entry-ledger.js';
import { codeOf } from '../support/accounts.js';

const shownIn = (ledger: EntryLedger, position: number): readonly (readonly number[])[] => {
  const { leftIncluded, rightAbsent } = ledger.shownBeside(position);
  return [[...leftIncluded].sort(), [...rightAbsent].sort()];
};

describe('what others have shown', () => {
  test('is what is there to the left, and absent to the right', () => {
    const ledger = createEntryLedger();
    ledger.enterLookUp(3, 0, true);
    ledger.enterLookUp(3, 7, false);
    ledger.enterLookUp(5, 1, true);
    ledger.enterLookUp(5, 8, false);
    expect(shownIn(ledger, 4)).toEqual([[0], [8]]);
    expect(shownIn(ledger, 2)).toEqual([[], [7, 8]]);
    expect(shownIn(ledger, 6)).toEqual([[0, 1], []]);
  });

  test('is nothing of the entry itself', () => {
    const ledger = createEntryLedger();
    ledger.enterLookUp(3, 0, true);
    ledger.enterLookUp(3, 7, false);
    expect(shownIn(ledger, 3)).toEqual([[], []]);
  });

  test('is also what a ladder would have shown that is assumed', () => {
    const ledger = createEntryLedger();
    ledger.enterAssumed(3, 2, 2);
    expect(shownIn(ledger, 4)).toEqual([[0, 1, 2], []]);
    expect(shownIn(ledger, 2)).toEqual([[], [3]]);
    const absent = createEntryLedger();
    absent.enterAssumed(3, 2, undefined);
    expect(shownIn(absent, 2)).toEqual([[], [0]]);
    expect(shownIn(absent, 4)).toEqual([[], []]);
  });

  test('leaves an assumed ladder out, too', () => {
    const ledger = createEntryLedger();
    // Of 3, the ladder of 2 in entry 3 says nothing any more, since entry 5 has shown that it is absent.
    ledger.enterLookUp(5, 3, false);
    ledger.enterAssumed(3, 2, 2);
    expect(shownIn(ledger, 2)).toEqual([[], [3]]);
    expect(shownIn(ledger, 4)).toEqual([[0, 1, 2], [3]]);
  });
});

describe('log entries', () => {
  const root = new Uint8Array(32).fill(1);

  test('that were not retained are given, from left to right', () => {
    const ledger = createEntryLedger();
    ledger.enterTimestamp(3, 30, true);
    ledger.enterTimestamp(11, 110, false);
    ledger.enterTimestamp(7, 70, false);
    ledger.enterRoot(7, root);
    expect(ledger.given()).toEqual([
      { position: 7, timestampMs: 70, prefixTree: root },
      { position: 11, timestampMs: 110, prefixTree: undefined },
    ]);
    expect(ledger.timestampOf(3)).toBe(30);
    expect(ledger.timestampOf(4)).toBeUndefined();
    expect(ledger.rootOf(7)).toBe(root);
    expect(ledger.rootOf(3)).toBeUndefined();
  });

  test('have timestamps that do not decrease', () => {
    const ledger = createEntryLedger();
    ledger.enterTimestamp(3, 30, true);
    ledger.enterTimestamp(7, 30, false);
    expect(codeOf(() => ledger.enterTimestamp(5, 29, false))).toBe('ERR_TIMESTAMP_ORDER');
    expect(codeOf(() => ledger.enterTimestamp(5, 31, false))).toBe('ERR_TIMESTAMP_ORDER');
    expect(codeOf(() => ledger.enterTimestamp(2, 31, false))).toBe('ERR_TIMESTAMP_ORDER');
    expect(ledger.timestampOf(5)).toBeUndefined();
    ledger.enterTimestamp(5, 30, false);
    expect(ledger.timestampOf(5)).toBe(30);
  });

  test('have one root', () => {
    const ledger = createEntryLedger();
    ledger.enterRoot(3, root);
    ledger.enterRoot(3, Uint8Array.from(root));
    expect(codeOf(() => ledger.enterRoot(3, new Uint8Array(32)))).toBe('ERR_ENTRY_ROOT');
    expect(ledger.rootOf(3)).toBe(root);
  });
});
