/**
 * An operator that lies: every lie of the table, told honestly and as a lie, over both suites. The class and the code
 * of what refuses it are exact; what comes before in the story accepts it; and the refusal leaves nothing behind.
 */

import { describe, expect, test } from 'vitest';
import { type CipherSuite, KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import type { Client } from '../../src/transparency/client/client.js';
import { hex, utf8 } from './client-world.js';
import { LIES } from './lies/all.js';
import { type Asked, type NamedLie, Telling } from './lies/telling.js';

const all = LIES.flatMap(([, lies]) => lies);

/**
 * The same suite, which makes no VRF proof twice, since the stories are told over the same labels; it verifies as ever.
 * And it sees to it that no lie is of flipped bytes: whatever is verified somebody made who has a key.
 */
function remembering(suite: CipherSuite): CipherSuite {
  const proofs = new Map<string, ReturnType<CipherSuite['vrf']['prove']>>();
  const made = new Set<string>();
  const assertMade = (bytes: Uint8Array): void => {
    if (!made.has(hex(bytes))) throw new Error('nobody has made this');
  };
  const { vrf, signatures } = suite;
  return {
    ...suite,
    vrf: {
      ...vrf,
      prove(key, input) {
        const name = `${hex(key.publicKey.encoded)} ${hex(input)}`;
        const proof = proofs.get(name) ?? vrf.prove(key, input);
        proofs.set(name, proof);
        made.add(hex(proof.proof));
        return proof;
      },
      verify(key, input, proof) {
        assertMade(proof);
        return vrf.verify(key, input, proof);
      },
    },
    signatures: {
      ...signatures,
      sign(secret, message) {
        const signature = signatures.sign(secret, message);
        made.add(hex(signature));
        return signature;
      },
      verify(key, message, signature) {
        assertMade(signature);
        signatures.verify(key, message, signature);
      },
    },
  };
}

const SUITES = [KT_128_SHA256_Ed25519, KT_128_SHA256_P256].map(remembering);

/** What is thrown, or `undefined`. */
function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** All that a client keeps: its state, and what it takes to be due. */
function tracesOf(client: Client): unknown {
  const { before, after } = client.forget(utf8('nobody'));
  return { before: hex(before ?? new Uint8Array(0)), after: hex(after), due: client.dueMonitors(2 ** 50) };
}

/** Refuses, as the lie says, and says nothing of what was refused. */
function expectRefusal({ code, refusal = 'VerificationError' }: NamedLie, { verify }: Asked): void {
  const error = thrownBy(verify) as Error & { readonly code: string };
  expect(error).toBeInstanceOf(Error);
  expect([error.name, error.code]).toEqual([refusal === 'different' ? 'Different' : refusal, code]);
  const told = Object.getOwnPropertyNames(error).filter((name) => name !== 'stack');
  expect(new Set([...told, 'message', 'name', 'code'])).toEqual(new Set(['message', 'name', 'code']));
  expect(error.message).not.toMatch(/alice|bob|mallory|[0-9a-f]{16}/);
}

describe.each(SUITES)('$name', (suite) => {
  test.each(all)('$name', async (lie) => {
    const honest = new Telling(suite, false);
    const accepted = await lie.tell(honest);
    expect(accepted.operation).toBe(lie.caughtBy);
    expect(thrownBy(accepted.verify)).toBeUndefined();

    const lying = new Telling(suite, true);
    const asked = await lie.tell(lying);
    expect(asked.operation).toBe(lie.caughtBy);
    const traces = tracesOf(asked.client);
    expectRefusal(lie, asked);
    expect(tracesOf(asked.client)).toEqual(traces);
    // Asking twice does not help.
    expectRefusal(lie, asked);

    expect(lying.overlooked).toEqual(honest.overlooked);
    expect([...lying.overlooked].sort()).toEqual([...(lie.overlookedBy ?? [])].sort());
  });
});

describe('the table', () => {
  test('has fifty lies and more, each by a name of its own', () => {
    expect(all.length).toBeGreaterThanOrEqual(50);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  test('knows no lie that is only noise: none ends in bytes that cannot be read', () => {
    for (const { code, refusal } of all) {
      expect(code === undefined).toBe(refusal === 'different');
      expect(code ?? 'ERR_').toMatch(/^ERR_/);
      expect(code ?? '').not.toMatch(
        /^ERR_(?:TRUNCATED|TRAILING_BYTES|LENGTH|ENUM|INTEGER|TOO_LARGE|ARGUMENT_.*)$/,
      );
    }
  });
});
