/**
 * The memory map. Everything is static: nothing is allocated, the memory never grows, and no address comes
 * from outside. Seven pages of 64 KiB, as asconfig.json declares.
 *
 *     address   bytes
 *     0x00000   1,024     unused, so that address 0 stays invalid
 *     0x00400   288       constants: K and H(0), placed here by the compiler (`memoryBase`)
 *     0x00800   128       STATE      8 chaining words, each in four lanes
 *     0x00a00   512       BLOCKS     four slots of 128 bytes: padded messages of up to two blocks
 *     0x00c00   1,024     SCHEDULE   64 schedule words, each in four lanes
 *     0x10000   262,144   INPUT      written by the host: hashes or leaves
 *     0x50000   131,072   OUTPUT     read by the host: digests; levels above the lowest fold in place here
 *     0x70000             end
 *
 * The window (INPUT and OUTPUT) is small enough to stay in a core's second-level cache, and large enough that
 * the cost of a call vanishes: 8,192 hashes are a balanced subtree of height 13, or half a millisecond's work.
 */

/** Chaining values H0 to H7 of the group being hashed. */
export const STATE: usize = 0x0800;

/** Slots for messages, or parts of messages, that do not lie in INPUT the way SHA-256 reads them. */
export const BLOCKS: usize = 0x0a00;
/** Distance of the slots: two blocks. */
export const SLOT_BYTES: usize = 128;

/** Message schedule W0 to W63 of the compression under way. */
export const SCHEDULE: usize = 0x0c00;

/** Window for input. */
export const INPUT: usize = 0x10000;
export const INPUT_BYTES: usize = 0x40000;

/** Window for output. */
export const OUTPUT: usize = 0x50000;
export const OUTPUT_BYTES: usize = 0x20000;
