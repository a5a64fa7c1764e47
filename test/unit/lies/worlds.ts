/** Beginnings of stories about owners. */

import type { Client } from '../../../src/transparency/client/client.js';
import { owning } from '../client-world.js';
import type { HonestLog, LogOptions } from '../honest-log.js';
import { update } from './asking.js';
import type { Telling } from './telling.js';

/** The distinguished entry at which alice's ownership begins. The next ones are 23, 31 and 39. */
export const START = 15;
/** Alice's greatest version there. */
export const AT_START = 5;

/** Alice has versions 0 to 5, the last in entry 15, where she begins to own the label. */
export async function owned(
  t: Telling,
  size: number,
  options: Partial<LogOptions> = {},
): Promise<{ readonly log: HonestLog; readonly owner: Client }> {
  const log = await t.log(size, options, (position) => (position <= START && position % 3 === 0 ? 1 : 0));
  return { log, owner: await owning(log, START) };
}

/** The owner creates a version. */
export async function publish(t: Telling, owner: Client, log: HonestLog, value = 'mine'): Promise<Client> {
  return t.take(await update(owner, log, [value]));
}
