/** Key transparency through `transparency.js`: every structure read, and written again as the same bytes. */
import type { CipherSuiteId, DeploymentMode } from 'contact-key-verification/transparency.js';
import { expect } from 'vitest';
import { LIBRARY, type LibraryStructure, type Setting, shown } from '../support/keytrans-library.js';
import { bytes, type Fields, hex, number, text } from './files.js';

const settingOf = (input: Fields): Setting => ({
  ciphersuite: number(input['ciphersuite']) as CipherSuiteId,
  mode: text(input['mode']) as DeploymentMode,
  namesVersion: input['namesVersion'] === true,
});

function judge({ parse, encode }: LibraryStructure, input: Fields): Fields {
  const setting = settingOf(input);
  const whole = bytes(input['bytes']);
  const value = parse(whole, setting);
  expect(hex(encode(value, setting))).toBe(hex(whole));
  return { value: shown(value) };
}

/** By structure: what the library makes of an input. */
export const WIRE_JUDGES: Readonly<Record<string, (input: Fields) => Fields>> = Object.fromEntries(
  Object.entries(LIBRARY).map(([name, structure]) => [
    `Kt${name}`,
    (input: Fields) => judge(structure, input),
  ]),
);
