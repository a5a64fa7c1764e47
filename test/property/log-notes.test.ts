import {
  appendSignatures,
  type Checkpoint,
  cosignCheckpoint,
  encodeCheckpointText,
  encodeNote,
  encodeTilePath,
  encodeVerifierKey,
  openCheckpoint,
  openNote,
  parseCheckpointText,
  parseNote,
  parseTilePath,
  parseVerifierKey,
  signCheckpoint,
} from 'contact-key-verification/log.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathOfIndex } from '../reference/tiles.js';
import { everyAlgorithm, flipBit, NOW_MS, ORIGIN, witnesses } from '../support/log-notes.js';
import { outcome } from '../support/log-tree.js';
import { check } from '../support/property.js';

const root = new Uint8Array(32).map((_, i) => i * 7);
const draft = { origin: ORIGIN, treeSize: 20_852_163, root };
const signers = [...everyAlgorithm, ...witnesses.slice(0, 2)];
const checkpoint = witnesses.slice(0, 2).reduce(
  (bytes, witness) => {
    const opened = openCheckpoint(bytes, { origin: ORIGIN, keys: [everyAlgorithm[0]?.key ?? ''] });
    return appendSignatures(bytes, cosignCheckpoint(opened, witness, { nowMs: NOW_MS }));
  },
  signCheckpoint(draft, everyAlgorithm, { nowMs: NOW_MS }),
);
const keys = signers.map(({ key }) => key);
const policy = {
  origin: ORIGIN,
  keys: everyAlgorithm.map(({ key }) => key),
  witnesses: { threshold: 1, keys: witnesses.slice(0, 2).map(({ key }) => key) },
};

/** A line of text that a note can hold. */
const anyLine = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 20 })
  .map((text) => text.replace(/[\p{Cc}\p{Surrogate}]/gu, '.'));
const anyName = anyLine.map((line) => line.replace(/[\p{White_Space}+]/gu, '-'));
const anySignature = fc.record({
  name: anyName,
  id: fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((id) => id.toString(16).padStart(8, '0')),
  signature: fc.uint8Array({ minLength: 1, maxLength: 80 }),
});

describe('a signed checkpoint', () => {
  it('with any one bit flipped is refused, or loses exactly the signature in which the bit stands', () => {
    const all = openNote(checkpoint, keys).signedBy;
    expect(all).toHaveLength(signers.length);
    const lines = Buffer.from(checkpoint).toString().split('\n\n')[1] as string;
    const begin = checkpoint.length - Buffer.from(lines).length;
    const ends: number[] = [];
    for (const line of lines.split('\n').slice(0, -1)) {
      ends.push((ends.at(-1) ?? begin) + Buffer.from(`${line}\n`).length);
    }
    let survived = 0;
    const seen = new Set<string>();
    check(
      fc.property(fc.integer({ min: 0, max: checkpoint.length * 8 - 1 }), (bit) => {
        const flipped = flipBit(checkpoint, bit);
        const code = outcome(() => openNote(flipped, keys));
        seen.add(code);
        if (code !== 'accepted') {
          expect(code).toMatch(
            /^ERR_(?:SIGNATURE|NOTE_FORMAT|NOTE_CHARACTER|UTF8|TEXT_ENCODING|KEY_NAME|LENGTH)$/,
          );
          return;
        }
        survived++;
        const at = ends.findIndex((end) => bit / 8 < end);
        expect(bit / 8).toBeGreaterThan(begin);
        const opened = openNote(flipped, keys);
        expect(opened.text).toBe(encodeCheckpointText(draft));
        expect(opened.signedBy).toEqual(all.filter((_, i) => i !== at));
        expect(openCheckpoint(flipped, policy).root).toEqual(root);
      }),
    );
    // Both ends of the law were met: flips in names and key ids survive, the others do not.
    expect(survived).toBeGreaterThan(0);
    expect(seen.has('ERR_SIGNATURE')).toBe(true);
  });

  it('whose signatures stand in any order, some left out, is opened by those that are there', () => {
    const note = parseNote(checkpoint);
    check(
      fc.property(fc.shuffledSubarray([...note.signatures], { minLength: 1 }), (signatures) => {
        const has = (group: typeof keys): boolean =>
          signatures.some((line) => group.some((key) => key.name === line.name && key.id === line.id));
        const quorum = has(policy.witnesses.keys) ? 'accepted' : 'ERR_WITNESSES';
        let opened: Checkpoint | undefined;
        const result = outcome(() => {
          opened = openCheckpoint(encodeNote({ text: note.text, signatures }), policy);
        });
        expect(result).toBe(has(policy.keys) ? quorum : 'ERR_NOTE_UNSIGNED');
        if (opened === undefined) return;
        const signedBy = [...opened.signedBy, ...opened.cosignedBy].map(({ name, id }) => `${name} ${id}`);
        expect(signedBy.sort()).toEqual(signatures.map(({ name, id }) => `${name} ${id}`).sort());
      }),
    );
  });
});

