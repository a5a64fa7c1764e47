import {
  createRangeBuilder,
  createTreeBuilder,
  createTypeScriptHasher,
  joinRanges,
  type TreeOptions,
  type TreeRange,
  treeRoot,
} from 'contact-key-verification/log.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flat, leafList, outcome, schemes } from '../support/log-tree.js';
import { check } from '../support/property.js';

const hasher = createTypeScriptHasher();
const LEAVES = 200;
const all = flat(leafList(LEAVES));

/** Borders of neighbouring ranges, some of them empty: two or more, rising. */
const anyBorders = fc
  .array(fc.nat({ max: LEAVES }), { minLength: 2, maxLength: 9 })
  .map((borders) => borders.sort((a, b) => a - b));
const anyOptions = fc.constantFrom(...schemes).map((scheme) => ({ hasher, scheme }));
/** In which order neighbours are joined: each number picks the left one of two. */
const anyGrouping = fc.array(fc.nat(), { minLength: 8, maxLength: 8 });

function rangeOf(begin: number, end: number, options: TreeOptions): TreeRange {
  const builder = createRangeBuilder(begin, options);
  builder.append(all.subarray(begin * 32, end * 32));
  return builder.exportRange();
}

const cut = (borders: readonly number[], options: TreeOptions): TreeRange[] =>
  borders.slice(1).map((end, i) => rangeOf(borders[i] as number, end, options));

/** Joins neighbours two at a time, in any order of joins. */
function joinGrouped(
  ranges: readonly TreeRange[],
  grouping: readonly number[],
  options: TreeOptions,
): TreeRange {
  const row = [...ranges];
  for (const pick of grouping) {
    if (row.length === 1) break;
    const at = pick % (row.length - 1);
    row.splice(at, 2, joinRanges(row.slice(at, at + 2), options));
  }
  return row[0] as TreeRange;
}

const plain = ({ begin, end, hashes }: TreeRange): string =>
  `${begin} ${end} ${hashes.map((hash) => Buffer.from(hash).toString('hex')).join(' ')}`;

describe('ranges', () => {
  it('joined in any grouping are the range over all their leaves', () => {
    check(
      fc.property(anyBorders, anyGrouping, anyOptions, (borders, grouping, options) => {
        const ranges = cut(borders, options);
        const whole = plain(rangeOf(borders[0] as number, borders.at(-1) as number, options));
        expect(plain(joinGrouped(ranges, grouping, options))).toBe(whole);
        expect(plain(joinRanges(ranges, options))).toBe(whole);
      }),
    );
  });

  it('appended to a tree give the root of all leaves', () => {
    check(
      fc.property(anyBorders, anyGrouping, anyOptions, (borders, grouping, options) => {
        const [first, end] = [borders[0] as number, borders.at(-1) as number];
        fc.pre(end > 0);
        const tree = createTreeBuilder(options);
        tree.append(all.subarray(0, first * 32));
        tree.appendRange(joinGrouped(cut(borders, options), grouping, options));
        expect(Buffer.from(tree.root()).equals(treeRoot(all.subarray(0, end * 32), options))).toBe(true);
      }),
    );
  });

  it('that are no neighbours are refused', () => {
    const anyRange = fc
      .tuple(fc.nat({ max: LEAVES }), fc.nat({ max: LEAVES }))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    check(
      fc.property(anyRange, anyRange, ([begin, middle], [other, end]) => {
        fc.pre(middle !== other);
        const ranges = [rangeOf(begin, middle, { hasher }), rangeOf(other, end, { hasher })];
        expect(outcome(() => joinRanges(ranges, { hasher }))).toBe('ERR_ARGUMENT_RANGE');
      }),
    );
  });
});
