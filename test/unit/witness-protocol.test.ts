/** The protocol of witnesses (C2SP tlog-witness): what is sent, what is answered, and a witness that keeps the rules. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assembleConsistency,
  openCheckpoint,
  parseNote,
  planConsistency,
  signCheckpoint,
  signNote,
} from '../../src/log.js';
import {
  createWitness,
  encodeAddCheckpoint,
  openWitnessAnswer,
  parseAddCheckpoint,
  type WitnessStore,
} from '../../src/witnesses.js';
import { signerOf } from '../support/log-notes.js';
import { check } from '../support/property.js';
import { bytesOf, textOf } from './operator-world.js';
import {
  codeOf,
  HEADS_ORIGIN,
  HEADS_SIGNER,
  PlainHeads,
  START_MS,
  witnessOf,
  witnessStore,
} from './witness-world.js';

const plain = new PlainHeads(Array.from({ length: 40 }, (_, i) => bytesOf(`entry ${i}`)));
const noteOf = (treeSize: number): Uint8Array => plain.note([], START_MS, treeSize);

function proofOf(olderSize: number, newerSize: number): Uint8Array[] {
  if (olderSize === 0) return [];
  const plan = planConsistency({ olderSize, newerSize });
  return assembleConsistency(
    plan,
    plan.nodes.map(({ level, index }) => plain.node(level, index)),
  );
}

const bodyOf = (oldSize: number, treeSize: number): Uint8Array =>
  encodeAddCheckpoint({ oldSize, proof: proofOf(oldSize, treeSize), checkpoint: noteOf(treeSize) });

describe('a request to a witness', () => {
  test('is what tlog-witness shows', () => {
    const note = textOf(noteOf(7));
    const lines = proofOf(3, 7).map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
    expect(textOf(bodyOf(3, 7))).toBe(`old 3\n${lines.join('')}\n${note}`);
    expect(textOf(bodyOf(0, 7))).toBe(`old 0\n\n${note}`);
  });

  test('is read as it was written', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    check(
      fc.property(
        fc.maxSafeNat(),
        fc.array(hash, { maxLength: 63 }),
        fc.uint8Array({ maxLength: 200 }),
        (oldSize, proof, checkpoint) => {
          const request = { oldSize, proof, checkpoint };
          expect(parseAddCheckpoint(encodeAddCheckpoint(request))).toEqual(request);
        },
      ),
    );
  });

  test('that is read is written again as the same bytes', () => {
    const good = textOf(bodyOf(3, 7));
    check(
      fc.property(fc.nat(good.length - 1), fc.constantFrom('\n', ' ', '0', '=', 'A', ''), (at, put) => {
        const body = bytesOf(good.slice(0, at) + put + good.slice(at + 1));
        let read: ReturnType<typeof parseAddCheckpoint>;
        try {
          read = parseAddCheckpoint(body);
        } catch (error) {
          expect((error as Error).name).toBe('DecodeError');
          return;
        }
        expect(encodeAddCheckpoint(read)).toEqual(body);
      }),
    );
  });

  const line = `${Buffer.alloc(32).toString('base64')}\n`;
  const note = textOf(noteOf(7));
  const damages: readonly [name: string, code: string, body: string][] = [
    ['nothing', 'ERR_NOTE_FORMAT', ''],
    ['no empty line', 'ERR_NOTE_FORMAT', 'old 3\nexample.com/heads\n'],
    ['an empty line alone', 'ERR_NOTE_FORMAT', '\n\n'],
    ['no size', 'ERR_NOTE_FORMAT', `old \n\n${note}`],
    ['a size with a leading zero', 'ERR_NOTE_FORMAT', `old 03\n\n${note}`],
    ['a negative size', 'ERR_NOTE_FORMAT', `old -3\n\n${note}`],
    ['a size with a space behind it', 'ERR_NOTE_FORMAT', `old 3 \n\n${note}`],
    ['a size with a carriage return', 'ERR_NOTE_FORMAT', `old 3\r\n\n${note}`],
    ['another word', 'ERR_NOTE_FORMAT', `new 3\n\n${note}`],
    ['a size of 17 digits', 'ERR_NOTE_FORMAT', `old 12345678901234567\n\n${note}`],
    ['a size above 2^53 - 1', 'ERR_INTEGER', `old 9007199254740992\n\n${note}`],
    ['64 hashes', 'ERR_LENGTH', `old 3\n${line.repeat(64)}\n${note}`],
    ['100 hashes', 'ERR_NOTE_FORMAT', `old 3\n${line.repeat(100)}\n${note}`],
    ['a hash of 31 bytes', 'ERR_LENGTH', `old 3\n${Buffer.alloc(31).toString('base64')}\n\n${note}`],
    ['a hash without padding', 'ERR_TEXT_ENCODING', `old 3\n${line.slice(0, -2)}\n\n${note}`],
    ['a hash in base64url', 'ERR_TEXT_ENCODING', `old 3\n_${line.slice(1)}\n${note}`],
  ];
  test.each(damages)('with %s: %s', (_, code, body) => {
    expect(codeOf(() => parseAddCheckpoint(bytesOf(body)))).toBe(code);
  });

  test('has its bounds', () => {
    const proof = Array.from({ length: 63 }, () => new Uint8Array(32));
    const checkpoint = new Uint8Array(2 ** 20);
    const largest = encodeAddCheckpoint({ oldSize: Number.MAX_SAFE_INTEGER, proof, checkpoint });
    expect(parseAddCheckpoint(largest).checkpoint).toHaveLength(2 ** 20);
    const padded = new Uint8Array(4096 + 2 ** 20 + 1);
    padded.set(largest);
    expect(codeOf(() => parseAddCheckpoint(padded))).toBe('ERR_TOO_LARGE');
    expect(codeOf(() => parseAddCheckpoint(padded.subarray(0, -1)))).toBe('accepted');
    // The empty line must end within the first 4,096 bytes.
    const late = (length: number): string =>
      codeOf(() => parseAddCheckpoint(bytesOf(`old 3\n${'x'.repeat(length)}\n\n`)));
    expect([late(4088), late(4089)]).toEqual(['ERR_LENGTH', 'ERR_NOTE_FORMAT']);
    expect(codeOf(() => parseAddCheckpoint(Uint8Array.of(0xff, 0x0a, 0x0a)))).toBe('ERR_UTF8');
    const good = { oldSize: 0, proof: [], checkpoint: noteOf(7) };
    const refused: readonly [string, unknown][] = [
      ['ERR_ARGUMENT_TYPE', undefined],
      ['ERR_ARGUMENT_TYPE', { ...good, oldSize: '0' }],
      ['ERR_ARGUMENT_RANGE', { ...good, oldSize: -1 }],
      ['ERR_ARGUMENT_TYPE', { ...good, proof: undefined }],
      ['ERR_ARGUMENT_TYPE', { ...good, proof: ['x'] }],
      ['ERR_ARGUMENT_RANGE', { ...good, proof: [new Uint8Array(33)] }],
      ['ERR_ARGUMENT_RANGE', { ...good, proof: [...proof, new Uint8Array(32)] }],
      ['ERR_ARGUMENT_TYPE', { ...good, checkpoint: 'x' }],
      ['ERR_ARGUMENT_RANGE', { ...good, checkpoint: new Uint8Array(2 ** 20 + 1) }],
    ];
    for (const [code, request] of refused)
      expect(codeOf(() => encodeAddCheckpoint(request as typeof good))).toBe(code);
    expect(codeOf(() => parseAddCheckpoint('x' as never))).toBe('ERR_ARGUMENT_TYPE');
  });
});

describe('a witness’s answer', () => {
  const checkpoint = noteOf(7);
  const { text } = parseNote(checkpoint);
  const cosigner = signerOf('witness.example/a', 'cosignature', 60);
  const other = signerOf('witness.example/b', 'cosignature', 61);
  const linesOf = (signers: (typeof cosigner)[], of = text, nowMs = START_MS): string => {
    const note = textOf(signNote(of, signers, { nowMs }));
    return note.slice(note.lastIndexOf('\n\n') + 2);
  };
  const open = (status: number, body: string, keys = [cosigner.key]) =>
    openWitnessAnswer({ status, body: bytesOf(body) }, checkpoint, keys);
  const own = linesOf([cosigner]);

  test('holds cosignatures of the witness, and whatever else is ignored', () => {
    const expected = { outcome: 'cosigned', lines: bytesOf(own), cosignedBy: [{ timestampMs: START_MS }] };
    expect(open(200, own)).toMatchObject(expected);
    expect(open(200, linesOf([other, cosigner]))).toMatchObject(expected);
    // A false line of somebody who is not asked is nobody's.
    expect(open(200, linesOf([other], `${text}x\n`) + own)).toMatchObject(expected);
    expect(open(200, linesOf([other, cosigner]), [cosigner.key, other.key])).toMatchObject({
      lines: bytesOf(linesOf([other, cosigner])),
    });
  });

  test('or the size that it has, or a status', () => {
    expect(open(409, '0\n')).toEqual({ outcome: 'conflict', treeSize: 0 });
    expect(open(409, '20852014\n')).toEqual({ outcome: 'conflict', treeSize: 20_852_014 });
    expect(open(409, '9007199254740991\n')).toEqual({ outcome: 'conflict', treeSize: 2 ** 53 - 1 });
    expect(open(409, '')).toEqual({ outcome: 'refused', status: 409 });
    for (const status of [201, 204, 301, 400, 403, 404, 422, 429, 500])
      expect(open(status, own)).toEqual({ outcome: 'refused', status });
  });

  const damages: readonly [name: string, code: string, status: number, body: string][] = [
    ['nothing', 'ERR_NOTE_FORMAT', 200, ''],
    ['a page', 'ERR_NOTE_FORMAT', 200, '<html>\n'],
    ['no newline at its end', 'ERR_NOTE_FORMAT', 200, own.slice(0, -1)],
    ['an empty line', 'ERR_NOTE_FORMAT', 200, `${own}\n`],
    ['101 lines', 'ERR_LENGTH', 200, own.repeat(101)],
    ['a line of somebody else', 'ERR_NOTE_UNSIGNED', 200, linesOf([other])],
    ['the log’s own line', 'ERR_NOTE_UNSIGNED', 200, textOf(checkpoint).split('\n\n')[1] as string],
    [
      'a cosignature of another checkpoint',
      'ERR_SIGNATURE',
      200,
      linesOf([cosigner], text.replace('\n7\n', '\n8\n')),
    ],
    ['a cosignature without its time', 'ERR_SIGNATURE', 200, linesOf([cosigner], text, 0)],
    ['a size without newline', 'ERR_CHECKPOINT_FORMAT', 409, '7'],
    ['a size with a leading zero', 'ERR_CHECKPOINT_FORMAT', 409, '07\n'],
    ['a size and more', 'ERR_CHECKPOINT_FORMAT', 409, '7\n7\n'],
    ['a size above 2^53 - 1', 'ERR_INTEGER', 409, '9007199254740992\n'],
    ['a size of 17 digits', 'ERR_CHECKPOINT_FORMAT', 409, '12345678901234567\n'],
    ['too much', 'ERR_TOO_LARGE', 200, ' '.repeat(2 ** 16 + 1)],
    ['too much of an error', 'ERR_TOO_LARGE', 500, ' '.repeat(2 ** 16 + 1)],
  ];
  test.each(damages)('with %s: %s', (_, code, status, body) => {
    expect(codeOf(() => open(status, body))).toBe(code);
  });

  test('takes arguments that make sense', () => {
    const good = { status: 200, body: bytesOf(own) };
    const refused: readonly [string, () => unknown][] = [
      ['ERR_ARGUMENT_TYPE', () => openWitnessAnswer(undefined as never, checkpoint, [cosigner.key])],
      ['ERR_ARGUMENT_RANGE', () => openWitnessAnswer({ ...good, status: 99 }, checkpoint, [cosigner.key])],
      [
        'ERR_ARGUMENT_TYPE',
        () => openWitnessAnswer({ ...good, body: own as never }, checkpoint, [cosigner.key]),
      ],
      ['ERR_ARGUMENT_RANGE', () => openWitnessAnswer(good, checkpoint, [])],
      ['ERR_NOTE_FORMAT', () => openWitnessAnswer(good, bytesOf('x'), [cosigner.key])],
    ];
    for (const [code, work] of refused) expect(codeOf(work)).toBe(code);
    expect(open(200, own + ' '.repeat(0))).toMatchObject({ outcome: 'cosigned' });
  });
});

describe('a witness', () => {
  const ask = async (witness: ReturnType<typeof witnessOf>, body: Uint8Array, nowMs = START_MS) => {
    const { status, body: answered } = await witness.addCheckpoint(body, { nowMs });
    return [status, textOf(answered)] as const;
  };

  test('cosigns what extends what it cosigned, and shows it', async () => {
    const witness = witnessOf(0);
    expect(await witness.checkpoint(HEADS_ORIGIN)).toBeUndefined();
    let before = 0;
    for (const treeSize of [1, 2, 2, 7, 8, 8, 40]) {
      const [status, lines] = await ask(witness, bodyOf(before, treeSize));
      expect(status).toBe(200);
      expect(
        openWitnessAnswer({ status, body: bytesOf(lines) }, noteOf(treeSize), [witness.key]),
      ).toMatchObject({
        outcome: 'cosigned',
      });
      const shown = (await witness.checkpoint(HEADS_ORIGIN)) as Uint8Array;
      const policy = { threshold: 1, keys: [witness.key] };
      const opened = openCheckpoint(shown, {
        origin: HEADS_ORIGIN,
        keys: [HEADS_SIGNER.key],
        witnesses: policy,
      });
      expect([opened.treeSize, opened.cosignedBy[0]?.timestampMs]).toEqual([treeSize, START_MS]);
      before = treeSize;
    }
  });

  test('answers by the rules, each of which is broken once', async () => {
    const forked = new PlainHeads(Array.from({ length: 40 }, (_, i) => bytesOf(`another ${i}`)));
    const stranger = signerOf(HEADS_ORIGIN, 'ed25519', 41);
    const draft = (treeSize: number, root = plain.head(treeSize).root) => ({
      origin: HEADS_ORIGIN,
      treeSize,
      root,
    });
    const bodyWith = (oldSize: number, checkpoint: Uint8Array, proof: Uint8Array[] = []): Uint8Array =>
      encodeAddCheckpoint({ oldSize, proof, checkpoint });
    const signed = (treeSize: number, root?: Uint8Array): Uint8Array =>
      signCheckpoint(draft(treeSize, root), [HEADS_SIGNER]);
    const broken = textOf(noteOf(20)).replace(/(.{10})(.{4})\n$/, '$1AAAA\n');
    const named = (origin: string): Uint8Array => signCheckpoint({ ...draft(20), origin }, [HEADS_SIGNER]);
    const cases: readonly [name: string, status: number, body: Uint8Array, answer?: string][] = [
      ['no request', 400, bytesOf('hello')],
      ['no note', 400, bytesOf(`old 8\n\n${HEADS_ORIGIN}\n`)],
      ['a note that is no checkpoint', 400, bodyWith(8, signNote(`${HEADS_ORIGIN}\nx\n`, [HEADS_SIGNER]))],
      ['no UTF-8', 400, Uint8Array.of(...bytesOf('old 8\n\n'), 0xff)],
      ['an origin it does not know', 404, bodyWith(8, named('example.com/elsewhere'), proofOf(8, 20))],
      ['an empty note', 404, bytesOf('old 8\n\n')],
      ['nobody it knows', 403, bodyWith(8, signCheckpoint(draft(20), [stranger]), proofOf(8, 20))],
      ['a false signature', 403, bodyWith(8, bytesOf(broken), proofOf(8, 20))],
      ['an old size above the new one', 400, bodyWith(8, signed(7))],
      ['an old size that it has not', 409, bodyOf(7, 20), '8\n'],
      ['an old size of 0', 409, bodyOf(0, 20), '8\n'],
      ['a root over nothing', 422, bodyWith(0, signed(0, new Uint8Array(32)))],
      ['no proof', 422, bodyWith(8, noteOf(20))],
      ['a proof of another size', 422, bodyWith(8, noteOf(20), proofOf(7, 20))],
      ['a proof too many', 422, bodyWith(8, noteOf(20), [...proofOf(8, 20), new Uint8Array(32)])],
      ['another tree', 422, bodyWith(8, forked.note([], START_MS, 20), proofOf(8, 20))],
      ['another root of its size', 422, bodyWith(8, forked.note([], START_MS, 8))],
      ['a proof where there is nothing to prove', 422, bodyWith(8, noteOf(8), [new Uint8Array(32)])],
    ];
    const witness = witnessOf(0);
    expect((await ask(witness, bodyWith(0, noteOf(8), [new Uint8Array(32)])))[0]).toBe(422);
    expect((await ask(witness, bodyOf(3, 8)))[0]).toBe(409);
    expect(await ask(witness, bodyOf(3, 8))).toEqual([409, '0\n']);
    expect((await ask(witness, bodyOf(0, 8)))[0]).toBe(200);
    const before = await witness.checkpoint(HEADS_ORIGIN);
    for (const [name, status, body, answer = ''] of cases)
      expect([name, ...(await ask(witness, body))]).toEqual([name, status, answer]);
    expect(await witness.checkpoint(HEADS_ORIGIN)).toEqual(before);
    expect((await ask(witness, bodyOf(8, 20)))[0]).toBe(200);
  });

  test('takes an empty tree first, and anything after it', async () => {
    const witness = witnessOf(0);
    const empty = encodeAddCheckpoint({ oldSize: 0, proof: [], checkpoint: noteOf(0) });
    expect((await ask(witness, empty))[0]).toBe(200);
    expect((await ask(witness, empty))[0]).toBe(200);
    expect((await ask(witness, bodyOf(0, 7)))[0]).toBe(200);
    expect(await ask(witness, empty)).toEqual([409, '7\n']);
  });

  test('never goes back in time, nor in size when two ask at once', async () => {
    const store = witnessStore();
    const witness = witnessOf(0, store);
    await ask(witness, bodyOf(0, 3), START_MS + 9000);
    const [status, lines] = await ask(witness, bodyOf(3, 8), START_MS);
    const opened = openWitnessAnswer({ status, body: bytesOf(lines) }, noteOf(8), [witness.key]);
    expect(opened).toMatchObject({ cosignedBy: [{ timestampMs: START_MS + 9000 }] });
    const both = await Promise.all([ask(witness, bodyOf(8, 20)), ask(witness, bodyOf(8, 40))]);
    const refused = both.filter(([code]) => code === 409);
    expect(refused).toHaveLength(1);
    const winner = both[0][0] === 200 ? '20\n' : '40\n';
    expect(refused[0]?.[1]).toBe(winner);
    // The first of two, where nothing was stored before.
    const fresh = witnessOf(1);
    const firsts = await Promise.all([ask(fresh, bodyOf(0, 20)), ask(fresh, bodyOf(0, 40))]);
    expect(firsts.map(([code]) => code).sort()).toEqual([200, 409]);
  });

  test('keeps only the lines of its logs, however many come', async () => {
    const witness = witnessOf(0);
    const junk = Array.from({ length: 99 }, (_, i) => signerOf(`junk.example/${i}`, 'ed25519', 90));
    const note = signCheckpoint({ origin: HEADS_ORIGIN, ...plain.head(7) }, [...junk, HEADS_SIGNER]);
    const body = encodeAddCheckpoint({ oldSize: 0, proof: [], checkpoint: note });
    expect((await ask(witness, body))[0]).toBe(200);
    const shown = parseNote((await witness.checkpoint(HEADS_ORIGIN)) as Uint8Array);
    expect(shown.signatures.map(({ name }) => name)).toEqual([HEADS_ORIGIN, 'witness.example/0']);
  });

  test('is made of what makes sense, and notices a store that is damaged, or another’s', async () => {
    const signer = signerOf('witness.example/0', 'cosignature', 50);
    const logs = [{ origin: HEADS_ORIGIN, keys: [HEADS_SIGNER.key] }];
    const store = witnessStore();
    const make = (options: object): string =>
      codeOf(() => createWitness({ logs, signer, store, ...options } as never));
    expect(make({})).toBe('accepted');
    expect(make({ signer: HEADS_SIGNER })).toBe('ERR_ARGUMENT_RANGE');
    expect(make({ signer: { key: 'x' } })).toBe('ERR_ARGUMENT_TYPE');
    expect(make({ logs: [...logs, ...logs] })).toBe('ERR_ARGUMENT_RANGE');
    expect(make({ logs: [{ origin: 'x', keys: [] }] })).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => createWitness(undefined as never))).toBe('ERR_ARGUMENT_TYPE');
    const witness = witnessOf(0, store);
    await expect(witness.addCheckpoint(bodyOf(0, 7), {} as never)).rejects.toMatchObject({
      code: 'ERR_ARGUMENT_TYPE',
    });
    await expect(witness.addCheckpoint('x' as never, { nowMs: 1 })).rejects.toMatchObject({
      code: 'ERR_ARGUMENT_TYPE',
    });
    for (const note of [bytesOf('x'), noteOf(7)]) {
      store.notes.set(HEADS_ORIGIN, note);
      await expect(witness.addCheckpoint(bodyOf(0, 7), { nowMs: 1 })).rejects.toMatchObject({
        code: 'ERR_STORED_STATE',
      });
    }
    const broken: WitnessStore = { get: () => Promise.reject(new Error('down')), replace: async () => true };
    await expect(witnessOf(0, broken).addCheckpoint(bodyOf(0, 7), { nowMs: 1 })).rejects.toThrow('down');
  });
});
