/** Key names of notes, over all of Unicode: the table in the source against the properties it spells out. */

import { expect, test } from 'vitest';
import { isKeyName } from '../../src/log/signed-note.js';

test('a name holds no white space, control, lone surrogate or plus', () => {
  const differing: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const allowed = !/[\p{White_Space}\p{Cc}\p{Surrogate}+]/u.test(character);
    if (isKeyName(character) !== allowed) differing.push(code.toString(16));
  }
  expect(differing).toEqual([]);
  expect(isKeyName('')).toBe(false);
  expect(isKeyName('example.com/log')).toBe(true);
});
