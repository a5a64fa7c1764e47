/** Public codes: a key's id as text. */
import { decodeSignedDeviceList, encodeSignedDeviceList } from '../../test/reference/device-list.js';
import { Reader } from '../../test/reference/encoding.js';
import {
  encodePublicKey,
  type KeyPair,
  keyId,
  type PublicKey,
  readPublicKey,
} from '../../test/reference/keys.js';
import {
  comparePublicCode,
  decodePublicCode,
  encodeBech32m,
  publicCode,
} from '../../test/reference/public-code.js';
import { account2, account3, IDENTIFIER, story } from './device-list-story.js';
import { alice, bob, mallory } from './people.js';
import { bytes, hex, type Json, text, VectorFile } from './vector-file.js';

export function readKey(value: Json | undefined): PublicKey {
  const reader = new Reader(bytes(value));
  const key = readPublicKey(reader);
  reader.end();
  return key;
}

/** Bytes in groups of five bits; the bits that are left over are filled up with `padding`. */
function words(data: Uint8Array, padding = '0'): number[] {
  const bits = Array.from(data, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const filled = bits.padEnd(Math.ceil(bits.length / 5) * 5, padding);
  return (filled.match(/.{5}/g) ?? []).map((group) => Number.parseInt(group, 2));
}

export function publicCodes(): VectorFile {
  const file = new VectorFile(
    'public-codes',
    'Public codes: the key id in Bech32m, and how a code compares.',
    {
      PublicCodeOf: (input) => ({ text: publicCode(readKey(input['publicKey'])) }),
      PublicCode: (input) => ({ keyId: hex(decodePublicCode(text(input['text']))) }),
      PublicCodeComparison: (input) => ({
        outcome: comparePublicCode(text(input['text']), decodeSignedDeviceList(bytes(input['signed'])).list),
      }),
    },
  );

  const key = (pair: KeyPair): string => hex(encodePublicKey(pair.publicKey));
  for (const [name, pair] of [
    ['Alice', alice],
    ['Bob', bob],
  ] as const) {
    file.valid('PublicCodeOf', `of ${name}`, { publicKey: key(pair) });
    file.valid('PublicCode', `${name}, lower case`, { text: publicCode(pair.publicKey) });
    file.valid('PublicCode', `${name}, upper case`, { text: publicCode(pair.publicKey).toUpperCase() });
  }
  const ofBob = publicCode(bob.publicKey);
  // The last list of Bob's first chain: two of its three account keys have handed over.
  const signed = hex(encodeSignedDeviceList(story.alone));
  for (const [outcome, pair] of [
    ['current', account3],
    ['earlier', account2],
    ['other', mallory],
  ] as const) {
    const input = { text: publicCode(pair.publicKey), identifier: hex(IDENTIFIER), signed };
    file.valid('PublicCodeComparison', outcome, input);
  }

  const id = keyId(bob.publicKey);
  const lower = 'Bob, lower case';
  const refuse = (damage: string, code: string): void =>
    file.invalid(lower, 'ERR_CODE_FORMAT', damage, { text: code });
  refuse(
    'one character is another',
    ofBob.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q')),
  );
  refuse('two characters are exchanged', exchanged(ofBob));
  refuse(
    'one letter is upper case',
    ofBob.replace(/[a-z]$|[a-z](?=[0-9]*$)/, (letter) => letter.toUpperCase()),
  );
  refuse('another human part, its checksum right', encodeBech32m('ckw', words(Buffer.of(1, ...id))));
  refuse(
    '32 bytes of data, its checksum right',
    encodeBech32m('ckv', words(Buffer.of(1, ...id.subarray(1)))),
  );
  const upper = 'Alice, upper case';
  const data = Buffer.of(1, ...keyId(alice.publicKey));
  file.invalid('Bob, upper case', 'ERR_VERSION', 'version 2, its checksum right', {
    text: encodeBech32m('ckv', words(Buffer.of(2, ...id))).toUpperCase(),
  });
  file.invalid(upper, 'ERR_VERSION', 'version 0, its checksum right', {
    text: encodeBech32m('ckv', words(patchedFirst(data, 0))).toUpperCase(),
  });
  // These are damages of the code of the current key.
  const current = publicCode(account3.publicKey);
  const data3 = Buffer.of(1, ...keyId(account3.publicKey));
  const comparing = (damage: string, code: string): void =>
    file.invalid('current', 'ERR_CODE_FORMAT', damage, { text: code });
  comparing('padding that is not zero, its checksum right', encodeBech32m('ckv', words(data3, '1')));
  comparing('a space before it', ` ${current}`);
  comparing('the checksum of Bech32', bech32(current));
  comparing('the Kelvin sign for k', current.replace('k', '\u212a'));
  comparing('nothing but the human part', 'ckv1');
  file.invalid('other', 'ERR_VERSION', 'version 255 and one byte, its checksum right', {
    text: encodeBech32m('ckv', words(Buffer.of(255))),
  });
  return file;
}

const patchedFirst = (data: Uint8Array, first: number): Buffer => Buffer.of(first, ...data.subarray(1));

/** The first two neighbours in the data that differ, exchanged. */
function exchanged(code: string): string {
  for (let i = 4; i + 1 < code.length; i++) {
    const [a, b] = [code.charAt(i), code.charAt(i + 1)];
    if (a !== b) return code.slice(0, i) + b + a + code.slice(i + 2);
  }
  throw new Error('all characters are equal');
}

/**
 * BIP 173 instead of BIP 350: the constant behind the checksum is 1, so the six characters differ by
 * 0x2bc830a3 xor 1 in five-bit groups.
 */
function bech32(code: string): string {
  const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
  const difference = 0x2bc830a3 ^ 1;
  const changed = Array.from(code.slice(-6), (character, i) => {
    const group = Math.floor(difference / 32 ** (5 - i)) % 32;
    return alphabet.charAt(alphabet.indexOf(character) ^ group);
  });
  return code.slice(0, -6) + changed.join('');
}
