/** Checkpoints: their text, opening them under a policy, cosigning them. */
import {
  type Checkpoint,
  cosign,
  openCheckpoint,
  type Freshness,
  type WitnessPolicy,
} from '../../test/reference/checkpoints.js';
import { type CheckpointText, readCheckpointText } from '../../test/reference/checkpoint-text.js';
import type { NoteSigner } from '../../test/reference/note-signatures.js';
import { signatureLine, signNote, writeNote } from '../../test/reference/notes.js';
import { cosigned, type Policy, policy, rootOf, textOf } from './checkpoint-making.js';
import { damagedCheckpoints } from './checkpoint-damages.js';
import {
  ALGORITHMS,
  keysOf,
  logs,
  NOW_MS,
  ORIGIN,
  signedByFields,
  signer,
  signerFields,
  signerOf,
  vkeys,
  w1,
  w2,
  w3,
  w4,
} from './note-signers.js';
import { type Fields, hex, type Json, list, number, text, VectorFile } from './vector-file.js';

// ------------------------------------------------------------------------------------- judges

function witnessesOf(value: Json | undefined): WitnessPolicy {
  const fields = value as Fields;
  const groups = list(fields['groups']).map(witnessesOf);
  return { threshold: number(fields['threshold']), keys: keysOf(fields['keys']), groups };
}

function freshnessOf(value: Json | undefined): Freshness {
  const fields = value as Fields;
  const of = (name: keyof Freshness): number => number(fields[name]);
  return { nowMs: of('nowMs'), maxAgeMs: of('maxAgeMs'), maxAheadMs: of('maxAheadMs') };
}

const headFields = ({ origin, treeSize, root, extensions }: CheckpointText): Fields => ({
  origin,
  treeSize,
  root: hex(root),
  extensions,
});

function open(input: Fields): Checkpoint {
  const { witnesses, freshness } = input;
  return openCheckpoint(Buffer.from(text(input['note'])), {
    origin: text(input['origin']),
    keys: keysOf(input['keys']),
    witnesses: witnesses === null ? null : witnessesOf(witnesses),
    freshness: freshness === null ? null : freshnessOf(freshness),
  });
}

function judgeCosignature(input: Fields): Fields {
  const note = text(input['note']);
  open({ ...input, witnesses: null, freshness: null });
  return cosign(Buffer.from(note), signerOf(input['witness']), number(input['nowMs']));
}

export function checkpoints(): VectorFile {
  const file = new VectorFile(
    'checkpoints',
    'Checkpoints of C2SP: their text, opening them under a policy of log, witnesses and time, cosigning them.',
    {
      CheckpointText: (input) => headFields(readCheckpointText(text(input['text']))),
      Checkpoint: (input) => {
        const { signedBy, cosignedBy, ...head } = open(input);
        const signers = { signedBy: signedByFields(signedBy), cosignedBy: signedByFields(cosignedBy) };
        return { ...headFields(head), ...signers };
      },
      Cosignature: judgeCosignature,
    },
  );
  addTexts(file);
  addCheckpoints(file);
  addWitnessed(file);
  damagedCheckpoints(file);
  addCosignatures(file);
  return file;
}

// ------------------------------------------------------------------------------------- cases

function addTexts(file: VectorFile): void {
  const add = (name: string, whole: string): void => void file.valid('CheckpointText', name, { text: whole });
  add('text', textOf(15));
  add('text of an empty tree', textOf(0));
  add('text of the largest tree', textOf(2 ** 53 - 1, { root: rootOf(1) }));
  add('text with extensions', textOf(3, { extensions: ['one', '— example.com/log AMD/7gE=', ' '] }));
  add('text of an origin with spaces', textOf(1, { origin: 'Züri log, 2026 + later' }));
}

const plain = { origin: ORIGIN, keys: vkeys(logs.ed25519), witnesses: null, freshness: null };

