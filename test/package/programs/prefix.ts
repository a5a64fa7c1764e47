/** An operator's prefix tree grows by a leaf; a user and an auditor check it, and a lie is refused. */

import { encodeHex } from 'contact-key-verification/bytes.js';
import {
  createPrefixTree,
  evaluatePrefixProof,
  evaluatePrefixUpdate,
  verifyPrefixProof,
} from 'contact-key-verification/prefix.js';

const bytes = (first: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? first : i));

export async function work(): Promise<string> {
  const leaves = [0x00, 0x40, 0x80].map((first) => ({
    vrfOutput: bytes(first),
    commitment: bytes(first + 1),
  }));
  const added = [{ vrfOutput: bytes(0xc0), commitment: bytes(7) }];
  const tree = createPrefixTree();
  const old = await tree.update(undefined, { position: 0, added: leaves });
  const { proof } = await tree.prove(old, [bytes(0xc0)]);
  const [absent] = verifyPrefixProof(old.root, [{ vrfOutput: bytes(0xc0) }], proof);

  const head = await tree.update(old, { position: 1, added });
  const { before, after } = evaluatePrefixUpdate({ added, removed: [], proof });
  const same =
    [before, after].map(encodeHex).join() === [old, head].map(({ root }) => encodeHex(root)).join();
  const shown = await tree.prove(head, [bytes(0xc0)]);
  const [present] = verifyPrefixProof(head.root, added, shown.proof);

  let refused = 'accepted';
  try {
    const results = added.map((leaf) => ({ resultType: 'nonInclusionLeaf', leaf, depth: 2 }) as const);
    evaluatePrefixProof(added, { ...shown.proof, results });
  } catch (error) {
    refused = (error as { code: string }).code;
  }
  const included = [absent, present].map((found) => found?.commitment !== undefined);
  return `included ${included.join(' ')}, root ${encodeHex(head.root).slice(0, 6)}, audited ${same}, ${refused}`;
}
