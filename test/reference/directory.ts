/** Device lists in a log, and what devices tell each other of its heads: CKV/1, "The log". */

import { decodeSignedDeviceList, listId } from './device-list.js';
import { demand, Reader, Refusal } from './encoding.js';
import { judge } from './judgement.js';

export interface SeenHead {
  readonly position: number;
  readonly root: Buffer;
}

/** SeenHeads, at most as long as 255 heads are. */
export function readSeenHeads(bytes: Uint8Array): SeenHead[] {
  demand(bytes.length <= 2 + 255 * 40, 'too-large');
  const reader = new Reader(bytes);
  demand(reader.uint(1) === 1, 'unknown-version');
  const heads = reader.vector(255, () => ({ position: reader.uint(8), root: reader.fixed(32) }));
  reader.end();
  for (let i = 1; i < heads.length; i++) {
    demand((heads[i] as SeenHead).position > (heads[i - 1] as SeenHead).position, 'head-order');
  }
  return heads;
}

/** "Within the span of positions that both lists cover they are equal, or the log has two faces." */
export function compareSeenHeads(own: Uint8Array, peer: Uint8Array): 'none' | 'fork' {
  const [a, b] = [readSeenHeads(own), readSeenHeads(peer)];
  const covers = (heads: readonly SeenHead[], position: number): boolean =>
    heads.some((head) => head.position <= position) && heads.some((head) => head.position >= position);
  const text = (heads: readonly SeenHead[]): string =>
    heads
      .filter(({ position }) => covers(a, position) && covers(b, position))
      .map(({ position, root }) => `${position} ${root.toString('hex')}`)
      .join();
  return text(a) === text(b) ? 'none' : 'fork';
}

/**
 * What a directory lets into its log.
 * @param known the newest sequence that the user knows; -1 for none
 * @param newest the list that the log holds as that sequence
 * @returns the list id; `undefined` where the log takes nothing, as its user does not know the newest list
 */
export function publish(
  identifier: Buffer,
  known: number,
  newest: Buffer | undefined,
  bytes: Buffer,
): Buffer | undefined {
  const greatest = newest === undefined ? -1 : decodeSignedDeviceList(newest).list.sequence;
  demand(known <= greatest, 'version-unknown');
  if (known < greatest) return undefined;
  const verdict = judge(bytes, identifier, newest, undefined);
  if ('refused' in verdict) throw new Refusal(verdict.refused);
  if (verdict.kind === 'gap') throw new Refusal('gap');
  const { list } = decodeSignedDeviceList(bytes);
  demand(list.sequence === greatest + 1, 'list-misfiled');
  return listId(list);
}
