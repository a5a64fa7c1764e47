import { type SasSession, createSasSession, restoreSasSession } from 'contact-key-verification/codes.js';
import { encodePublicKey, hashLabelled, SecretBytes } from 'contact-key-verification/suites.js';
import { describe, expect, test } from 'vitest';
import { concat, opaque, uint } from '../reference/encoding.js';
import { codeOf } from '../support/accounts.js';
import {
  ALICE,
  answerOf,
  beginContact,
  BOB,
  digitsOf,
  exchange,
  hex,
  LINK_OFFER,
  MINUTE_MS,
  NOW,
  outgoing,
  startWith,
  stateOf,
  T0,
} from '../support/sas.js';

const restore = (session: SasSession): SasSession => restoreSasSession(session.exportState(), NOW);

/** The fields of the stored form, written out by hand; what is not given is empty. */
interface Fields {
  version?: number;
  purpose?: number;
  beganMs?: number;
  attempts?: readonly number[];
  own?: Uint8Array;
  peer?: Uint8Array;
  seed?: Uint8Array;
  ownStart?: Uint8Array;
  peerStart?: Uint8Array;
  reply?: Uint8Array;
  reveal?: Uint8Array;
}

function stored(fields: Fields): Uint8Array {
  const { attempts = [T0] } = fields;
  const message = (bytes: Uint8Array = new Uint8Array(0)): Uint8Array => opaque(0, 51, bytes);
  const body = concat(
    uint(1, fields.version ?? 1),
    uint(1, fields.purpose ?? 1),
    uint(8, fields.beganMs ?? T0),
    uint(1, attempts.length),
    ...attempts.map((time) => uint(8, time)),
    opaque(1, 2 ** 16 - 1, fields.own ?? encodePublicKey(ALICE)),
    opaque(1, 2 ** 16 - 1, fields.peer ?? encodePublicKey(BOB)),
    opaque(0, 32, fields.seed ?? new Uint8Array(0)),
    message(fields.ownStart),
    message(fields.peerStart),
    message(fields.reply),
    message(fields.reveal),
  );
  return concat(body, hashLabelled('sas state', body));
}

const fate = (fields: Fields): string => codeOf(() => restoreSasSession(stored(fields), NOW));

/** The seed in an exported state whose messages are these. */
function seedOf(session: SasSession): Uint8Array {
  const state = session.exportState().reveal();
  const after = encodePublicKey(ALICE).length + encodePublicKey(BOB).length + 4;
  const at = 1 + 1 + 8 + 1 + 8 * session.attempts.length + after + 1;
  return state.slice(at, at + 32);
}

