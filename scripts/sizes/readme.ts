/** The sizes in the README: the last column of the table of doors, and a list of what few names cost. */

import type { Sizes } from './measure.js';

const WHOLE = /^export \* from '(.+)';$/;
const SELECTION = /export \{ (.+?) \} from/g;

/** Bytes as people read them, in units of 1000. */
const shown = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/**
 * The text with the sizes put in.
 * @throws Error where the text has no place for one of them
 */
export function withSizes(text: string, sizes: Sizes): string {
  return Object.entries(sizes).reduce((before, [module, bytes]) => {
    const door = WHOLE.exec(module)?.[1];
    const names = Array.from(module.matchAll(SELECTION), ([, some = '']) => some.split(', ')).flat();
    // The size is whatever stands last in the row of this door, or of these names.
    const first = door ?? names.join('`, `');
    const place = new RegExp(`^(\\| \`${first}\` \\|.*\\|) [^|\\n]* \\|$`, 'm');
    if (!place.test(before)) throw new Error(`there is no row for ${module}`);
    return before.replace(place, `$1 ${shown(bytes)} |`);
  }, text);
}
