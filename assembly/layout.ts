/**
 * The memory map. Everything is static: nothing is allocated, the memory never grows, and no address comes
 * from outside. Eight pages of 64 KiB, as asconfig.json declares.
 *
 *     address   bytes
 *     0x00000   1,024     unused, so that address 0 stays invalid
 *     0x00400   288       constants: K and H(0), placed here by the compiler (`memoryBase`)
 *     0x00600   36        LANES       where the message of each lane begins
 *     0x00640   768       TEMPLATES   four: what is not data in a block
 *     0x00a00   288       STATE       chaining values: of two streams, 8 words each in four lanes; of the scalar lane
 *     0x00c00   288       INITIAL     H(0) in the same form
 *     0x01000   2,048     WORDS       message schedules of two streams: W0 to W63, each in four lanes
 *     0x01800   256       LANE_WORDS  message schedule of the scalar lane
 *     0x02000   2,048     SUMS        what the rounds read: W + K of two streams
 *     0x02800   256       LANE_SUMS   W + K of the scalar lane
 *     0x03000   2,048     TAIL_SUMS   W + K of the second block of 65-byte pairs
 *     0x03800   1,152     SLOTS       nine messages of proofs, 128 bytes each
 *     0x03d00   288       CURRENT     the hashes that nine proofs have come to
 *     0x03e40   144       CURSORS     where nine proofs go on
 *     0x03f00   256       TAGS        written by the host: what the steps of proofs name
 *     0x04000   8,192     STEPS       written by the host: the steps of proofs
 *     0x06000   8,192     LENGTHS     written by the host: steps of each proof
 *     0x08000   262,144   INPUT       written by the host: hashes or leaves
 *     0x48000   131,072   OUTPUT      read by the host: digests; levels above the lowest fold in place here
 *     0x68000   32,768    slack: a group writes all its digests, up to eight more than were asked for
 *     0x70000   65,536    TABLE       W + K of the second block of a 65-byte pair, for each last byte
 *     0x80000             end
 *
 * The window (INPUT and OUTPUT) is small enough to stay in a core's second-level cache, and large enough that
 * the cost of a call vanishes: 8,192 hashes are a balanced subtree of height 13, or a millisecond's work.
 *
 * Blocks are read 16 bytes at a time from where the data lies, up to two bytes before it and a block beyond its
 * end. So INPUT and OUTPUT stand between other regions; a template blots out what is not the message's.
 */

/** Bytes of a vector, which holds one word of each of four lanes. */
export const V: usize = 16;

/** Addresses of nine messages, 4 bytes each: lanes 0 to 3 are stream 0, 4 to 7 stream 1, and the scalar lane is last. */
export const LANES: usize = 0x0600;

/** Templates, see template.ts. */
export const TEMPLATES: usize = 0x0640;

/** Chaining values H0 to H7, and those that every message starts from. */
export const STATE: usize = 0x0a00;
export const INITIAL: usize = 0x0c00;
/** In both: bytes of one stream's, and where the scalar lane's stand. */
export const STREAM_STATE_BYTES: usize = 0x80;
export const LANE_STATE: usize = 0x100;

/** Message schedules W0 to W63. */
export const WORDS: usize = 0x1000;
export const LANE_WORDS: usize = 0x1800;
/** Sums W + K, in the same form. */
export const SUMS: usize = 0x2000;
export const LANE_SUMS: usize = 0x2800;
/** The same for the second block of 65-byte pairs, most of which never changes. */
export const TAIL_SUMS: usize = 0x3000;
/** Bytes of one stream's schedule or sums. */
export const STREAM_BYTES: usize = 0x400;

/** Staged messages, and where the proofs that they belong to stand. */
export const SLOTS: usize = 0x3800;
export const SLOT_BYTES: usize = 128;
export const CURRENT: usize = 0x3d00;
export const CURSORS: usize = 0x3e40;
export const CURSOR_BYTES: usize = 16;

/** What the host says about proofs. */
export const TAGS: usize = 0x3f00;
export const TAGS_BYTES: usize = 0x100;
export const STEPS: usize = 0x4000;
export const STEPS_BYTES: usize = 0x2000;
export const LENGTHS: usize = 0x6000;
export const LENGTHS_BYTES: usize = 0x2000;

/** Window for input. */
export const INPUT: usize = 0x08000;
export const INPUT_BYTES: usize = 0x40000;

/** Window for output. */
export const OUTPUT: usize = 0x48000;
export const OUTPUT_BYTES: usize = 0x20000;

/** 256 rows of 64 sums W + K. */
export const TABLE: usize = 0x70000;
export const TABLE_ROW_BYTES: usize = 256;
