/** Code sessions: what both sides compute, and what each does with the messages it receives. */
import {
  type Purpose,
  sasCode,
  sasCommitment,
  showSasCode,
  type Transcript,
} from '../../test/reference/sas.js';
import { SasParty } from '../../test/reference/sas-session.js';
import { damagedSessions } from './code-session-damages.js';
import {
  ALICE,
  BOB,
  contact,
  converse,
  initiatorInput,
  linking,
  messagesOf,
  purposeName,
  responderInput,
  seed,
  sessionId,
} from './code-session-making.js';
import { bytes, type Fields, hex, type Json, list, text, VectorFile } from './vector-file.js';

const purposeOf = (value: Json | undefined): Purpose => (value === 'linking' ? 2 : 1);
const optional = (value: Json | undefined): Buffer | undefined => (value === null ? undefined : bytes(value));

function judgeTranscript(input: Fields): Fields {
  const transcript: Transcript = {
    purpose: purposeOf(input['purpose']),
    sessionId: bytes(input['sessionId']),
    initiator: bytes(input['initiator']),
    responder: bytes(input['responder']),
    nonceI: bytes(input['initiatorNonce']),
    nonceR: bytes(input['responderNonce']),
  };
  const { start, reply, reveal } = messagesOf(transcript);
  const code = sasCode(transcript);
  return {
    commitment: hex(sasCommitment(transcript)),
    start: hex(start),
    reply: hex(reply),
    reveal: hex(reveal),
    code,
    display: showSasCode(code),
  };
}

function judgeSide(input: Fields): Fields {
  const party = new SasParty({
    role: text(input['role']) === 'initiator' ? 'initiator' : 'responder',
    purpose: purposeOf(input['purpose']),
    own: bytes(input['own']),
    peer: bytes(input['peer']),
    sessionId: optional(input['sessionId']),
    initiatorNonce: optional(input['initiatorNonce']),
    responderNonce: optional(input['responderNonce']),
  });
  const first = party.first();
  const sent = first === undefined ? [] : [hex(first)];
  const events: string[] = [];
  for (const message of list(input['received'])) {
    const { event, send } = party.receive(bytes(message));
    events.push(event);
    if (send !== undefined) sent.push(hex(send));
  }
  const code = party.code();
  return { events, sent, code: code ?? null, display: code === undefined ? null : showSasCode(code) };
}

// ------------------------------------------------------------------------------------- the file

export function codeSessions(): VectorFile {
  const file = new VectorFile(
    'code-sessions',
    'The 8-digit code: what both sides compute (SasTranscript), and what one side does with messages (SasSide).',
    { SasTranscript: judgeTranscript, SasSide: judgeSide },
  );
  addTranscripts(file);
  for (const [name, session, seeds] of [
    ['contact', contact, ['Alice', 'Bob']],
    ['linking', linking, ['new', 'old']],
  ] as const) {
    const { start, reply, reveal } = session;
    file.valid('SasSide', `${name}, initiator`, initiatorInput(session, seed(seeds[0]), [reply]));
    file.valid('SasSide', `${name}, responder`, responderInput(session, seed(seeds[1]), [start, reveal]));
  }
  addCrossing(file);
  addHarmless(file);
  damagedSessions(file);
  return file;
}

function transcriptInput(session: Transcript): Fields {
  return {
    purpose: purposeName(session.purpose),
    sessionId: hex(session.sessionId),
    initiator: hex(session.initiator),
    responder: hex(session.responder),
    initiatorNonce: hex(session.nonceI),
    responderNonce: hex(session.nonceR),
  };
}

function addTranscripts(file: VectorFile): void {
  const add = (name: string, session: Transcript): Fields =>
    file.valid('SasTranscript', name, transcriptInput(session));
  add('contact', contact);
  add(
    'contact, the other one begins',
    converse(1, BOB, ALICE, [seed('Bob'), sessionId('back'), seed('Alice')]),
  );
  add('linking', linking);
  add('all zeros', {
    ...contact,
    sessionId: Buffer.alloc(16),
    nonceI: Buffer.alloc(32),
    nonceR: Buffer.alloc(32),
  });
  const ones = Buffer.alloc(32, 0xff);
  add('all ones', { ...contact, sessionId: Buffer.alloc(16, 0xff), nonceI: ones, nonceR: ones });
  for (let i = 0; ; i++) {
    const session = converse(1, ALICE, BOB, [seed(`zero ${i}`), sessionId('zero'), seed('Bob')]);
    if (!sasCode(session).startsWith('000')) continue;
    add('a code that begins with three zeros', session);
    return;
  }
}

/** Alice and Bob begin at once; the larger commitment stays. */
function addCrossing(file: VectorFile): void {
  const fromAlice = converse(1, ALICE, BOB, [seed('Alice'), sessionId('from Alice'), seed('Bob')]);
  const fromBob = converse(1, BOB, ALICE, [seed('Bob'), sessionId('from Bob'), seed('Alice')]);
  const aliceStays = Buffer.compare(sasCommitment(fromAlice), sasCommitment(fromBob)) > 0;
  const [stays, yields] = aliceStays ? [fromAlice, fromBob] : [fromBob, fromAlice];
  const [seedOfStaying, seedOfYielding] = aliceStays
    ? [seed('Alice'), seed('Bob')]
    : [seed('Bob'), seed('Alice')];
  const kept = initiatorInput(stays, seedOfStaying, [yields.start, stays.reply]);
  file.valid('SasSide', 'crossing, the larger commitment', kept);
  const yielded = initiatorInput(yields, seedOfYielding, [stays.start, stays.reveal], stays.start);
  file.valid('SasSide', 'crossing, the smaller commitment', yielded);
  const late = initiatorInput(yields, seedOfYielding, [stays.start, yields.reply, stays.reveal], stays.start);
  file.valid('SasSide', 'crossing, a reply to the session that was dropped', late);
}

/** Repeats, other sessions, further starts: nothing of it ends a session. */
function addHarmless(file: VectorFile): void {
  const { start, reply, reveal } = contact;
  const further = converse(1, ALICE, BOB, [seed('Mallory'), sessionId('further'), seed('Bob')]);
  const asked = (name: string, received: readonly Buffer[]): void => {
    file.valid('SasSide', `responder: ${name}`, responderInput(contact, seed('Bob'), received));
  };
  const asking = (name: string, received: readonly Buffer[]): void => {
    file.valid('SasSide', `initiator: ${name}`, initiatorInput(contact, seed('Alice'), received));
  };
  asked('nothing yet', []);
  asked('the start only', [start]);
  asked('every message twice', [start, start, reveal, reveal]);
  asked('the start again at the end', [start, reveal, start]);
  asked('messages of another session first', [further.reply, further.reveal, start, reveal]);
  asked('a further start, which is not answered', [start, further.start, reveal]);
  asking('nothing yet', []);
  asking('the reply twice', [reply, reply]);
  asking('messages of another session first', [further.reply, further.reveal, reply]);
}
