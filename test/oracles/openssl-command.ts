/**
 * OpenSSL's command line: what each command is given, and what it says.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs OpenSSL in a folder of its own. */
export class OpenSsl {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'openssl-'));

  /** Standard output of a command that must succeed. */
  run(...args: readonly string[]): Buffer {
    const { status, error, stdout, stderr } = spawnSync('openssl', args, { cwd: this.#folder });
    if (error !== undefined) throw new Error('the command openssl cannot be run', { cause: error });
    if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr.toString()}`);
    return stdout;
  }

  /** Whether a command that verifies something says yes; anything but its plain no is an error. */
  accepts(...args: readonly string[]): boolean {
    const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: this.#folder, encoding: 'utf8' });
    if (status === 0) return true;
    if (/Verif\w+ [Ff]ailure/.test(stdout + stderr)) return false;
    throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
  }

  write(name: string, content: Uint8Array | string): string {
    writeFileSync(join(this.#folder, name), content);
    return name;
  }

  read(name: string): Buffer {
    return readFileSync(join(this.#folder, name));
  }

  /** Removes the folder, private keys and all. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The raw bytes under a heading (`priv`, `pub`) of `openssl pkey -text`. */
export function rawBytes(text: string, heading: 'priv' | 'pub', length: number): Buffer {
  const hex = new RegExp(`^${heading}:\\n((?: +[0-9a-f:]+\\n?)+)`, 'm').exec(text)?.[1] ?? '';
  const digits = hex.replace(/[^0-9a-f]/g, '');
  // A scalar is printed as a number: with a zero byte before a high bit, without its own leading ones.
  return Buffer.from(digits.slice(-2 * length).padStart(2 * length, '0'), 'hex');
}

/** r ‖ s of 32 bytes each, from the DER that OpenSSL reads and writes (RFC 3279, Ecdsa-Sig-Value). */
export function signatureFromDer(der: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const digits = der.subarray(at + 2, at + 2 + length);
    const significant = digits.subarray(Math.max(0, length - 32));
    signature.set(significant, end - significant.length);
    at += 2 + length;
  }
  return signature;
}

/** The other way round. */
export function signatureToDer(signature: Uint8Array): Uint8Array {
  const integers = [signature.subarray(0, 32), signature.subarray(32, 64)].map((half) => {
    const first = half.findIndex((byte) => byte !== 0);
    const digits = half.subarray(first === -1 ? 31 : first);
    const padding = (digits[0] ?? 0) >= 0x80 ? [0] : [];
    return Uint8Array.of(0x02, padding.length + digits.length, ...padding, ...digits);
  });
  const content = integers.flatMap((integer) => [...integer]);
  return Uint8Array.of(0x30, content.length, ...content);
}