describe('a stored session', () => {
  test('goes on in every phase as if nothing had happened', () => {
    const run = exchange();
    const alice = restore(beginContact('initiator', ALICE, BOB));
    const bob = restore(beginContact('responder', BOB, ALICE));
    const reply = answerOf(bob, outgoing(alice));
    const [aliceLater, bobLater] = [restore(alice), restore(bob)];
    const reveal = answerOf(aliceLater, reply);
    bobLater.receive(reveal, NOW);
    expect(digitsOf(restore(aliceLater))).toBe(digitsOf(restore(bobLater)));
    expect(restore(bobLater).answer('same', NOW)).toMatchObject({ pinned: ALICE });
    expect(digitsOf(restore(run.initiator))).toBe(digitsOf(run.responder));
  });

  test('holds its own reply and reveal, so that after a crash they are sent again', () => {
    const alice = beginContact('initiator', ALICE, BOB);
    const bob = beginContact('responder', BOB, ALICE);
    const reply = answerOf(bob, outgoing(alice));
    expect(outgoing(restore(bob))).toEqual(reply);
    const reveal = answerOf(alice, reply);
    expect(outgoing(restore(alice))).toEqual(reveal);
  });

  test('keeps its purpose, its time and its attempts', () => {
    const session = createSasSession({
      purpose: 'linking',
      role: 'initiator',
      own: LINK_OFFER,
      peer: ALICE,
      attempts: [T0 - MINUTE_MS],
      ...NOW,
    });
    const again = restore(session);
    expect(again.purpose).toBe('linking');
    expect(again.beganMs).toBe(T0);
    expect(again.attempts).toEqual([T0 - MINUTE_MS, T0]);
    expect(stateOf(again)).toBe(stateOf(session));
  });

  test('remembers a start that it outdid and one that it dropped', () => {
    const kept = beginContact('initiator', ALICE, BOB);
    kept.receive(startWith(0), NOW);
    expect(restore(kept).receive(startWith(0), NOW).event).toBe('ignored-repeat');
    const yielded = beginContact('initiator', ALICE, BOB);
    const own = outgoing(yielded);
    yielded.receive(startWith(255), NOW);
    expect(codeOf(() => restore(yielded).receive(own, NOW))).toBe('ERR_SAS_REFLECTED');
  });

  test('no longer holds a secret once its nonce is out', () => {
    const alice = beginContact('initiator', ALICE, BOB);
    const seed = hex(seedOf(alice));
    expect(stateOf(alice)).toContain(seed);
    answerOf(alice, answerOf(beginContact('responder', BOB, ALICE), outgoing(alice)));
    expect(stateOf(alice)).not.toContain(seed);

    const bob = beginContact('responder', BOB, ALICE);
    const secret = hex(seedOf(bob));
    expect(stateOf(bob)).toContain(secret);
    answerOf(bob, outgoing(beginContact('initiator', ALICE, BOB)));
    expect(stateOf(bob)).not.toContain(secret);
  });

  test('is handed out as a secret, and taken as one or as bytes', () => {
    const session = beginContact('initiator', ALICE, BOB);
    const state = session.exportState();
    expect(state).toBeInstanceOf(SecretBytes);
    const bytes = state.reveal();
    expect(stateOf(restoreSasSession(bytes, NOW))).toBe(hex(bytes));
    expect(hex(bytes)).toBe(stateOf(session));
    state.destroy();
    expect(codeOf(() => restoreSasSession(state, NOW))).toBe('ERR_DESTROYED');
    expect(codeOf(() => restoreSasSession('x' as never, NOW))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => restoreSasSession(bytes, { nowMs: -1 }))).toBe('ERR_ARGUMENT_RANGE');
  });

  test('does not outlive its ten minutes', () => {
    const state = exchange().initiator.exportState();
    expect(restoreSasSession(state, { nowMs: T0 + 10 * MINUTE_MS - 1 }).phase).toBe('complete');
    for (const nowMs of [T0 + 10 * MINUTE_MS, T0 - 1]) {
      expect(codeOf(() => restoreSasSession(state, { nowMs }))).toBe('ERR_SAS_EXPIRED');
    }
  });
});

describe('damaged stored bytes', () => {
  test('are noticed, whichever bit it is', () => {
    const run = exchange();
    for (const session of [run.initiator, beginContact('responder', BOB, ALICE)]) {
      const state = session.exportState().reveal();
      for (let bit = 0; bit < state.length * 8; bit++) {
        const at = Math.floor(bit / 8);
        const flipped = Uint8Array.from(state);
        flipped[at] = (flipped[at] as number) ^ (1 << (bit % 8));
        expect(codeOf(() => restoreSasSession(flipped, NOW))).toBe('ERR_STORED_STATE');
      }
    }
  });

  test('are noticed where they end too early or too late', () => {
    const state = exchange().responder.exportState().reveal();
    for (let end = 0; end < state.length; end++) {
      expect(codeOf(() => restoreSasSession(state.subarray(0, end), NOW))).toBe('ERR_STORED_STATE');
    }
    expect(codeOf(() => restoreSasSession(concat(state, uint(1, 0)), NOW))).toBe('ERR_STORED_STATE');
    expect(codeOf(() => restoreSasSession(new Uint8Array(5_000_000), NOW))).toBe('ERR_STORED_STATE');
  });
});

