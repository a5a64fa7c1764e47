/** All lies. */

import { LIES_OF_AUDITORS } from './auditors.js';
import { LIES_ACROSS_LOGS } from './crossings.js';
import { LIES_ABOUT_HEADS } from './heads.js';
import { LIES_TO_SEARCHERS } from './searches.js';
import type { NamedLie } from './telling.js';

/** By what they are about. */
export const LIES: readonly (readonly [about: string, lies: readonly NamedLie[]])[] = [
  ['The tree and the time', LIES_ABOUT_HEADS],
  ['Searches', LIES_TO_SEARCHERS],
  ['Other labels, logs, modes, suites and keys', LIES_ACROSS_LOGS],
  ['Auditors', LIES_OF_AUDITORS],
];
