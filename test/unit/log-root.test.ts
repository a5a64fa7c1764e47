import {
  createTypeScriptHasher,
  hashLeaf,
  hashLeaves,
  rfc6962,
  treeRoot,
  type TreeScheme,
  keytransLog,
} from 'contact-key-verification/log.js';
import { describe, expect, it } from 'vitest';
import { counting, flat, leafList, outcome, SparseTree } from '../support/log-tree.js';
import { keytransRoot, leafHash, MTH } from '../support/rfc6962.js';

describe('leaf hashes', () => {
  it('are H(00 ‖ data) in RFC 6962, of any length, and fresh', () => {
    for (const length of [0, 1, 31, 32, 55, 56, 64, 1000]) {
      const data = new Uint8Array(length).fill(length);
      expect(hashLeaf(data)).toEqual(leafHash(data));
    }
    expect(hashLeaf(new Uint8Array(0))).not.toBe(hashLeaf(new Uint8Array(0)));
  });

  it('have no prefix where the scheme has none', () => {
    const entry = new Uint8Array(40).fill(7);
    expect(hashLeaf(entry, keytransLog)).toEqual(createTypeScriptHasher().hashLeaves(entry, 40));
    expect(hashLeaf(entry, keytransLog)).not.toEqual(hashLeaf(entry));
  });

  it('come in batches, equal to one by one', () => {
    const entries = flat(leafList(9));
    for (const scheme of [rfc6962, keytransLog]) {
      const one = Array.from({ length: 9 }, (_, i) => hashLeaf(entries.slice(i * 32, i * 32 + 32), scheme));
      expect(hashLeaves(entries, 32, { scheme })).toEqual(flat(one));
    }
    expect(outcome(() => hashLeaves(entries, 31))).toBe('ERR_ARGUMENT_RANGE');
  });

  it('refuse what is no bytes, and a prefix that is no byte', () => {
    for (const data of ['text', [1, 2], null, undefined, new ArrayBuffer(4)]) {
      expect(outcome(() => hashLeaf(data as never))).toBe('ERR_ARGUMENT_TYPE');
    }
    const wide: TreeScheme = { ...rfc6962, leafPrefix: 256 };
    expect(outcome(() => hashLeaf(new Uint8Array(1), wide))).toBe('ERR_ARGUMENT_RANGE');
  });
});

describe('treeRoot', () => {
  const leaves = leafList(600);

  it('is the RFC 6962 tree hash for 0 to 600 leaves', () => {
    for (let n = 0; n <= 600; n++) {
      expect(treeRoot(flat(leaves.slice(0, n)))).toEqual(MTH(leaves.slice(0, n)));
    }
  });

  it('is the KEYTRANS root for 1 to 300 leaves', () => {
    for (let n = 1; n <= 300; n++) {
      expect(treeRoot(flat(leaves.slice(0, n)), { scheme: keytransLog })).toEqual(
        keytransRoot(leaves.slice(0, n)),
      );
    }
  });

  it('of no leaf is H("") in RFC 6962, and refused where the scheme has no empty root', () => {
    expect(Buffer.from(treeRoot(new Uint8Array(0))).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(outcome(() => treeRoot(new Uint8Array(0), { scheme: keytransLog }))).toBe('ERR_ARGUMENT_RANGE');
  });

  it('gives fresh bytes, never a view of the input', () => {
    const leaf = leafList(1)[0] as Uint8Array;
    const root = treeRoot(leaf);
    expect(root).toEqual(leaf);
    root.fill(0);
    expect(leaf).toEqual(leafList(1)[0]);
  });

  it('reads views at any offset, and leaves them unchanged', () => {
    const buffer = new Uint8Array(5 * 32 + 3);
    buffer.set(flat(leaves.slice(0, 5)), 3);
    const before = buffer.slice();
    expect(treeRoot(buffer.subarray(3))).toEqual(MTH(leaves.slice(0, 5)));
    expect(buffer).toEqual(before);
  });

  it('refuses a length that is no multiple of 32, and what is no bytes', () => {
    for (const length of [1, 31, 33, 95]) {
      expect(outcome(() => treeRoot(new Uint8Array(length)))).toBe('ERR_ARGUMENT_RANGE');
    }
    for (const given of [undefined, null, 'x'.repeat(32), leaves.slice(0, 2), new Uint32Array(8)]) {
      expect(outcome(() => treeRoot(given as never))).toBe('ERR_ARGUMENT_TYPE');
    }
  });

  it('takes 2^20 leaves and one more in few engine calls, none of them above 2 MiB', () => {
    const special = 2 ** 20;
    const tree = new SparseTree(special);
    const input = new Uint8Array((special + 1) * 32);
    const [plain, last] = [tree.leaf(0), tree.leaf(special)];
    for (let i = 0; i < special; i++) input.set(plain, i * 32);
    input.set(last, special * 32);
    const engine = counting(createTypeScriptHasher());
    expect(treeRoot(input, { hasher: engine.hasher })).toEqual(tree.head(special + 1).root);
    expect(engine.calls()).toBeLessThan(40);
    expect(engine.largest()).toBeLessThanOrEqual(2 ** 21);
  });
});
