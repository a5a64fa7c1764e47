/**
 * What the host calls. It writes into the regions that bear its name, calls one function, and reads from OUTPUT;
 * it alone answers for counts that fit the window. Nothing is imported, and nothing but constants is kept from
 * one call to the next.
 */

import { prepare } from './group';
import { writeTable } from './tail';
import { PLAIN, writePlain } from './template';

export {
  INPUT,
  INPUT_BYTES,
  LENGTHS,
  LENGTHS_BYTES,
  OUTPUT,
  OUTPUT_BYTES,
  STEPS,
  STEPS_BYTES,
  TAGS,
  TAGS_BYTES,
} from './layout';
export { hashLeaves } from './leaves';
export { foldSubtrees } from './pairs';
export { foldProofs } from './proofs';

// On instantiation: half a millisecond's work.
writeTable();
writePlain(PLAIN);
prepare();
