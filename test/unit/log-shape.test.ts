import { describe, expect, it } from 'vitest';
import { balancedNodes, consistencyPath, inclusionPath } from '../../src/log/shape.js';

const MAX = Number.MAX_SAFE_INTEGER;

describe('inclusionPath', () => {
  it('is the one drawn: leaf 0, 2 and 6 of 7', () => {
    expect(inclusionPath(0, 7)).toEqual([
      { side: 'right', begin: 1, end: 2 },
      { side: 'right', begin: 2, end: 4 },
      { side: 'right', begin: 4, end: 7 },
    ]);
    expect(inclusionPath(2, 7)).toEqual([
      { side: 'right', begin: 3, end: 4 },
      { side: 'left', begin: 0, end: 2 },
      { side: 'right', begin: 4, end: 7 },
    ]);
    expect(inclusionPath(6, 7)).toEqual([
      { side: 'left', begin: 4, end: 6 },
      { side: 'left', begin: 0, end: 4 },
    ]);
    expect(inclusionPath(0, 1)).toEqual([]);
  });

  it('has at most 53 siblings, which with the leaf cover the tree without gap or overlap', () => {
    const sizes = [1, 2, 3, 100, 2 ** 31, 2 ** 32 + 1, 2 ** 33 - 1, 961_984_011, 2 ** 52, 2 ** 52 + 1, MAX];
    for (const size of sizes) {
      for (const index of [0, 1, Math.floor(size / 2), Math.floor(size / 3), size - 1]) {
        if (index >= size) continue;
        const path = inclusionPath(index, size);
        expect(path.length).toBeLessThanOrEqual(53);
        let [begin, end] = [index, index + 1];
        for (const sibling of path) {
          if (sibling.side === 'left') {
            expect(sibling.end).toBe(begin);
            begin = sibling.begin;
          } else {
            expect(sibling.begin).toBe(end);
            end = sibling.end;
          }
        }
        expect([begin, end]).toEqual([0, size]);
      }
    }
    expect(inclusionPath(0, MAX)).toHaveLength(53);
  });
});

describe('consistencyPath', () => {
  it('is the one drawn: 3 to 7', () => {
    expect(consistencyPath(3, 7)).toEqual({
      seed: { begin: 2, end: 3 },
      siblings: [
        { side: 'right', begin: 3, end: 4 },
        { side: 'left', begin: 0, end: 2 },
        { side: 'right', begin: 4, end: 7 },
      ],
    });
  });

  it('has the whole older tree as seed where that is a subtree of the newer one', () => {
    expect(consistencyPath(7, 7)).toEqual({ seed: { begin: 0, end: 7 }, siblings: [] });
    for (const older of [1, 2, 4, 2 ** 31, 2 ** 32, 2 ** 52]) {
      expect(consistencyPath(older, MAX).seed).toEqual({ begin: 0, end: older });
    }
  });

  it('covers the older tree by seed and left siblings, the newer one by all', () => {
    const sizes = [1, 3, 6, 2 ** 31 - 1, 2 ** 31 + 1, 2 ** 32 + 5, 2 ** 33 + 3, 2 ** 52 + 1, MAX - 1, MAX];
    for (const older of sizes) {
      for (const newer of sizes) {
        if (older > newer) continue;
        const { seed, siblings } = consistencyPath(older, newer);
        const leaves = (side: string): number =>
          siblings.reduce((sum, s) => sum + (s.side === side ? s.end - s.begin : 0), 0);
        expect(seed.end).toBe(older);
        expect(seed.end - seed.begin + leaves('left')).toBe(older);
        expect(older + leaves('right')).toBe(newer);
        expect(siblings.length).toBeLessThanOrEqual(53);
      }
    }
  });
});

describe('balancedNodes', () => {
  it('names one node for each binary digit 1 of the size, the largest first', () => {
    expect(balancedNodes({ begin: 0, end: 0 })).toEqual([]);
    expect(balancedNodes({ begin: 0, end: 7 })).toEqual([
      { level: 2, index: 0 },
      { level: 1, index: 2 },
      { level: 0, index: 6 },
    ]);
    expect(balancedNodes({ begin: 4, end: 7 })).toEqual([
      { level: 1, index: 2 },
      { level: 0, index: 6 },
    ]);
  });

  it('is exact up to 2^53 - 1', () => {
    const nodes = balancedNodes({ begin: 0, end: MAX });
    expect(nodes).toHaveLength(53);
    let covered = 0;
    for (const [i, { level, index }] of nodes.entries()) {
      expect(level).toBe(52 - i);
      expect(BigInt(index) * 2n ** BigInt(level)).toBe(BigInt(covered));
      covered += 2 ** level;
    }
    expect(covered).toBe(MAX);
    expect(balancedNodes({ begin: 2 ** 32, end: 2 ** 32 + 1 })).toEqual([{ level: 0, index: 2 ** 32 }]);
  });
});
