/**
 * The WebAssembly engine and its platform: what the modules may and may not do, which one is chosen, what
 * happens where WebAssembly is missing, forbidden or wrong.
 */

import { UnsupportedError } from 'contact-key-verification/errors.js';
import {
  createWasmHasher,
  type TreeHasher,
  tryCreateWasmHasher,
  type WasmHasherOptions,
} from 'contact-key-verification/wasm.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseBase64 } from '../../src/bytes/text.js';
import { createWasmEngine } from '../../src/hashing/wasm-engine.js';
import { SCALAR_MODULE, SIMD_MODULE } from '../../src/hashing/wasm-modules.generated.js';
import { passesSelfTest } from '../../src/hashing/wasm-self-test.js';
import { type WebAssemblyApi, webAssembly } from '../../src/platform.js';
import { naiveHasher, noise } from '../support/naive-hasher.js';

/** What this file uses of Node's WebAssembly beyond what the library does. */
interface FullWebAssembly extends WebAssemblyApi {
  readonly CompileError: new (message: string) => Error;
  readonly Module: WebAssemblyApi['Module'] & {
    imports(module: object): unknown[];
    exports(module: object): { readonly name: string; readonly kind: string }[];
  };
}
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const platform = webAssembly() as FullWebAssembly;
const modules = [
  ['wasm-simd', parseBase64(SIMD_MODULE)],
  ['wasm-scalar', parseBase64(SCALAR_MODULE)],
] as const;

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Runs the library on a platform whose WebAssembly differs in the given members. */
function stubWebAssembly(changes: Partial<Record<keyof WebAssemblyApi, unknown>>): void {
  const { Module, Instance, validate } = platform;
  vi.stubGlobal('WebAssembly', { Module, Instance, validate, ...changes });
}

function errorOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(modules)('the module of %s', (name, bytes) => {
  const module = new platform.Module(bytes);
  const memoryOf = (): Memory => new platform.Instance(module).exports['memory'] as Memory;

  test('imports nothing', () => {
    expect(platform.Module.imports(module)).toEqual([]);
  });

  test('exports three functions and the regions that the host uses, nothing else', () => {
    const exported = platform.Module.exports(module).map((entry) => `${entry.kind} ${entry.name}`);
    expect(exported.sort()).toEqual([
      'function foldProofs',
      'function foldSubtrees',
      'function hashLeaves',
      'global INPUT',
      'global INPUT_BYTES',
      'global LENGTHS',
      'global LENGTHS_BYTES',
      'global OUTPUT',
      'global OUTPUT_BYTES',
      'global STEPS',
      'global STEPS_BYTES',
      'global TAGS',
      'global TAGS_BYTES',
      'memory memory',
    ]);
  });

  test('has eight pages of memory, and cannot get a ninth', () => {
    const memory = memoryOf();
    expect(memory.buffer.byteLength).toBe(8 * 65_536);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  test('keeps its memory at any load', () => {
    const memories: Memory[] = [];
    const watched: WebAssemblyApi = {
      Module: platform.Module,
      validate: platform.validate,
      Instance: class {
        readonly exports: Readonly<Record<string, unknown>>;
        constructor(compiled: object) {
          this.exports = new platform.Instance(compiled).exports;
          memories.push(this.exports['memory'] as Memory);
        }
      },
    };
    const engine = createWasmEngine(watched, bytes, name);
    const { buffer } = memories[0] as Memory;
    engine.foldSubtrees(new Uint8Array(2 ** 16 * 32), 16, { left: 1 }, { left: 1 });
    engine.hashLeaves(new Uint8Array(600_000), 1);
    engine.hashLeaves(new Uint8Array(600_000), 300_000);
    engine.foldProofs({
      hashes: new Uint8Array(2 ** 16 * 32),
      lengths: Array.from({ length: 2 ** 12 }, () => 15),
      steps: new Uint8Array(15 * 2 ** 12),
      tags: [{ left: 1 }],
    });
    expect(memories).toHaveLength(1);
    expect(memories[0]?.buffer).toBe(buffer);
    expect(buffer.byteLength).toBe(8 * 65_536);
  });

  test('writes nowhere but where the map says', () => {
    const { exports } = new platform.Instance(module);
    const memory = new Uint8Array((exports['memory'] as Memory).buffer);
    const address = (global: string): number => (exports[global] as { value: number }).value;
    const regionOf = (global: string): Uint8Array => {
      const from = address(global);
      return memory.subarray(from, from + address(`${global}_BYTES`));
    };
    const call = (callee: string, ...args: number[]): void =>
      (exports[callee] as (...args: number[]) => void)(...args);
    const read = ['INPUT', 'LENGTHS', 'STEPS', 'TAGS'];
    const output = regionOf('OUTPUT');
    const table = memory.subarray(0x70000);
    const slack = memory.subarray(output.byteOffset + output.length, table.byteOffset);

    for (let proof = 0; proof < 4096; proof++) regionOf('LENGTHS')[2 * proof] = 1;
    const before = read.map((each) => regionOf(each).slice());
    const tableBefore = table.slice();
    slack.fill(0xa5);
    for (const right of [-1, 1]) {
      call('foldSubtrees', 8192, 13, 1, right, 1, right);
      call('foldSubtrees', 8192, 1, 1, right, 1, right);
      call('foldProofs', 4096, right);
    }
    for (const length of [32, 64, 200]) {
      call('hashLeaves', Math.min(4096, Math.floor(2 ** 18 / length)), length, 0);
    }

    expect(memory.subarray(0, 1024).every((byte) => byte === 0)).toBe(true);
    expect(read.map((each, i) => Buffer.compare(regionOf(each), before[i] as Uint8Array))).toEqual([
      0, 0, 0, 0,
    ]);
    expect(slack.length).toBe(32_768);
    expect(slack.subarray(8 * 32).every((byte) => byte === 0xa5)).toBe(true);
    expect(Buffer.compare(table, tableBefore)).toBe(0);
    expect(Buffer.compare(table, new Uint8Array(table.length))).not.toBe(0);
  });
});

describe('choosing a module', () => {
  test('SIMD where the platform validates it', () => {
    expect(createWasmHasher().name).toBe('wasm-simd');
    expect(createWasmHasher({}).name).toBe('wasm-simd');
    expect(createWasmHasher({ simd: 'auto' }).name).toBe('wasm-simd');
    expect(tryCreateWasmHasher()?.name).toBe('wasm-simd');
  });

  test('scalar where it does not, or cannot say, or the caller wants it', () => {
    expect(createWasmHasher({ simd: 'off' }).name).toBe('wasm-scalar');
    stubWebAssembly({ validate: () => false });
    expect(createWasmHasher().name).toBe('wasm-scalar');
    stubWebAssembly({ validate: undefined });
    expect(createWasmHasher().name).toBe('wasm-scalar');
  });

  test.each([
    [null, TypeError, 'ERR_ARGUMENT_TYPE'],
    ['off', TypeError, 'ERR_ARGUMENT_TYPE'],
    [{ simd: 'on' }, RangeError, 'ERR_ARGUMENT_RANGE'],
    [{ simd: true }, RangeError, 'ERR_ARGUMENT_RANGE'],
  ])('options %j are refused, by tryCreateWasmHasher too', (options, kind, code) => {
    for (const create of [createWasmHasher, tryCreateWasmHasher]) {
      const error = errorOf(() => create(options as WasmHasherOptions));
      expect(error).toBeInstanceOf(kind);
      expect(error).toMatchObject({ code });
    }
  });
});

describe('a platform without', () => {
  function expectUnsupported(): void {
    const error = errorOf(() => createWasmHasher());
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({ code: 'ERR_NO_WEBASSEMBLY' });
    expect(tryCreateWasmHasher()).toBeUndefined();
  }

  test('WebAssembly', () => {
    vi.stubGlobal('WebAssembly', undefined);
    expectUnsupported();
  });

  test('leave to compile, as under a content security policy', () => {
    stubWebAssembly({
      Module: class {
        constructor() {
          throw new platform.CompileError('refused by policy');
        }
      },
    });
    expectUnsupported();
  });

  test('room for an instance', () => {
    stubWebAssembly({
      Instance: class {
        constructor() {
          throw new RangeError('out of memory');
        }
      },
    });
    expectUnsupported();
  });

  test('any other failure is not taken for a missing platform', () => {
    vi.stubGlobal('WebAssembly', platform);
    const broken = {
      get simd(): never {
        throw new SyntaxError('not ours');
      },
    };
    expect(() => tryCreateWasmHasher(broken)).toThrow(SyntaxError);
  });
});

describe('the self-test', () => {
  test('its answers are those of the naive reference', () => {
    expect(passesSelfTest(naiveHasher)).toBe(true);
  });

  /** A module in which one bit differs, in the first place where it holds the given bytes. */
  function damaged(bytes: Uint8Array, find: readonly number[]): Uint8Array {
    const at = Buffer.from(bytes).indexOf(Buffer.from(find));
    expect(at).toBeGreaterThan(0);
    const copy = new Uint8Array(bytes);
    copy[at] = (copy[at] as number) ^ 1;
    return copy;
  }

  test.each(
    modules.flatMap(
      ([name, bytes]) =>
        [
          [name, 'first round constant', bytes, [0x98, 0x2f, 0x8a, 0x42]],
          [name, 'last round constant', bytes, [0xf2, 0x78, 0x71, 0xc6]],
          [name, 'first initial value', bytes, [0x67, 0xe6, 0x09, 0x6a]],
          [name, 'last initial value', bytes, [0x19, 0xcd, 0xe0, 0x5b]],
        ] as const,
    ),
  )('%s with one bit of its %s flipped is not let out', (name, _, bytes, find) => {
    const error = errorOf(() => createWasmEngine(platform, damaged(bytes, find), name));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({ code: 'ERR_SELF_TEST' });
  });

  test('a wrong module behind the public door is refused, and tryCreateWasmHasher gives nothing', () => {
    stubWebAssembly({
      Module: class {
        constructor(bytes: Uint8Array) {
          return new platform.Module(damaged(bytes, [0x98, 0x2f, 0x8a, 0x42]));
        }
      },
    });
    for (const simd of ['auto', 'off'] as const) {
      expect(errorOf(() => createWasmHasher({ simd }))).toMatchObject({ code: 'ERR_SELF_TEST' });
      expect(tryCreateWasmHasher({ simd })).toBeUndefined();
    }
  });

  /** The naive reference with one bit of one digest flipped, where `applies` says so. */
  function faulty(applies: (method: string, count: number) => number | undefined): TreeHasher {
    const flip = (method: string, digests: Uint8Array): Uint8Array => {
      const index = applies(method, digests.length / 32);
      if (index !== undefined) digests[32 * index + 31] = (digests[32 * index + 31] as number) ^ 0x80;
      return digests;
    };
    return {
      name: 'wasm-simd',
      hashPairs: (...args) => flip('hashPairs', naiveHasher.hashPairs(...args)),
      foldSubtrees: (...args) => flip('foldSubtrees', naiveHasher.foldSubtrees(...args)),
      hashLeaves: (...args) => flip('hashLeaves', naiveHasher.hashLeaves(...args)),
      foldProofs: (...args) => flip('foldProofs', naiveHasher.foldProofs(...args)),
    };
  }

  test('one wrong bit is caught: of any pair in any batch, of any subtree, leaf or proof', () => {
    const places: [string, number, number][] = [];
    for (let count = 1; count <= 9; count++) {
      for (let index = 0; index < count; index++) places.push(['hashPairs', count, index]);
    }
    for (let index = 0; index < 3; index++) places.push(['foldSubtrees', 3, index]);
    for (const count of [1, 4, 9]) {
      for (let index = 0; index < count; index++) places.push(['hashLeaves', count, index]);
    }
    for (let index = 0; index < 12; index++) places.push(['foldProofs', 12, index]);
    for (const [method, count, index] of places) {
      const engine = faulty((m, n) => (m === method && n === count ? index : undefined));
      expect(passesSelfTest(engine), `${method} ${index} of ${count}`).toBe(false);
    }
  });

  test('an engine that traps does not pass', () => {
    const trap = (): never => {
      throw new Error('unreachable');
    };
    expect(passesSelfTest({ ...naiveHasher, foldSubtrees: trap })).toBe(false);
  });

  test('engines are independent of each other', () => {
    const hashes = noise(640);
    const [one, two] = [createWasmHasher(), createWasmHasher()];
    const first = one.hashPairs(hashes, { left: 1 });
    two.hashPairs(noise(640, 2), { left: 2 });
    expect(one.hashPairs(hashes, { left: 1 })).toEqual(first);
  });
});
