/**
 * Bounds of the wire format. The draft's own are the widths of its vectors; those of ours are lower, so that nobody
 * makes a reader hold gigabytes, and stand here with their reasons.
 *
 * | constant | bound | why |
 * | --- | --- | --- |
 * | `LABEL_MAX_BYTES` | 255 | the draft |
 * | `VALUE_MAX_BYTES` | 2^20, not 2^32 - 1 | 16 times the largest signed device list; a value is held whole |
 * | `REQUEST_MAX_BYTES` | 4,096 | the largest request without values, with 255 monitored entries, has 3,339 |
 * | `CONFIGURATION_MAX_BYTES` | 2^18 | three keys at the draft's ceiling: a suite to come is news, not damage |
 * | `MESSAGE_MAX_BYTES` | 2^24 | room for what is honest, see below |
 *
 * 255 ladders of 20 lookups in a prefix tree of 2^40 leaves have 6 MB, the largest AuditorUpdate that the draft's counts
 * allow 11 MB.
 */

/** Bytes of a label (draft: `opaque label<0..2^8-1>`). */
export const LABEL_MAX_BYTES = 255;
/** Bytes of a value: 1 MiB, where the draft allows 2^32 - 1. */
export const VALUE_MAX_BYTES: number = 2 ** 20;
/** Bytes of a request that carries no values. */
export const REQUEST_MAX_BYTES = 4096;
/** Bytes of a Configuration. */
export const CONFIGURATION_MAX_BYTES: number = 2 ** 18;
/** Bytes of every other structure: 16 MiB. */
export const MESSAGE_MAX_BYTES: number = 2 ** 24;
