/**
 * Tasks: what two people wait for when they compare codes.
 */

import { createHash, hash } from 'node:crypto';
import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import { createSasSession, deriveSafetyNumber } from 'contact-key-verification/codes.js';
import { encodePublicKey, type PublicKey } from 'contact-key-verification/suites.js';
import { digest, type Task } from '../harness.js';
import { safetyNumber, sasCode } from '../independent.js';
import { SCHEMES, sampleKey } from '../sample-keys.js';

const OURS = 'this library';
const NOW_MS = 1_700_000_000_000;
/** Bytes of the three messages. */
const MESSAGES = { start: 51, reply: 50, reveal: 50 } as const;
const CODE_LENGTH = 8;

/** Whole sessions: both sides, from the first message to "same" on both. */
export function codeSessionTask(): Task {
  return {
    title: 'Code session, both sides, start to end',
    unit: 'sessions',
    units: 1,
    baseline: 'Ed25519',
    contenders: SCHEMES.map((scheme) => {
      const alice = sampleKey(scheme, 'alice').publicKey;
      const bob = sampleKey(scheme, 'bob').publicKey;
      return {
        name: scheme.name,
        run: () => playSession(alice, bob),
        checksum: (output: Uint8Array) => String(isRightSession(output, alice, bob)),
        expected: 'true',
      };
    }),
  };
}

/** The three messages, the code on each side, and the key that each side pinned. */
function playSession(alice: PublicKey, bob: PublicKey): Uint8Array {
  const common = { purpose: 'contact', attempts: [], nowMs: NOW_MS } as const;
  const now = { nowMs: NOW_MS };
  const hers = createSasSession({ ...common, role: 'initiator', own: alice, peer: bob });
  const start = hers.messageToSend(now) as Uint8Array;
  const his = createSasSession({ ...common, role: 'responder', own: bob, peer: alice });
  const reply = his.receive(start, now).send as Uint8Array;
  const reveal = hers.receive(reply, now).send as Uint8Array;
  his.receive(reveal, now);
  const codes = [hers.readCode(now).digits, his.readCode(now).digits].map(encodeUtf8);
  const pinned = [hers.answer('same', now), his.answer('same', now)].map((outcome) =>
    outcome.outcome === 'same' ? encodePublicKey(outcome.pinned) : new Uint8Array(0),
  );
  return Buffer.concat([start, reply, reveal, ...codes, ...pinned]);
}

/** Codes are random: they must be those of the messages, and the pinned keys those of the session. */
function isRightSession(output: Uint8Array, alice: PublicKey, bob: PublicKey): boolean {
  let at = 0;
  const next = (length: number): Buffer => Buffer.from(output.subarray(at, (at += length)));
  const messages = {
    start: next(MESSAGES.start),
    reply: next(MESSAGES.reply),
    reveal: next(MESSAGES.reveal),
  };
  const [initiator, responder] = [encodePublicKey(alice), encodePublicKey(bob)];
  const code = sasCode(messages, initiator, responder);
  const codes = next(2 * CODE_LENGTH).toString();
  const pinned = output.subarray(at);
  return codes === `${code}${code}` && Buffer.concat([responder, initiator]).equals(pinned);
}

/** The safety number of two accounts. */
export function safetyNumberTask(iterations: number): Task {
  const parties = ['alice', 'bob'].map((name) => ({
    id: encodeUtf8(name),
    key: encodePublicKey(sampleKey(SCHEMES[0] as (typeof SCHEMES)[number], name).publicKey),
  })) as [{ id: Uint8Array; key: Uint8Array }, { id: Uint8Array; key: Uint8Array }];
  const byCreateHash = (message: Uint8Array): Buffer => createHash('sha512').update(message).digest();
  const byHash = (message: Uint8Array): Buffer => hash('sha512', message, 'buffer');
  const contenders = [
    {
      name: OURS,
      derive: () => deriveSafetyNumber({ local: parties[0], remote: parties[1], iterations }).display,
    },
    { name: 'node:crypto createHash()', derive: () => safetyNumber(parties, iterations, byCreateHash) },
    { name: 'node:crypto hash()', derive: () => safetyNumber(parties, iterations, byHash) },
  ];
  const expected = digest(encodeUtf8(safetyNumber(parties, iterations, byCreateHash)));
  return {
    title: `Safety number, ${iterations} iterations a side`,
    unit: 'numbers',
    units: 1,
    baseline: OURS,
    contenders: contenders.map(({ name, derive }) => ({ name, run: () => encodeUtf8(derive()), expected })),
  };
}
