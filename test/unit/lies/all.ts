/** All lies. */

import { LIES_OF_AUDITORS } from './auditors.js';
import { LIES_ACROSS_LOGS } from './crossings.js';
import { LIES_ABOUT_HEADS } from './heads.js';
import { LIES_TO_SEARCHERS } from './searches.js';
import { LIES_OF_MANAGERS } from './managers.js';
import { LIES_TO_MONITORS } from './monitoring.js';
import { LIES_TO_NEW_OWNERS } from './new-owners.js';
import { LIES_TO_OWNERS } from './owners.js';
import type { NamedLie } from './telling.js';
import { LIES_TO_UPDATERS } from './updates.js';
import { LIES_ABOUT_VALUES } from './values.js';
import { FORKS } from './forks.js';

/** By what they are about. */
export const LIES: readonly (readonly [about: string, lies: readonly NamedLie[]])[] = [
  ['The tree and the time', LIES_ABOUT_HEADS],
  ['Searches', LIES_TO_SEARCHERS],
  ['Values', LIES_ABOUT_VALUES],
  ['Other labels, logs, modes, suites and keys', LIES_ACROSS_LOGS],
  ['Monitoring of contacts', LIES_TO_MONITORS],
  ['Owners who begin', LIES_TO_NEW_OWNERS],
  ['Owners', LIES_TO_OWNERS],
  ['Updates', LIES_TO_UPDATERS],
  ['Forks', FORKS],
  ['Auditors', LIES_OF_AUDITORS],
  ['Third-party managers', LIES_OF_MANAGERS],
];
