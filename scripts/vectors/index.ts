/** All files of vectors, by file name. */
import { keys } from './keys.js';
import { signatures } from './signatures.js';
import { textEncodings } from './text-encodings.js';

/** Every file with its whole text: the same on every run. */
export function vectorFiles(): ReadonlyMap<string, string> {
  const files = [textEncodings(), keys(), signatures()];
  return new Map(files.map((file) => [`${file.name}.json`, file.text()]));
}
