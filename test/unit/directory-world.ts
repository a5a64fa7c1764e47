/** A directory over a log, and the devices and contacts that use it. The log's two slow parts are hashes. */

import { verifyPublication } from '../../src/directory.js';
import {
  deriveFirstPosition,
  deriveNextPosition,
  draftFirstList,
  draftMessagingKeyChange,
  generatePrivateKey,
  signDeviceList,
  type VerifiedDeviceList,
} from '../../src/keys.js';
import type { AccessRule, Operator } from '../../src/operator.js';
import { ed25519 } from '../../src/suites.js';
import { type Client, createClient, type DueMonitoring } from '../../src/transparency.js';
import { BOB, entryOf, firstList, makeDevice } from '../support/accounts.js';
import {
  bytesOf,
  createWorld,
  quickSuite,
  SUITES,
  type World,
  type WorldSettings,
} from './operator-world.js';

export const IDENTIFIER: Uint8Array = bytesOf(BOB);
export const QUICK = quickSuite(SUITES[0] as (typeof SUITES)[number]);

const accountKey = generatePrivateKey(ed25519);
const phone = makeDevice('phone');
const laptop = makeDevice('laptop');
/** Device keys by the id of the author. */
const AUTHORS = { phone, laptop } as const;
export type Author = keyof typeof AUTHORS;

/** Bob's first list, of two devices. */
export const FIRST: VerifiedDeviceList = firstList(accountKey, [phone, laptop]);

/** A list that begins an account at this sequence. */
export function firstAt(sequence: number): VerifiedDeviceList {
  const position = deriveFirstPosition({ identifier: BOB, accountKey: accountKey.publicKey, sequence });
  return signDeviceList(draftFirstList(position, [entryOf(phone, position)]), [accountKey]);
}

const made = new Map<string, VerifiedDeviceList>();

/** The list after another, by one of Bob's devices: the same for the same question. */
export function after(list: VerifiedDeviceList, author: Author = 'phone'): VerifiedDeviceList {
  const key = `${Buffer.from(list.listId).toString('hex')} ${author}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const device = entryOf(AUTHORS[author], deriveNextPosition(list), `keys after ${list.sequence}`);
  const draft = draftMessagingKeyChange(list, { author, devices: [device] });
  const next = signDeviceList(draft, [accountKey, AUTHORS[author].key]);
  made.set(key, next);
  return next;
}

/** Lists 0 to `count` - 1. */
export function chain(count: number): VerifiedDeviceList[] {
  const lists = [FIRST];
  while (lists.length < count) lists.push(after(lists.at(-1) as VerifiedDeviceList));
  return lists;
}

/** A directory as a server has it. */
export class Server {
  readonly world: World;
  readonly operator: Operator;
  nowMs = 1_000_000;

  private constructor(world: World, operator: Operator) {
    this.world = world;
    this.operator = operator;
  }

  /** @param checks whether it verifies what is published */
  static async open(settings: WorldSettings = {}, checks = true): Promise<Server> {
    const world = createWorld({ suite: QUICK, ...settings });
    const opened: { operator?: Operator } = {};
    const access: AccessRule<unknown> = async ({ operation, request }) => {
      if (operation === 'update') {
        verifyPublication(request, await (opened.operator as Operator).newest(request.label));
      }
      return true;
    };
    opened.operator = await world.open(checks ? { access } : {});
    const server = new Server(world, opened.operator);
    await server.fill(3);
    return server;
  }

  /** Entries of other people, some time apart. */
  async fill(count: number, stepMs = 10): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.nowMs += stepMs;
      const label = bytesOf(`other ${this.operator.head?.treeSize ?? 0}`);
      await this.operator.insert([{ label, values: [bytesOf('x')] }], { nowMs: this.nowMs });
    }
  }

  /** Logs a value without looking at it: what a lying operator does. */
  async smuggle(value: Uint8Array, identifier: Uint8Array = IDENTIFIER): Promise<void> {
    this.nowMs += 10;
    await this.operator.insert([{ label: identifier, values: [value] }], { nowMs: this.nowMs });
  }

  /** The responses to an update request, or the code that refuses it. */
  async update(request: Uint8Array): Promise<readonly Uint8Array[] | string> {
    this.nowMs += 10;
    const [outcome] = await this.operator.update([{ request }], { nowMs: this.nowMs });
    return outcome?.responses ?? String(outcome?.refusal?.code);
  }

  watch({ operation }: Pick<DueMonitoring, 'operation'>, request: Uint8Array): Promise<Uint8Array> {
    return operation === 'owner'
      ? this.operator.ownerMonitor(request)
      : this.operator.contactMonitor(request);
  }

  client(state?: Uint8Array): Client {
    return createClient(this.world.bytes, { suite: this.world.suite, state });
  }

  /** A client's walk over the distinguished heads. */
  async heads(client: Client = this.client()) {
    const { request, verify } = client.distinguishedHeads();
    return verify(await this.operator.distinguished(request), { nowMs: this.nowMs });
  }
}
