/** The oracle's trees against published roots and proofs of other implementations. */
import { describe, expect, it } from 'vitest';
import {
  MTH,
  PATH,
  PROOF,
  consistencyHolds,
  inclusionHolds,
  keytransRoot,
  leafHash,
  nodeHash,
  pathLength,
  proofLength,
} from '../reference/tree.js';
import { RangedLog } from '../reference/tree-ranges.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('trees', () => {
  // The reference tree of Certificate Transparency, as transparency-dev/merkle keeps it
  // (testonly/constants.go at 417fb0c3, Apache-2.0): leaf inputs, and the roots of sizes 0 to 8.
  const inputs = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  const leaves = inputs.map((input) => leafHash(hex(input)));

  it('has the published roots', () => {
    roots.forEach((root, size) => expect(text(MTH(leaves.slice(0, size)))).toBe(root));
    // rfc6962/rfc6962_test.go at the same commit.
    expect(text(leafHash(Buffer.from('L123456')))).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    );
    expect(text(nodeHash(Buffer.from('N123'), Buffer.from('N456')))).toBe(
      'aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb',
    );
  });

  it('has the proofs that RFC 6962, section 2.1.3, draws for seven leaves', () => {
    const node = (from: number, to: number): string => text(MTH(leaves.slice(from, to)));
    const path = (m: number): string[] => PATH(m, leaves.slice(0, 7)).map(text);
    expect(path(0)).toEqual([node(1, 2), node(2, 4), node(4, 7)]); // [b, h, l]
    expect(path(3)).toEqual([node(2, 3), node(0, 2), node(4, 7)]); // [c, g, l]
    expect(path(4)).toEqual([node(5, 6), node(6, 7), node(0, 4)]); // [f, j, k]
    expect(path(6)).toEqual([node(4, 6), node(0, 4)]); // [i, k]
    const proof = (m: number): string[] => PROOF(m, leaves.slice(0, 7)).map(text);
    expect(proof(3)).toEqual([node(2, 3), node(3, 4), node(0, 2), node(4, 7)]); // [c, d, g, l]
    expect(proof(4)).toEqual([node(4, 7)]); // [l]
    expect(proof(6)).toEqual([node(4, 6), node(6, 7), node(0, 4)]); // [i, j, k]
  });

  const many = Array.from({ length: 40 }, (_, i) => leafHash(Buffer.from([i])));

  it('verifies every proof it makes, and no leaf elsewhere', () => {
    for (let size = 1; size <= 40; size++) {
      const tree = many.slice(0, size);
      const root = MTH(tree);
      for (let m = 0; m < size; m++) {
        const path = PATH(m, tree);
        const holding = many.filter((_, i) => inclusionHolds(i, size, many[m] as Buffer, path, root));
        expect(holding).toEqual([many[m]]);
        expect(inclusionHolds(m, size, many[m] as Buffer, [...path, root], root)).toBe(false);
        expect(consistencyHolds(m + 1, size, MTH(many.slice(0, m + 1)), root, PROOF(m + 1, tree))).toBe(true);
        expect(consistencyHolds(m + 1, size, MTH(many.slice(1, m + 2)), root, PROOF(m + 1, tree))).toBe(
          false,
        );
      }
      expect(consistencyHolds(0, size, MTH([]), root, [])).toBe(false);
    }
    const nothing = Buffer.alloc(0);
    expect(inclusionHolds(0, 1, nothing, [], nothing)).toBe(false);
    expect(consistencyHolds(1, 1, nothing, nothing, [])).toBe(false);
  });

  it('has the KEYTRANS roots that katie computes', () => {
    // From OR13/kt interop/vectors/log-append.json (57987c11, Apache-2.0 or MIT), made by katie at 00da5254: the leaf
    // values of the first five entries, and the root after each. All 83 trees of its two log files agreed.
    const values = [
      'fc3dd2f2eed140d5a631a5df0e8e5d18a901f70d6e83c8f76784ee79eb7cbd03',
      'fc7ba5778ed59ee3a0b6d94abfbabb86a9c72dc1672d8601f37333dc5e1f599d',
      '0b03bb98c456c33e2a718fc09c81044e207e66d231245be87a8f4cce6c724f50',
      'e321d5321dae0f4be56fd9ea8a65b63da0e572989925075ccdccf6b6d1ed2129',
      '0322843bf84586bc646e7f05a43f904fd5582e67c8f7062b4dac0d18b2debb3a',
    ].map(hex);
    const answers = [
      'fc3dd2f2eed140d5a631a5df0e8e5d18a901f70d6e83c8f76784ee79eb7cbd03',
      '460ac5388da9f422a93267d318838340fba917a9b19d56af19a994029eb186f0',
      '37a7a19c1de20b7c6638e0542f2f8af64ba3fffac4cd6502eff3ff8260dd58dd',
      '75c0c725ddf9dd295d4548e0cd7b2415b1b410496a8e0cb0d31421e706daa741',
      'f95485da09a459bf7dac0ab8e13d753ae55ab035f95c177b7cfade568d2b1752',
    ];
    answers.forEach((root, i) => expect(text(keytransRoot(values.slice(0, i + 1)))).toBe(root));
  });

  it('has the same roots and proofs over ranges as over lists, as long as it says', () => {
    const entries = Array.from({ length: 33 }, (_, i) => leafHash(Buffer.of(i)));
    const log = new RangedLog((index) => entries[index] as Buffer);
    const equal = entries.map(() => entries[0] as Buffer);
    const uniform = new RangedLog(() => entries[0] as Buffer, true);
    for (let n = 1; n <= entries.length; n++) {
      const [some, same] = [entries.slice(0, n), equal.slice(0, n)];
      expect(log.root(0, n)).toEqual(MTH(some));
      expect(uniform.root(0, n)).toEqual(MTH(same));
      for (let m = 0; m < n; m++) {
        expect(log.path(m, 0, n)).toEqual(PATH(m, some));
        expect(uniform.path(m, 0, n)).toEqual(PATH(m, same));
        expect(log.proof(m + 1, n)).toEqual(PROOF(m + 1, some));
        expect(uniform.proof(m + 1, n)).toEqual(PROOF(m + 1, same));
        expect(pathLength(m, n)).toBe(PATH(m, some).length);
        expect(proofLength(m + 1, n)).toBe(PROOF(m + 1, some).length);
      }
    }
  });
});
