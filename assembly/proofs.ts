/**
 * Proofs, each in a lane of its own: a hash is joined with one sibling after another, and what comes out at the
 * end is the root that the proof leads to. A lane whose proof has ended takes the next one, so proofs of unlike
 * lengths keep all lanes at work until the last few.
 */

import { GROUP_MAX, compressBlock, compressTail, finish, groupSize, setLanes } from './group';
import {
  CURRENT,
  CURSORS,
  CURSOR_BYTES,
  INPUT,
  LENGTHS,
  OUTPUT,
  SLOTS,
  SLOT_BYTES,
  STEPS,
  TAGS,
} from './layout';
import { PLAIN } from './template';

// A cursor: where the proof in a lane goes on. Four addresses.
const SIBLING: usize = 0;
const STEP: usize = 4;
const END: usize = 8;
const RESULT: usize = 12;

/**
 * Folds the proofs in INPUT into OUTPUT.
 *
 * INPUT holds, for each proof, the hash that it starts from and then its siblings; LENGTHS how many siblings
 * (16 bits each); STEPS a byte for each sibling: twice the number of an entry in TAGS, and 1 more where the
 * sibling stands on the left; TAGS two bytes an entry, left and right.
 * @param count proofs
 * @param wide whether the pairs are of 66 bytes; where not, right tags count for nothing
 */
export function foldProofs(count: u32, wide: bool): void {
  let hashes = INPUT;
  let step = STEPS;
  let taken: u32 = 0;
  let active: u32 = 0;
  for (;;) {
    for (; active < GROUP_MAX && taken < count; taken++) {
      const length: usize = load<u16>(LENGTHS + 2 * taken);
      const result = OUTPUT + 32 * taken;
      if (length == 0) {
        copyHash(result, hashes);
      } else {
        copyHash(CURRENT + 32 * active, hashes);
        setCursor(active, hashes + 32, step, step + length, result);
        active++;
      }
      hashes += 32 * (length + 1);
      step += length;
    }
    if (active == 0) return;

    for (let lane: u32 = 0; lane < active; lane++) stage(lane, wide);
    hashSlots(active, wide);
    for (let lane = active; lane > 0; lane--) {
      if (!advance(lane - 1)) continue;
      active--;
      copyHash(CURRENT + 32 * (lane - 1), CURRENT + 32 * active);
      memory.copy(CURSORS + CURSOR_BYTES * (lane - 1), CURSORS + CURSOR_BYTES * active, CURSOR_BYTES);
    }
  }
}

function setCursor(lane: u32, sibling: usize, step: usize, end: usize, result: usize): void {
  const cursor = CURSORS + CURSOR_BYTES * lane;
  store<u32>(cursor, sibling, SIBLING);
  store<u32>(cursor, step, STEP);
  store<u32>(cursor, end, END);
  store<u32>(cursor, result, RESULT);
}

/** Writes the message of a lane's next step into its slot. */
function stage(lane: u32, wide: bool): void {
  const cursor = CURSORS + CURSOR_BYTES * lane;
  const current = CURRENT + 32 * lane;
  const sibling: usize = load<u32>(cursor, SIBLING);
  const step = load<u8>(load<u32>(cursor, STEP));
  const tags = TAGS + (step & ~1);
  const siblingFirst = (step & 1) == 1;

  const slot = SLOTS + SLOT_BYTES * lane;
  const right: usize = wide ? 34 : 33;
  store<u8>(slot, load<u8>(tags));
  if (wide) store<u8>(slot, load<u8>(tags, 1), 33);
  copyHash(slot + 1, siblingFirst ? sibling : current);
  copyHash(slot + right, siblingFirst ? current : sibling);
}

/** Hashes the staged messages of the first lanes into CURRENT. */
function hashSlots(count: u32, wide: bool): void {
  for (let first: u32 = 0; first < count; ) {
    const size = groupSize(count - first);
    setLanes(size, SLOTS + SLOT_BYTES * first, SLOT_BYTES, count - first);
    compressBlock(size, 0, PLAIN);
    compressTail(size, wide ? 62 : 61, wide);
    finish(size, CURRENT + 32 * first);
    first += size;
  }
}

/** Moves a lane past its step. Where that was the last, writes the result and says so. */
function advance(lane: u32): bool {
  const cursor = CURSORS + CURSOR_BYTES * lane;
  const step = load<u32>(cursor, STEP) + 1;
  store<u32>(cursor, step, STEP);
  store<u32>(cursor, load<u32>(cursor, SIBLING) + 32, SIBLING);
  if (step < load<u32>(cursor, END)) return false;
  copyHash(load<u32>(cursor, RESULT), CURRENT + 32 * lane);
  return true;
}

/** Copies a hash of 32 bytes. */
function copyHash(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
  store<u64>(to, load<u64>(from, 16), 16);
  store<u64>(to, load<u64>(from, 24), 24);
}
