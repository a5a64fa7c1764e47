/** A log with a third-party manager, and the requests that a service operator sends to it. */

import type { Operator, UpdateOutcome } from '../../src/operator.js';
import { type Client, createClient } from '../../src/transparency.js';
import { encodeUpdateTbs, type UpdateValue } from '../../src/transparency/wire/update.js';
import { encodeManagerUpdateRequest } from '../../src/transparency/wire/update-messages.js';
import { bytesOf, createWorld, type World, type WorldSettings } from './operator-world.js';

export const LABEL: Uint8Array = bytesOf('ann');

export function managedWorld(settings: WorldSettings): World {
  return createWorld({ windowMs: 25, isManaged: true, ...settings });
}

/** A value as the service operator signs it. */
export function signedValue(
  { configuration: config, signValue }: World,
  version: number,
  value: string,
  label: Uint8Array = LABEL,
): UpdateValue {
  const bytes = bytesOf(value);
  const signature = signValue(encodeUpdateTbs({ config, label, version, value: bytes }));
  return { value: bytes, suffix: { signature } };
}

/** What a request says, where that is not what an honest first one would. */
export interface Forwarding {
  readonly label?: Uint8Array;
  readonly last?: number | undefined;
  readonly greatest?: number | undefined;
  readonly signedVersion?: number;
  readonly values?: readonly UpdateValue[];
}

/** A request with these values, honestly signed for the versions from `signedVersion` on. */
export function forwarded(world: World, texts: readonly string[], given: Forwarding = {}): Uint8Array {
  const { label = LABEL, last, greatest } = given;
  const { signedVersion = texts.length === 0 ? 0 : (greatest ?? -1) + 1 } = given;
  const values = given.values ?? texts.map((value, i) => signedValue(world, signedVersion + i, value, label));
  return encodeManagerUpdateRequest(
    { last, label, greatestVersion: greatest, values, signedVersion },
    world.configuration,
  );
}

/** What the manager answers to one request. */
export async function ask(manager: Operator, request: Uint8Array, nowMs: number): Promise<UpdateOutcome> {
  const [outcome] = await manager.update([{ request }], { nowMs });
  return outcome as UpdateOutcome;
}

/** The code of a refusal, or how many responses there are. */
export async function fateOf(
  manager: Operator,
  request: Uint8Array,
  nowMs: number,
): Promise<string | number> {
  const { refusal, responses } = await ask(manager, request, nowMs);
  return refusal?.code ?? (responses as readonly Uint8Array[]).length;
}

/** A manager's log of so many entries, in which the label has versions as named: `-` is one that is skipped. */
export async function managedLog(
  world: World,
  entries: readonly (readonly string[])[],
  stepMs = 10,
): Promise<Operator> {
  const manager = await world.open();
  let greatest: number | undefined;
  for (const [i, versions] of entries.entries()) {
    const nowMs = 1000 + stepMs * i;
    const values = versions.filter((version) => version !== '-');
    if (values.length === 0) {
      await manager.insert([], { nowMs });
      continue;
    }
    const signedVersion = (greatest ?? -1) + 1 + versions.length - values.length;
    const outcome = await ask(manager, forwarded(world, values, { greatest, signedVersion }), nowMs);
    if (outcome.refusal !== undefined) throw outcome.refusal;
    greatest = (greatest ?? -1) + versions.length;
  }
  return manager;
}

export function userOf(world: World, state?: Uint8Array): Client {
  return createClient(world.bytes, { suite: world.suite, state });
}

/** A user who owns the label from a distinguished entry on. */
export async function ownerOf(
  world: World,
  manager: Operator,
  start: number,
  nowMs: number,
): Promise<Client> {
  const client = userOf(world);
  const { request, verify } = client.initializeOwner(LABEL, start);
  return client.at(verify(await manager.ownerInit(request), { nowMs }).after);
}
