/** Verifier keys with one thing wrong. Where not the id itself is the matter, it is that of what stands there. */
import { createHash } from 'node:crypto';
import { writeSpki } from '../../test/reference/key-formats.js';
import { logs, ORIGIN, signer, vkey } from './note-signers.js';
import { IDENTITY } from './points.js';
import { cut, flipped, longer, type VectorFile } from './vector-file.js';

/** A verifier key of anything, with an id as most types have it. */
function made(name: string, type: number, key: Uint8Array, id = idOf(name, type, key)): { text: string } {
  return { text: `${name}+${id}+${Buffer.concat([Buffer.of(type), key]).toString('base64')}` };
}

function idOf(name: string, type: number, key: Uint8Array): string {
  const input = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), key]);
  return digest(input).toString('hex', 0, 4);
}

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

export function damagedNoteKeys(file: VectorFile): void {
  const [ED, EC, HEAD] = ['key: ed25519', 'key: ecdsa', 'key: tree-head'];
  const { id, publicKey } = logs.ed25519.key;
  const { key } = publicKey;
  const spki = writeSpki(logs.ecdsa.key.publicKey);
  const ofEcdsa = (der: Uint8Array): { text: string } =>
    made(ORIGIN, 2, der, digest(der).toString('hex', 0, 4));
  const whole = vkey(logs.ed25519);
  const wholeEc = vkey(logs.ecdsa);

  const form = (damage: string, text: string): void => file.invalid(ED, 'ERR_KEY_FORMAT', damage, { text });
  form('no id', whole.replace(`+${id}`, ''));
  form('the id in upper case', whole.replace(id, id.toUpperCase()));
  form('nothing after the id', `${ORIGIN}+${id}+`);
  form('a plus in the name', made(`${ORIGIN}+1`, 1, key).text);
  file.invalid(EC, 'ERR_KEY_FORMAT', 'a byte after the SPKI', ofEcdsa(longer(spki)));

  const named = (damage: string, name: string): void =>
    file.invalid(ED, 'ERR_KEY_NAME', damage, made(name, 1, key));
  named('no name', '');
  named('a space in the name', 'example.com/a log');
  named('a no-break space in the name', 'example.com/a\u00a0log');
  named('an ideographic space after the name', `${ORIGIN}\u3000`);

  const wrongId = (of: string, damage: string, change: { text: string }): void =>
    file.invalid(of, 'ERR_KEY_ID', damage, change);
  wrongId(ED, 'another name', { text: whole.replace(ORIGIN, 'example.com/log2') });
  wrongId(ED, 'another key', made(ORIGIN, 1, signer(ORIGIN, 'ed25519', 'new').key.publicKey.key, id));
  wrongId(ED, 'another signature type', made(ORIGIN, 4, key, id));
  wrongId(EC, 'the id has the name in it', made(ORIGIN, 2, spki));
  wrongId(
    HEAD,
    'the id is of the SPKI, not of its hash',
    made(ORIGIN, 5, writeSpki(logs['tree-head'].key.publicKey)),
  );

  for (const [damage, type] of [
    ['signature type 0, which is none', 0x00],
    ['signature type 3, which is reserved', 0x03],
    ['signature type 6, which is ML-DSA-44', 0x06],
  ] as const) {
    file.invalid(ED, 'ERR_SCHEME', damage, made(ORIGIN, type, key));
  }

  const coded = (damage: string, text: string): void =>
    file.invalid(EC, 'ERR_TEXT_ENCODING', damage, { text });
  coded('no padding', wholeEc.replace('=', ''));
  coded(
    'trailing bits that are not zero',
    wholeEc.replace(/.=$/, (end) => `${nextDigit(end[0] as string)}=`),
  );
  coded('a space at the end', `${wholeEc} `);
  coded('a character of base64url', wholeEc.replace(/.{4}$/, `-$&`));

  file.invalid(ED, 'ERR_KEY_LENGTH', 'the last byte of the key is missing', made(ORIGIN, 1, cut(key)));
  file.invalid(ED, 'ERR_KEY_LENGTH', 'a type and no key', made(ORIGIN, 1, Buffer.alloc(0)));
  file.invalid(
    ED,
    'ERR_KEY_POINT',
    'a y of no point',
    made(ORIGIN, 1, Buffer.from(`02${'00'.repeat(31)}`, 'hex')),
  );
  file.invalid(EC, 'ERR_KEY_POINT', 'a point beside the curve', ofEcdsa(flipped(spki, -1)));
  file.invalid(ED, 'ERR_KEY_ORDER', 'the identity', made(ORIGIN, 1, IDENTITY));
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The digit after one whose last two bits are zero: it differs in bits that nobody should read. */
export function nextDigit(digit: string): string {
  const value = DIGITS.indexOf(digit);
  if (value % 4 !== 0) throw new Error('there are no bits to spare');
  return DIGITS.charAt(value + 1);
}