function addCheckpoints(file: VectorFile): void {
  const add = (name: string, note: string, change: Fields = {}): void =>
    void file.valid('Checkpoint', name, { note, ...plain, ...change });
  for (const algorithm of ALGORITHMS) {
    const log = logs[algorithm];
    add(`checkpoint by ${algorithm}`, signNote(textOf(5), [log], NOW_MS), { keys: vkeys(log) });
  }
  add('checkpoint of an empty tree', cosigned([], textOf(0)));
  add('checkpoint with extensions', cosigned([], textOf(5, { extensions: ['extended'] })));
  add('checkpoint of 2^53 - 1 leaves', cosigned([], textOf(2 ** 53 - 1, { root: rootOf(1) })));
  const renewed = signer(ORIGIN, 'ed25519', 'new');
  add('checkpoint by the old of two keys', cosigned([]), { keys: vkeys(renewed, logs.ed25519) });
  add('checkpoint by both keys', signNote(textOf(5), [renewed, logs.ed25519], NOW_MS), {
    keys: vkeys(logs.ed25519, renewed),
  });
  // The origin is the log's name; what its keys are called is another matter.
  add('checkpoint of an origin that no key is named after', cosigned([], textOf(5, { origin: 'a log' })), {
    origin: 'a log',
  });
  add('checkpoint with cosignatures that nobody asked for', cosigned([w1, w2]));
}

/** A minute; and the least that lets in a cosignature, which was made in whole seconds. */
const MINUTE = { nowMs: NOW_MS + 60_000, maxAgeMs: 60_789, maxAheadMs: 0 };

function addWitnessed(file: VectorFile): void {
  const add = (name: string, note: string, witnesses: Policy | null, freshness: Fields | null = null): void =>
    void file.valid('Checkpoint', name, { note, ...plain, witnesses, freshness });
  add('two of three witnesses', cosigned([w1, w3]), policy(2, [w1, w2, w3]));
  add('three of three where two would do', cosigned([w3, w2, w1]), policy(2, [w1, w2, w3]));
  add('a witness who is not of the policy', cosigned([w4, w1]), policy(1, [w1, w2]));
  add('a group and a witness', cosigned([w2, w4]), policy(2, [w4], policy(1, [w1, w2, w3])));
  add('one of two groups, itself of groups', cosigned([w1, w3]), {
    ...policy(1, [w4], policy(2, [], policy(1, [w1, w2]), policy(1, [w3]))),
  });
  const body = textOf(5);
  const [early, late] = [NOW_MS - 60_000, NOW_MS + 60_000];
  const lines = [
    signatureLine(logs.ed25519, body, NOW_MS),
    ...[early, late].map((time) => signatureLine(w1, body, time)),
  ];
  const twice = writeNote({ text: body, signatures: lines });
  add('two times by one witness, the newest counts', twice, policy(1, [w1]), {
    nowMs: late,
    maxAgeMs: 1000,
    maxAheadMs: 0,
  });

  add('fresh: as old as it may be', cosigned([w1, w2]), policy(2, [w1, w2]), MINUTE);
  add('fresh: as far ahead as it may be', cosigned([w1, w2]), policy(2, [w1, w2]), {
    nowMs: NOW_MS - 60_789,
    maxAgeMs: 0,
    maxAheadMs: 60_000,
  });
  add('fresh: one of two is, and one is needed', cosigned([w1, w2], textOf(5), 30_000), policy(1, [w1, w2]), {
    ...MINUTE,
    maxAgeMs: 30_789,
  });
  add(
    'fresh: in each of two groups',
    cosigned([w1, w2, w3, w4], textOf(5), 10_000),
    {
      ...policy(2, [], policy(1, [w1, w4]), policy(2, [w2, w3])),
    },
    { ...MINUTE, maxAgeMs: 50_789 },
  );
  // Without witnesses the log's own time counts, in milliseconds where it is that of a tree head.
  const head = logs['tree-head'];
  file.valid('Checkpoint', 'fresh: the log itself says when', {
    ...plain,
    note: signNote(body, [head], NOW_MS),
    keys: vkeys(head),
    freshness: { ...MINUTE, maxAgeMs: 60_000 },
  });
}

function addCosignatures(file: VectorFile): void {
  const add = (name: string, note: string, witness: NoteSigner, nowMs = NOW_MS): void => {
    const { origin, keys } = plain;
    file.valid('Cosignature', name, { note, origin, keys, witness: signerFields(witness), nowMs });
  };
  add('cosigned', cosigned([]), w1);
  add('cosigned after another', cosigned([w2]), w1);
  add('cosigned again, in place of the line before', cosigned([w1, w2]), w1, NOW_MS + 3_600_000);
  add('cosigned with extensions', cosigned([], textOf(5, { extensions: ['extended'] })), w1);
  add('cosigned in the first second of 1970', cosigned([]), w1, 999);
}
