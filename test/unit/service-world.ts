/** A service operator and the manager of its log, and what is signed watched over. */

import { expect } from 'vitest';
import {
  createServiceOperator,
  type Operator,
  type OperatorStore,
  type ReviewedLabel,
  type ServiceHead,
  type ServiceOperator,
  type ServiceOperatorOptions,
} from '../../src/operator.js';
import { createMemoryNodeStore } from '../../src/prefix.js';
import type { CipherSuite } from '../../src/suites.js';
import { parseUpdateTbs } from '../../src/transparency/wire/update.js';
import { encodeUpdateRequest } from '../../src/transparency/wire/update-messages.js';
import { LABEL, managedWorld } from './manager-world.js';
import { bytesOf, quickSuite, SUITES, type World } from './operator-world.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Quick suites that parse no key twice: a history opens some ten logs. */
export const QUICK: readonly CipherSuite[] = SUITES.map(quickSuite).map((suite) => {
  const { signatures, vrf } = suite;
  return {
    ...suite,
    signatures: { ...signatures, parsePublicKey: remembered(signatures.parsePublicKey) },
    vrf: { ...vrf, parsePublicKey: remembered(vrf.parsePublicKey) },
  };
});

function remembered<Key>(parse: (bytes: Uint8Array) => Key): (bytes: Uint8Array) => Key {
  const known = new Map<string, Key>();
  return (bytes) => {
    const key = known.get(hex(bytes)) ?? parse(bytes);
    known.set(hex(bytes), key);
    return key;
  };
}
/** `expect`, for claims that are made in methods. */
const claim: typeof expect = expect;

/** What was signed: for each version of a label, the one value. It refuses to see another. */
export class Signatures {
  readonly values: Map<string, string> = new Map();
  readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  readonly sign = (tbs: Uint8Array): Uint8Array => {
    const { label, version, value } = parseUpdateTbs(tbs);
    const key = `${hex(label)} ${version}`;
    claim(this.values.get(key) ?? hex(value)).toBe(hex(value));
    this.values.set(key, hex(value));
    return this.world.signValue(tbs);
  };
}

export interface Scene {
  readonly world: World;
  readonly manager: Operator;
  readonly store: OperatorStore;
  readonly signatures: Signatures;
  readonly service: ServiceOperator;
  open(options?: Partial<ServiceOperatorOptions>): Promise<ServiceOperator>;
}

export async function sceneOf(suite: CipherSuite = QUICK[0] as CipherSuite): Promise<Scene> {
  const world = managedWorld({ suite });
  const manager = await world.open();
  const store = createMemoryNodeStore();
  const signatures = new Signatures(world);
  const open = (options: Partial<ServiceOperatorOptions> = {}) =>
    createServiceOperator(world.bytes, { suite, signer: signatures.sign, store, ...options });
  return { world, manager, store, signatures, service: await open(), open };
}

export const requestOf = (texts: readonly string[], greatestVersion?: number, label = LABEL): Uint8Array =>
  encodeUpdateRequest({
    last: undefined,
    label,
    greatestVersion,
    values: texts.map((text) => ({ value: bytesOf(text) })),
  });

/** Reviews a label. */
export async function review(
  { manager, service }: Pick<Scene, 'manager' | 'service'>,
  nowMs: number,
): Promise<ReviewedLabel> {
  const { request, verify } = service.review(LABEL);
  return verify(await manager.search(request), { nowMs });
}

export async function follow(
  { manager, service }: Pick<Scene, 'manager' | 'service'>,
  nowMs: number,
): Promise<ServiceHead> {
  const { request, verify } = service.follow();
  return verify(await manager.distinguished(request), { nowMs });
}

/** A store that fails once, at the n-th single value that is written or deleted; before it, or after. */
export function failing(inner: OperatorStore, at: number, isAfter: boolean): OperatorStore {
  let left = at;
  async function each<T>(work: () => Promise<T>): Promise<T> {
    left--;
    if (left === 0 && !isAfter) throw new Error('the store is out');
    const done = await work();
    if (left === 0) throw new Error('the store is out');
    return done;
  }
  return {
    getMany: (keys) => inner.getMany(keys),
    async putMany(entries) {
      for (const entry of entries) await each(() => inner.putMany([entry]));
    },
    putNew: (entry) => each(() => inner.putNew(entry)),
    async deleteMany(keys) {
      for (const key of keys) await each(() => inner.deleteMany([key]));
    },
  };
}