describe('reading undoes writing', () => {
  it('of notes', () => {
    const anyText = fc
      .array(fc.oneof(anyLine, fc.constant('')), { maxLength: 5 })
      .map((lines) => `${lines.join('\n')}\n`);
    check(
      fc.property(anyText, fc.array(anySignature, { minLength: 1, maxLength: 5 }), (text, signatures) => {
        const bytes = encodeNote({ text, signatures });
        expect(parseNote(bytes)).toEqual({ text, signatures });
        expect(encodeNote(parseNote(bytes))).toEqual(bytes);
      }),
    );
  });

  it('of checkpoint texts', () => {
    const anyCheckpoint = fc.record({
      origin: anyLine,
      treeSize: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      extensions: fc.array(anyLine, { maxLength: 3 }),
    });
    check(
      fc.property(anyCheckpoint, (value) => {
        const text = encodeCheckpointText(value);
        expect(parseCheckpointText(text)).toEqual(value);
        expect(encodeCheckpointText(parseCheckpointText(text))).toBe(text);
      }),
    );
  });

  it('of tile paths, in both spellings', () => {
    const anyTile = fc
      .tuple(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 63 }),
        fc.maxSafeNat(),
        fc.maxSafeNat(),
        fc.integer({ min: 0, max: 53 }),
      )
      .map(([height, level, index, width, bits]) => ({
        height,
        level,
        index: index % 2 ** bits,
        width: 1 + (width % 2 ** height),
      }));
    check(
      fc.property(anyTile, (tile) => {
        const path = encodeTilePath(tile, 'sumdb');
        expect(parseTilePath(path, 'sumdb')).toEqual(tile);
        expect(path).toContain(`/${pathOfIndex(tile.index)}`);
        const eight = { ...tile, height: 8, width: 1 + (tile.width % 256) };
        expect(parseTilePath(encodeTilePath(eight))).toEqual(eight);
      }),
    );
  });
});

describe('what is read from anything', () => {
  const mutated = (good: string): fc.Arbitrary<string> =>
    fc
      .tuple(fc.nat(good.length), fc.nat(3), fc.string({ unit: 'binary', maxLength: 3 }))
      .map(([at, cut, put]) => good.slice(0, at) + put + good.slice(at + cut));

  it('is written back as it was: one note, key and path has one spelling', () => {
    const note = Buffer.from(checkpoint).toString();
    check(
      fc.property(mutated(note), (text) => {
        const bytes = new Uint8Array(Buffer.from(text));
        if (outcome(() => parseNote(bytes)) === 'accepted')
          expect(encodeNote(parseNote(bytes))).toEqual(bytes);
      }),
    );
    check(
      fc.property(
        fc.constantFrom(...keys).chain((key) => mutated(encodeVerifierKey(key))),
        (text) => {
          if (outcome(() => parseVerifierKey(text)) === 'accepted') {
            expect(encodeVerifierKey(parseVerifierKey(text))).toBe(text);
          }
        },
      ),
    );
    check(
      fc.property(mutated('tile/8/1/x123/x456/078.p/20'), (path) => {
        if (outcome(() => parseTilePath(path, 'sumdb')) === 'accepted') {
          expect(encodeTilePath(parseTilePath(path, 'sumdb'), 'sumdb')).toBe(path);
        }
      }),
    );
  });

  it("throws this library's errors only", () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' }), (bytes, text) => {
        for (const run of [
          () => parseNote(bytes),
          () => openNote(bytes, keys),
          () => parseVerifierKey(text),
          () => parseCheckpointText(text),
          () => parseTilePath(text),
        ]) {
          expect(outcome(run)).toMatch(/^(?:accepted|ERR_[A-Z0-9_]+)$/);
        }
      }),
    );
  });
});
