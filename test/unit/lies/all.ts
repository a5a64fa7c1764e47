/** All lies. */

import { LIES_OF_AUDITORS } from './auditors.js';
import { LIES_ABOUT_HEADS } from './heads.js';
import type { NamedLie } from './telling.js';

/** By what they are about. */
export const LIES: readonly (readonly [about: string, lies: readonly NamedLie[]])[] = [
  ['The tree and the time', LIES_ABOUT_HEADS],
  ['Auditors', LIES_OF_AUDITORS],
];
