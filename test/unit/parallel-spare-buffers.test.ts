import { expect, it } from 'vitest';
import { createSpareBuffers } from '../../src/parallel/spare-buffers.js';

it('copies into the buffers it was given back, as many as it keeps, of its size only', () => {
  const spare = createSpareBuffers(4, 2);
  const buffers: Uint8Array[] = [1, 2, 3].map((byte) => new Uint8Array(4).fill(byte));
  for (const buffer of [...buffers, new Uint8Array(5)]) spare.keep(buffer);

  const short = spare.copy(Uint8Array.of(7, 7, 7));
  expect(short).toEqual(Uint8Array.of(7, 7, 7));
  const copies: Uint8Array[] = [8, 9, 10].map((byte) => spare.copy(new Uint8Array(4).fill(byte)));
  expect(copies).toEqual([8, 9, 10].map((byte) => new Uint8Array(4).fill(byte)));
  expect(copies.map((copy) => buffers.indexOf(copy))).toEqual([1, 0, -1]);
});

it('copies, and gives no view: of a Node Buffer neither', () => {
  const spare = createSpareBuffers(4, 2);
  for (const bytes of [Uint8Array.of(1, 2, 3, 4), Buffer.of(1, 2, 3, 4), Buffer.of(1, 2)]) {
    const copy = spare.copy(bytes);
    bytes.fill(0);
    expect(copy).toEqual(Uint8Array.of(1, 2, 3, 4).subarray(0, bytes.length));
  }
});
