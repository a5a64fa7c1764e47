/**
 * What the log asks of every engine, and gets from it: the same bytes, in few calls.
 */

import {
  createTreeBuilder,
  createTypeScriptHasher,
  hashLeaves,
  type TreeHasher,
  treeRoot,
} from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { describe, expect, it } from 'vitest';
import { counting, flat, leafList, NodeStore, schemes } from '../support/log-tree.js';
import { keytransRoot, leafHash, MTH } from '../support/rfc6962.js';

const engines: readonly TreeHasher[] = [
  createTypeScriptHasher(),
  createWasmHasher(),
  createWasmHasher({ simd: 'off' }),
];

describe.each(engines.map((hasher) => ({ hasher, name: hasher.name })))('over $name', ({ hasher }) => {
  const leaves = leafList(600);

  it('roots are the reference’s, by treeRoot and by builder, for 0 to 600 leaves', () => {
    const roots = schemes.map((scheme) => ({
      scheme,
      reference: scheme.emptyRoot === 'none' ? keytransRoot : MTH,
      first: scheme.emptyRoot === 'none' ? 1 : 0,
      builder: createTreeBuilder({ hasher, scheme }),
    }));
    for (const { scheme, reference, first, builder } of roots) {
      for (let n = first; n <= 600; n++) {
        if (n > 0) builder.append(leaves[n - 1] as Uint8Array);
        const expected = Buffer.from(reference(leaves.slice(0, n)));
        expect(expected.equals(builder.root())).toBe(true);
        expect(expected.equals(treeRoot(flat(leaves.slice(0, n)), { hasher, scheme }))).toBe(true);
      }
    }
  });

  it('nodes handed out are the same with every cut', () => {
    for (const scheme of schemes) {
      const stores = [1, 5, 64, 600].map((cut) => {
        const store = new NodeStore();
        const builder = createTreeBuilder({ hasher, scheme, onNodes: store.put });
        for (let at = 0; at < 600; at += cut) builder.append(flat(leaves.slice(at, at + cut)));
        return store;
      });
      const level = (store: NodeStore, height: number): Uint8Array[] =>
        store.fetch(
          Array.from({ length: Math.floor(600 / 2 ** height) }, (_, index) => ({ level: height, index })),
        );
      for (let height = 0; height <= 9; height++) {
        for (const store of stores) {
          expect(level(store, height)).toEqual(level(stores[0] as NodeStore, height));
        }
      }
    }
  });

  it('leaf hashes are the reference’s', () => {
    const entries = flat(leaves);
    expect(hashLeaves(entries, 40, { hasher })).toEqual(
      flat(Array.from({ length: 480 }, (_, i) => leafHash(entries.slice(i * 40, i * 40 + 40)))),
    );
  });

  it('appends go to the engine in pieces: few calls, none above 2 MiB, at any alignment', () => {
    const count = 2 ** 18;
    const batch = new Uint8Array(count * 32);
    for (const already of [0, 1, 2 ** 16 - 1]) {
      const engine = counting(hasher);
      const builder = createTreeBuilder({ hasher: engine.hasher });
      builder.append(batch.subarray(0, already * 32));
      const before = engine.calls();
      builder.append(batch);
      expect(engine.calls() - before).toBeLessThan(64);
      expect(engine.largest()).toBeLessThanOrEqual(2 ** 21);
    }
  });

  it('nodes are hashed a level at a time where they are handed out', () => {
    const engine = counting(hasher);
    let nodes = 0;
    const builder = createTreeBuilder({
      hasher: engine.hasher,
      onNodes: ({ hashes }) => {
        nodes += hashes.length / 32;
        expect(hashes.length).toBeLessThanOrEqual(2 ** 21);
      },
    });
    builder.append(new Uint8Array(2 ** 17 * 32));
    expect(nodes).toBe(2 ** 18 - 1);
    expect(engine.calls()).toBe(2 * 16 + 1);
  });
});
