/**
 * The directory through its public door. What is compared there is one's own walk, so a list of heads is given to it as
 * if a client had made it; a single encoding is read by comparing it with a walk that found nothing.
 */
import { comparePeerHeads, encodeSeenHeads, verifyPublication } from 'contact-key-verification/directory.js';
import { verifyDeviceList } from 'contact-key-verification/keys.js';
import type { DistinguishedRoot } from 'contact-key-verification/transparency.js';
import { bytes, type Fields, hex } from './files.js';

/** Heads, read here by hand from an encoding that the library accepts. */
function headsOf(encoded: Uint8Array): { readonly heads: readonly DistinguishedRoot[] } {
  comparePeerHeads({ heads: [] }, encoded);
  const view = new DataView(encoded.buffer, encoded.byteOffset);
  const heads = Array.from({ length: encoded[1] as number }, (_, i) => ({
    position: Number(view.getBigUint64(2 + 40 * i)),
    timestampMs: 0,
    root: encoded.slice(10 + 40 * i, 42 + 40 * i),
  }));
  return { heads };
}

export const DIRECTORY_JUDGES: Readonly<Record<string, (input: Fields) => Fields>> = {
  Publication(input) {
    const label = bytes(input['identifier']);
    const newest = input['newest'] === null ? undefined : bytes(input['newest']);
    const version = newest && verifyDeviceList(newest, { identifier: label }).sequence;
    const stored = newest === undefined ? undefined : { version: version as number, value: newest };
    const request = {
      label,
      greatestVersion: input['known'] === null ? undefined : (input['known'] as number),
      values: [{ value: bytes(input['signed']) }],
    };
    const [list] = verifyPublication(request, stored);
    return { listId: list === undefined ? null : hex(list.listId) };
  },
  SeenHeads(input) {
    const encoded = bytes(input['encoded']);
    const own = headsOf(encoded);
    if (hex(encodeSeenHeads(own)) !== hex(encoded)) throw new Error('another encoding');
    return { heads: own.heads.map(({ position, root }) => ({ position, root: hex(root) })) };
  },
  SeenHeadsComparison: (input) => ({
    outcome: comparePeerHeads(headsOf(bytes(input['own'])), bytes(input['peer'])).kind,
  }),
};
