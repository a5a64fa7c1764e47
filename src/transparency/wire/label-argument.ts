/** Labels as programs pass them: checked and copied once, before anything is asked or answered. */

import { assertBytes } from '../../bytes/compare.js';
import { ArgumentRangeError } from '../../errors.js';
import { LABEL_MAX_BYTES } from './wire-bounds.js';

/** A label, fresh. @throws ArgumentTypeError no bytes; ArgumentRangeError more than 255 */
export function copyOfLabel(label: Uint8Array): Uint8Array {
  assertBytes(label, 'label');
  if (label.length > LABEL_MAX_BYTES) throw new ArgumentRangeError('a label has at most 255 bytes');
  return Uint8Array.from(label);
}
