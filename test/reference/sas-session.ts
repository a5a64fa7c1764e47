/**
 * CKV/1, section "The 8-digit code": what one side does with the messages it receives. Only what the page decides;
 * where it leaves a choice, the reference refuses to answer.
 */
import { Reader, concat, demand, equal, fixed, uint } from './encoding.js';
import { readPublicKey } from './keys.js';
import {
  type Purpose,
  type SasMessage,
  type SasReply,
  type SasReveal,
  type SasStart,
  decodeSasMessage,
  encodeSasMessage,
  sasCode,
  sasCommitment,
} from './sas.js';

type Bytes = Uint8Array;

export type SasSide = {
  readonly role: 'initiator' | 'responder';
  readonly purpose: Purpose;
  /** Encoded subjects. */
  readonly own: Bytes;
  readonly peer: Bytes;
  /** What this side draws. An initiator draws all three, as it may yield; a responder the last one. */
  readonly sessionId: Bytes | undefined;
  readonly initiatorNonce: Bytes | undefined;
  readonly responderNonce: Bytes | undefined;
};

export type SasEvent =
  | 'start-accepted'
  | 'code-ready'
  | 'crossed-kept'
  | 'crossed-yielded'
  | 'further-start'
  | 'ignored-repeat'
  | 'ignored-foreign';

/** "contact: each side's account PublicKey; linking: I its LinkOffer, R the account PublicKey". */
export function checkSubject(purpose: Purpose, role: 'initiator' | 'responder', encoded: Bytes): void {
  const reader = new Reader(encoded);
  if (purpose === 2 && role === 'initiator') {
    // LinkOffer { uint8 version = 1; opaque hpke_key[32]; opaque nonce[16]; }
    demand(reader.uint(1) === 1, 'unknown-version');
    reader.fixed(32 + 16);
  } else {
    readPublicKey(reader);
  }
  reader.end();
}

export class SasParty {
  readonly #side: SasSide;
  readonly #received: Bytes[] = [];
  /** The start of this side, and of the other. */
  #ownStart: SasStart | undefined;
  #peerStart: SasStart | undefined;
  /** The one of them that counts. */
  #start: SasStart | undefined;
  #reply: SasReply | undefined;
  #reveal: SasReveal | undefined;

  constructor(side: SasSide) {
    this.#side = side;
    const other = side.role === 'initiator' ? 'responder' : 'initiator';
    checkSubject(side.purpose, side.role, side.own);
    checkSubject(side.purpose, other, side.peer);
    // "own key from the peer refused"
    demand(!equal(side.own, side.peer), 'sas-own-key');
    if (side.role === 'initiator') {
      const session_id = fixed(16, side.sessionId as Bytes);
      const nonceI = fixed(32, side.initiatorNonce as Bytes);
      const committed = { purpose: side.purpose, sessionId: session_id, initiator: side.own, nonceI };
      const commitment = sasCommitment(committed);
      this.#ownStart = { type: 'start', purpose: side.purpose, session_id, commitment };
      this.#start = this.#ownStart;
    }
  }

  /** What this side sends unasked. */
  first(): Bytes | undefined {
    return this.#ownStart && encodeSasMessage(this.#ownStart);
  }

  /** Refuses by throwing; then the session is over. */
  receive(bytes: Bytes): { event: SasEvent; send?: Bytes } {
    const message = decodeSasMessage(bytes);
    // "own commitment … from the peer refused"
    if (message.type === 'start' && this.#ownStart !== undefined) {
      demand(!equal(message.commitment, this.#ownStart.commitment), 'sas-reflected');
    }
    // "exact repeats … are ignored"
    if (this.#received.some((earlier) => equal(earlier, bytes))) return { event: 'ignored-repeat' };
    const result = this.#take(message);
    if (result.event !== 'ignored-foreign' && result.event !== 'further-start') this.#received.push(bytes);
    return result;
  }

  #take(message: SasMessage): { event: SasEvent; send?: Bytes } {
    if (message.type === 'start') return this.#takeStart(message);
    // "foreign session ids are ignored"
    if (this.#start === undefined || !equal(message.session_id, this.#start.session_id)) {
      return { event: 'ignored-foreign' };
    }
    const weBegan = this.#start === this.#ownStart;
    if (message.type === 'reply') {
      demand(weBegan && this.#reply === undefined, 'sas-out-of-order');
      this.#reply = message;
      const nonce = this.#side.initiatorNonce as Bytes;
      this.#reveal = { type: 'reveal', session_id: this.#start.session_id, nonce };
      return { event: 'code-ready', send: encodeSasMessage(this.#reveal) };
    }
    demand(!weBegan && this.#reveal === undefined, 'sas-out-of-order');
    // "recomputed and checked at reveal", with the initiator that this side believes in
    const { purpose, peer } = this.#side;
    const { session_id, commitment } = this.#start;
    const computed = sasCommitment({
      purpose,
      sessionId: session_id,
      initiator: peer,
      nonceI: message.nonce,
    });
    demand(equal(computed, commitment), 'sas-commitment');
    this.#reveal = message;
    return { event: 'code-ready' };
  }

  #takeStart(start: SasStart): { event: SasEvent; send?: Bytes } {
    // "one per session": another commitment under a session id that is known
    for (const known of [this.#ownStart, this.#peerStart]) {
      demand(known === undefined || !equal(known.session_id, start.session_id), 'sas-out-of-order');
    }
    // "a further start is reported, not answered"
    if (this.#peerStart !== undefined) return { event: 'further-start' };
    if (this.#reveal !== undefined) throw new Error('the page does not say what crosses a complete session');
    demand(start.purpose === this.#side.purpose, 'sas-purpose');
    if (this.#ownStart === undefined) return this.#answer(start, 'start-accepted');
    if (start.purpose === 2) throw new Error('the page does not say how linking crosses');
    // "starts that cross: the larger commitment stays, the other side drops its own and replies"
    if (Buffer.compare(start.commitment, this.#ownStart.commitment) > 0) {
      return this.#answer(start, 'crossed-yielded');
    }
    this.#peerStart = start;
    return { event: 'crossed-kept' };
  }

  #answer(start: SasStart, event: 'start-accepted' | 'crossed-yielded'): { event: SasEvent; send: Bytes } {
    this.#peerStart = start;
    this.#start = start;
    const nonce = fixed(32, this.#side.responderNonce as Bytes);
    this.#reply = { type: 'reply', session_id: start.session_id, nonce };
    return { event, send: encodeSasMessage(this.#reply) };
  }

  /** "no code is readable before the state is complete" */
  code(): string | undefined {
    const [start, reply, reveal] = [this.#start, this.#reply, this.#reveal];
    if (start === undefined || reply === undefined || reveal === undefined) return undefined;
    const { purpose, own, peer } = this.#side;
    const weBegan = start === this.#ownStart;
    return sasCode({
      purpose,
      sessionId: start.session_id,
      initiator: weBegan ? own : peer,
      responder: weBegan ? peer : own,
      nonceI: reveal.nonce,
      nonceR: reply.nonce,
    });
  }
}

/** The initiator's subject when linking; here only its form counts. */
export function linkOffer(hpkeKey: Bytes, nonce: Bytes): Buffer {
  return concat(uint(1, 1), fixed(32, hpkeKey), fixed(16, nonce));
}
