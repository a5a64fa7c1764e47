/**
 * A log's store in one file that only grows: made to be killed. Every value is a record of its own, written with one
 * call, so a program can end between any two of them, and a record that was cut short is dropped when the file is
 * opened again.
 *
 *     ┌ length 4 ┬ SHA-256 8 ┬ kind 1 ┬ key length 2 ┬ key ┬ value ┐      kind: 0 a value, 1 deleted
 *
 * What is written is in the operating system's hands and outlives the program, though not a loss of power: that is for
 * the databases that people use. Everything is held in memory besides.
 */

import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { OperatorStore } from 'contact-key-verification/operator.js';
import type { NodeEntry } from 'contact-key-verification/prefix.js';

const HEAD_BYTES = 12;
const PUT = 0;
const DELETE = 1;

export interface FileStore extends OperatorStore {
  /** Writes the first half of what `putMany` would write of a value, as a program that is killed might. */
  tear(entry: NodeEntry): void;
  close(): void;
}

/** Opens the store of a file, which is made where there is none. */
export function openFileStore(path: string): FileStore {
  const file = openSync(path, 'a+');
  const { values, wholeBytes } = replay(readFileSync(path));
  ftruncateSync(file, wholeBytes);

  function put({ key, value }: NodeEntry): void {
    writeSync(file, recordOf(PUT, key, value));
    values.set(key, Uint8Array.from(value));
  }

  return {
    getMany: async (keys) => keys.map((key) => values.get(key)?.slice()),
    async putMany(entries) {
      for (const entry of entries) put(entry);
    },
    async putNew(entry) {
      if (values.has(entry.key)) return false;
      put(entry);
      return true;
    },
    async deleteMany(keys) {
      for (const key of keys) {
        if (values.delete(key)) writeSync(file, recordOf(DELETE, key, new Uint8Array(0)));
      }
    },
    tear({ key, value }) {
      const record = recordOf(PUT, key, value);
      writeSync(file, record.subarray(0, Math.floor(record.length / 2)));
    },
    close: () => closeSync(file),
  };
}

function recordOf(kind: number, key: string, value: Uint8Array): Buffer {
  const payload = Buffer.concat([
    Buffer.from([kind, key.length >> 8, key.length & 255]),
    Buffer.from(key),
    value,
  ]);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(payload.length);
  checksum(payload).copy(head, 4);
  return Buffer.concat([head, payload]);
}

function replay(bytes: Buffer): { readonly values: Map<string, Uint8Array>; readonly wholeBytes: number } {
  const values = new Map<string, Uint8Array>();
  let at = 0;
  while (at + HEAD_BYTES <= bytes.length) {
    const end = at + HEAD_BYTES + bytes.readUInt32BE(at);
    const payload = bytes.subarray(at + HEAD_BYTES, end);
    if (end > bytes.length || !checksum(payload).equals(bytes.subarray(at + 4, at + HEAD_BYTES))) break;
    const keyEnd = 3 + payload.readUInt16BE(1);
    const key = payload.toString('latin1', 3, keyEnd);
    if (payload[0] === PUT) values.set(key, Uint8Array.from(payload.subarray(keyEnd)));
    else values.delete(key);
    at = end;
  }
  return { values, wholeBytes: at };
}

function checksum(payload: Uint8Array): Buffer {
  return createHash('sha256').update(payload).digest().subarray(0, 8);
}
