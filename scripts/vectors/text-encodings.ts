/** Text forms of bytes. */
import { fromText, fromUtf8 } from '../../test/reference/text.js';
import { bytes, hex, text, VectorFile } from './vector-file.js';

export function textEncodings(): VectorFile {
  const file = new VectorFile(
    'text-encodings',
    'Bytes as text, each with one accepted spelling: lower-case hex, base64 with padding, base64url without, UTF-8.',
    {
      Hex: (input) => ({ bytes: hex(fromText('hex', text(input['text']))) }),
      Base64: (input) => ({ bytes: hex(fromText('base64', text(input['text']))) }),
      Base64Url: (input) => ({ bytes: hex(fromText('base64url', text(input['text']))) }),
      Utf8: (input) => ({ text: fromUtf8(bytes(input['bytes'])) }),
    },
  );

  file.valid('Hex', 'hex of nothing', { text: '' });
  file.valid('Hex', 'hex', { text: '00ff10abcdef' });
  file.invalid('hex', 'ERR_TEXT_ENCODING', 'upper case', { text: '00ff10abcdeF' });
  file.invalid('hex', 'ERR_TEXT_ENCODING', 'the last digit is missing', { text: '00ff10abcde' });
  file.invalid('hex', 'ERR_TEXT_ENCODING', 'a letter that is no digit', { text: '00ff10abcdeg' });
  file.invalid('hex', 'ERR_TEXT_ENCODING', 'a space between bytes', { text: '00 ff10abcdef' });
  file.invalid('hex', 'ERR_TEXT_ENCODING', 'a line feed at the end', { text: '00ff10abcdef\n' });

  file.valid('Base64', 'base64 of nothing', { text: '' });
  file.valid('Base64', 'base64, one byte', { text: '/w==' });
  file.valid('Base64', 'base64, two bytes', { text: '+/8=' });
  file.valid('Base64', 'base64, three bytes', { text: '+/+/' });
  file.invalid('base64, two bytes', 'ERR_TEXT_ENCODING', 'no padding', { text: '+/8' });
  file.invalid('base64, two bytes', 'ERR_TEXT_ENCODING', 'one = too many', { text: '+/8==' });
  file.invalid('base64, two bytes', 'ERR_TEXT_ENCODING', 'trailing bits that are not zero', { text: '+/9=' });
  file.invalid('base64, two bytes', 'ERR_TEXT_ENCODING', 'base64url characters', { text: '-_8=' });
  file.invalid('base64, three bytes', 'ERR_TEXT_ENCODING', 'a line feed within', { text: '+/\n+/' });

  file.valid('Base64Url', 'base64url of nothing', { text: '' });
  file.valid('Base64Url', 'base64url, one byte', { text: '_w' });
  file.valid('Base64Url', 'base64url, two bytes', { text: '-_8' });
  file.valid('Base64Url', 'base64url, three bytes', { text: '-_-_' });
  file.invalid('base64url, two bytes', 'ERR_TEXT_ENCODING', 'padding', { text: '-_8=' });
  file.invalid('base64url, two bytes', 'ERR_TEXT_ENCODING', 'trailing bits that are not zero', {
    text: '-_9',
  });
  file.invalid('base64url, two bytes', 'ERR_TEXT_ENCODING', 'base64 characters', { text: '+/8' });
  file.invalid('base64url, three bytes', 'ERR_TEXT_ENCODING', 'one character is left over', {
    text: '-_-_A',
  });
  file.invalid('base64url, three bytes', 'ERR_TEXT_ENCODING', 'a space at the end', { text: '-_-_ ' });

  file.valid('Utf8', 'UTF-8 of nothing', { bytes: '' });
  file.valid('Utf8', 'UTF-8 of one to four bytes', { bytes: hex(Buffer.from('tel:+1 é € 😀')) });
  file.valid('Utf8', 'UTF-8 with a byte order mark, which stays', { bytes: hex(Buffer.from('\ufeffbob')) });
  const name = 'UTF-8 of one to four bytes';
  const whole = bytes(file.inputOf(name)['bytes']);
  const damaged = (tail: string): { bytes: string } => ({ bytes: hex(whole) + tail });
  file.invalid(name, 'ERR_UTF8', 'a continuation byte alone at the end', damaged('80'));
  file.invalid(name, 'ERR_UTF8', 'an overlong slash at the end', damaged('c0af'));
  file.invalid(name, 'ERR_UTF8', 'a surrogate at the end', damaged('eda080'));
  file.invalid(name, 'ERR_UTF8', 'a character above U+10FFFF at the end', damaged('f4908080'));
  file.invalid(name, 'ERR_UTF8', 'the last byte is missing', { bytes: hex(whole).slice(0, -2) });
  return file;
}