describe('states that no session was ever in, though their checksum holds', () => {
  const run = exchange();
  const other = exchange();
  const waiting = beginContact('initiator', ALICE, BOB);
  const seed = seedOf(waiting);
  const ownStart = outgoing(waiting);
  const { start, reply, reveal } = run;
  const purposeTwo = Uint8Array.from(start).fill(2, 2, 3);
  const forLinking = Uint8Array.from(ownStart).fill(2, 2, 3);
  const ownReply = concat(uint(1, 1), uint(1, 2), ownStart.subarray(3, 19), reply.subarray(18));
  const foreignReveal = Uint8Array.from(reveal).fill(1, 2, 18);
  const sessionIdOf = (message: Uint8Array): Uint8Array => message.subarray(3, 19);

  test('while these are possible', () => {
    const possible: readonly Fields[] = [
      { seed },
      { seed, ownStart },
      { seed, ownStart, peerStart: startWith(0) },
      { ownStart: start, reply, reveal },
      { ownStart: start, peerStart: startWith(0), reply, reveal },
      { peerStart: start, reply },
      { own: encodePublicKey(BOB), peer: encodePublicKey(ALICE), peerStart: start, reply, reveal },
    ];
    for (const fields of possible) {
      const bytes = stored(fields);
      expect(stateOf(restoreSasSession(bytes, NOW))).toBe(hex(bytes));
    }
  });

  test.each<[string, Fields]>([
    ['a newer version', { version: 2, seed }],
    ['an unknown purpose', { purpose: 3, seed }],
    ['a start among the attempts is missing', { seed, attempts: [] }],
    ['it began at another time than it was counted', { seed, beganMs: T0 + 1 }],
    ['more attempts than there may be', { seed, attempts: [1, 2, 3, 4, 5, T0] }],
    ['our own key as the peer', { seed, peer: encodePublicKey(ALICE) }],
    ['a subject that is no key', { seed, peer: Uint8Array.of(8, 7, 0, 0) }],
    ['an own subject that is no key', { seed, own: Uint8Array.of(8, 7, 0, 0) }],
    ['a subject that is no offer', { seed, purpose: 2 }],
    ['no seed while a start is awaited', {}],
    ['no seed while a reply is awaited', { ownStart }],
    ['a seed too short', { seed: seed.subarray(1) }],
    ['a seed of another commitment', { seed: Uint8Array.from(seed).reverse(), ownStart }],
    ['a seed that should be gone', { seed, peerStart: start, reply }],
    ['a seed that should be gone, complete', { seed, ownStart: start, reply, reveal }],
    ['a start for another purpose', { seed, ownStart: forLinking }],
    ['a peer start for another purpose', { peerStart: purposeTwo, reply }],
    ['a start accepted and not answered', { peerStart: start }],
    ['a reply without a start', { seed, reply }],
    ['a reply and no reveal to it', { ownStart: start, reply }],
    ['a reply, and the nonce still secret', { seed, ownStart, reply: ownReply }],
    ['a true reveal under another session id', { ownStart: start, reply, reveal: foreignReveal }],
    ['a reveal without a reply', { ownStart: start, reveal }],
    ['a reply of another session', { peerStart: start, reply: other.reply }],
    ['a reveal of another session', { ownStart: start, reply, reveal: other.reveal }],
    [
      'a reveal that does not open the commitment',
      { ownStart: start, reply, reveal: Uint8Array.from(reveal).fill(0, 18) },
    ],
    ['a reveal in the place of a reply', { peerStart: start, reply: reveal }],
    ['a reply in the place of a start', { seed, ownStart: reply }],
    ['a message with a byte too many', { peerStart: start, reply: concat(reply, uint(1, 0)) }],
    [
      'a crossing with one session id',
      { seed, ownStart, peerStart: startWith(0, { id: sessionIdOf(ownStart) }) },
    ],
    [
      'a crossing with one commitment',
      { seed, ownStart, peerStart: Uint8Array.from(ownStart).fill(9, 3, 19) },
    ],
  ])('%s', (_, fields) => {
    expect(fate(fields)).toBe('ERR_STORED_STATE');
  });

  test('a crossing where a device is linked', () => {
    const linking = createSasSession({
      purpose: 'linking',
      role: 'initiator',
      own: LINK_OFFER,
      peer: BOB,
      attempts: [],
      ...NOW,
    });
    const state = linking.exportState().reveal();
    const at = 1 + 1 + 8 + 1 + 8 + 2 + LINK_OFFER.length + 2 + encodePublicKey(BOB).length + 1;
    const fields: Fields = {
      purpose: 2,
      own: LINK_OFFER,
      seed: state.slice(at, at + 32),
      ownStart: outgoing(linking),
    };
    expect(hex(stored(fields))).toBe(hex(state));
    const peerStart = startWith(0, { purpose: 2 });
    expect(fate({ ...fields, peerStart })).toBe('ERR_STORED_STATE');
  });
});
