/** What operators do to their logs. Each leaves a log that is well formed, and signed. */

import { ALICE, hex, utf8 } from '../client-world.js';
import type { HonestLog, StoredVersion } from '../honest-log.js';

/** What the log holds of alice, changed. */
export function setHistory(log: HonestLog, change: (stored: StoredVersion) => StoredVersion): void {
  log.history.set(hex(ALICE), log.versionsOf(ALICE).map(change));
}

/**
 * Takes alice's newest version back: so many entries more, whose prefix tree is that of the entry before it.
 * @returns the version
 */
export async function takeBack(log: HonestLog, by = 3): Promise<number> {
  const taken = log.versionsOf(ALICE).at(-1) as StoredVersion;
  const until = log.size;
  setHistory(log, (stored) => (stored === taken ? { ...stored, until } : stored));
  const before = log.entries[taken.position - 1]?.prefixTree;
  for (let i = 0; i < by; i++) await log.appendLeaves(log.nowMs + 10, [], [], before);
  return log.versionsOf(ALICE).length - 1;
}

/** Puts another value in the place of alice's newest version, in an entry of its own. */
export async function replace(log: HonestLog, value: string): Promise<void> {
  const version = log.versionsOf(ALICE).length - 1;
  const replaced = log.versionsOf(ALICE)[version];
  setHistory(log, (stored) => (stored === replaced ? { ...stored, value: utf8(value) } : stored));
  await log.appendStored(log.nowMs + 10, ALICE, [version], [version]);
}

/** Gives alice a version that she knows nothing of. */
export async function slipIn(log: HonestLog, value = 'mallory'): Promise<void> {
  await log.append(log.nowMs + 10, [{ label: 'alice', values: [value] }]);
}

/** Nothing happens to alice. */
export async function idle(log: HonestLog, by: number): Promise<void> {
  for (let i = 0; i < by; i++)
    await log.append(log.nowMs + 10, [{ label: `user ${log.size}`, values: ['x'] }]);
}
