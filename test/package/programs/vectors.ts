/** A published file of vectors, imported as JSON, and every leaf and root in it computed again. */

import trees from 'contact-key-verification/vectors/trees.json' with { type: 'json' };
import { encodeHex, parseHex } from 'contact-key-verification/bytes.js';
import { hashLeaf } from 'contact-key-verification/log.js';

export function work(): string {
  const leaves = trees.valid.filter(({ structure }) => structure === 'LeafHash') as {
    input: { data: string };
    output: { hash: string };
  }[];
  const right = leaves.filter(
    ({ input, output }) => encodeHex(hashLeaf(parseHex(input.data))) === output.hash,
  );
  return `${trees.file}: ${right.length} of ${leaves.length} leaves right`;
}
