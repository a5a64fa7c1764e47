/**
 * CKV/1, "Codes that need no session": the public code, over Bech32m as BIP 350 defines it.
 */
import { type DeviceList, chainOf } from './device-list.js';
import { concat, demand, equal, uint } from './encoding.js';
import { type PublicKey, equalKeys, keyId } from './keys.js';

// ------------------------------------------------------------------------------------- Bech32m (BIP 173, BIP 350)

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2n, 0x26508e6dn, 0x1ea119fan, 0x3d4233ddn, 0x2a1462b3n];
const BECH32M = 0x2bc830a3n;

/** The BCH residue: 30 bits, five shifted in at a time. */
function polymod(values: readonly number[]): bigint {
  let residue = 1n;
  for (const value of values) {
    const top = residue / 2n ** 25n;
    residue = (residue % 2n ** 25n) * 32n;
    residue ^= BigInt(value);
    GENERATORS.forEach((generator, i) => {
      if ((top / 2n ** BigInt(i)) % 2n === 1n) residue ^= generator;
    });
  }
  return residue;
}

/** High bits of every character, a zero, low bits of every character. */
function expand(humanPart: string): number[] {
  const codes = [...humanPart].map((character) => character.charCodeAt(0));
  return [...codes.map((code) => Math.floor(code / 32)), 0, ...codes.map((code) => code % 32)];
}

export function encodeBech32m(humanPart: string, data: readonly number[]): string {
  const residue = polymod([...expand(humanPart), ...data, 0, 0, 0, 0, 0, 0]) ^ BECH32M;
  const checksum = [5n, 4n, 3n, 2n, 1n, 0n].map((i) => Number((residue / 32n ** i) % 32n));
  return `${humanPart}1${[...data, ...checksum].map((value) => ALPHABET[value]).join('')}`;
}

export function decodeBech32m(text: string): { humanPart: string; data: number[] } {
  demand(text.length <= 90, 'too-large');
  demand(
    [...text].every((c) => c.charCodeAt(0) >= 33 && c.charCodeAt(0) <= 126),
    'text-invalid',
  );
  // "all lower or all upper case (mixed is refused)"
  const lower = text.toLowerCase();
  demand(text === lower || text === text.toUpperCase(), 'text-invalid');
  const separator = lower.lastIndexOf('1');
  demand(separator >= 1 && lower.length - separator - 1 >= 6, 'text-invalid');
  const humanPart = lower.slice(0, separator);
  const values = [...lower.slice(separator + 1)].map((character) => ALPHABET.indexOf(character));
  demand(!values.includes(-1), 'text-invalid');
  demand(polymod([...expand(humanPart), ...values]) === BECH32M, 'text-invalid');
  return { humanPart, data: values.slice(0, -6) };
}

// ------------------------------------------------------------------------------------- the public code

/**
 * "Bech32m, human part `ckv`, data the 33 bytes `0x01 ‖ keyId` regrouped into 5-bit values: 63 characters". 264 bits
 * make 53 values, the last with one bit of padding, zero as BIP 173 has it.
 */
export function publicCode(accountKey: PublicKey): string {
  const bits = [...concat(uint(1, 1), keyId(accountKey))].map((b) => b.toString(2).padStart(8, '0')).join('');
  const data = (bits.padEnd(265, '0').match(/.{5}/g) as string[]).map((group) => Number.parseInt(group, 2));
  return encodeBech32m('ckv', data);
}

/** The keyId in a public code. The version is read before the length: another version may have another. */
export function decodePublicCode(text: string): Buffer {
  const { humanPart, data } = decodeBech32m(text);
  demand(humanPart === 'ckv', 'text-invalid');
  const bits = data.map((value) => value.toString(2).padStart(5, '0')).join('');
  demand(bits.length >= 8, 'truncated');
  demand(Number.parseInt(bits.slice(0, 8), 2) === 1, 'unknown-version');
  demand(text.length === 63, 'text-invalid');
  demand(bits.slice(264) === '0', 'text-invalid');
  const bytes = (bits.slice(0, 264).match(/.{8}/g) as string[]).map((byte) => Number.parseInt(byte, 2));
  return Buffer.from(bytes.slice(1));
}

/** "`comparePublicCode(code, list)` → `current`, `earlier` (a key of the chain) or `other`" */
export function comparePublicCode(
  text: string,
  list: Pick<DeviceList, 'successions' | 'account_key'>,
): 'current' | 'earlier' | 'other' {
  const id = decodePublicCode(text);
  const key = chainOf(list).find((candidate) => equal(keyId(candidate), id));
  if (key === undefined) return 'other';
  return equalKeys(key, list.account_key) ? 'current' : 'earlier';
}
