/** Messages that end a session. The last message received is the damaged one, or the first that shows the damage. */
import { encodePublicKey } from '../../test/reference/keys.js';
import { ALICE, BOB, contact, converse, linking, OFFER, seed, sessionId } from './code-session-making.js';
import { mallory } from './people.js';
import { cut, type Fields, flipped, hex, longer, patched, type VectorFile } from './vector-file.js';

const [ASKING, ASKED] = ['contact, initiator', 'contact, responder'];
const [LINKING, LINKED] = ['linking, initiator', 'linking, responder'];
const { start, reply, reveal } = contact;
const received = (...messages: readonly Buffer[]): Fields => ({ received: messages.map(hex) });

/** Where the fields of a message stand. */
const [VERSION_AT, TYPE_AT, PURPOSE_AT, COMMITMENT_AT, NONCE_AT] = [0, 1, 2, 19, 18] as const;

export function damagedSessions(file: VectorFile): void {
  damagedMessages(file);
  damagedOrder(file);
  damagedTranscripts(file);
  damagedSubjects(file);
}

function damagedMessages(file: VectorFile): void {
  file.invalid(ASKED, 'ERR_TRUNCATED', 'an empty message', received(Buffer.alloc(0)));
  file.invalid(ASKED, 'ERR_TRUNCATED', 'the last byte of the start is missing', received(cut(start)));
  file.invalid(ASKING, 'ERR_TRUNCATED', 'the last byte of the reply is missing', received(cut(reply)));
  file.invalid(
    ASKED,
    'ERR_TRUNCATED',
    'the last byte of the reveal is missing',
    received(start, cut(reveal)),
  );
  file.invalid(ASKING, 'ERR_TRAILING_BYTES', 'a zero follows the reply', received(longer(reply)));
  file.invalid(ASKED, 'ERR_TRAILING_BYTES', 'a zero follows the reveal', received(start, longer(reveal)));
  file.invalid(ASKED, 'ERR_TRAILING_BYTES', 'a zero follows the start', received(longer(start)));
  const byte = (message: Buffer, at: number, value: number): Buffer => patched(message, at, Buffer.of(value));
  file.invalid(ASKED, 'ERR_VERSION', 'a start of version 2', received(byte(start, VERSION_AT, 2)));
  file.invalid(ASKING, 'ERR_VERSION', 'a reply of version 0', received(byte(reply, VERSION_AT, 0)));
  file.invalid(ASKED, 'ERR_VERSION', 'a reveal of version 2', received(start, byte(reveal, VERSION_AT, 2)));
  file.invalid(ASKED, 'ERR_ENUM', 'a message of type 0', received(byte(start, TYPE_AT, 0)));
  file.invalid(ASKING, 'ERR_ENUM', 'a message of type 4', received(byte(reply, TYPE_AT, 4)));
  file.invalid(ASKED, 'ERR_ENUM', 'purpose 0', received(byte(start, PURPOSE_AT, 0)));
  file.invalid(ASKED, 'ERR_ENUM', 'purpose 3', received(byte(start, PURPOSE_AT, 3)));
}

function damagedOrder(file: VectorFile): void {
  const UNEXPECTED = 'ERR_SAS_UNEXPECTED';
  const otherReply = flipped(reply, -1);
  file.invalid(ASKING, UNEXPECTED, 'a second reply, which is another', received(reply, otherReply));
  file.invalid(ASKING, UNEXPECTED, 'a reveal to the one who began', received(reveal));
  file.invalid(ASKED, UNEXPECTED, 'a reply to the one who was asked', received(start, reply));
  file.invalid(
    ASKED,
    UNEXPECTED,
    'another commitment for the same session',
    received(start, flipped(start, COMMITMENT_AT)),
  );
  file.invalid(
    ASKED,
    UNEXPECTED,
    'a second reveal, which is another',
    received(start, reveal, flipped(reveal, -1)),
  );

  file.invalid(ASKING, 'ERR_SAS_REFLECTED', 'its own start', received(start));
  const renamed = patched(start, PURPOSE_AT + 1, sessionId('renamed'));
  file.invalid(ASKING, 'ERR_SAS_REFLECTED', 'its own commitment for another session', received(renamed));
  file.invalid(LINKING, 'ERR_SAS_REFLECTED', 'its own start', received(linking.start));

  file.invalid(
    ASKED,
    'ERR_SAS_PURPOSE',
    'a start of the other purpose',
    received(patched(start, PURPOSE_AT, Buffer.of(2))),
  );
  file.invalid(
    LINKED,
    'ERR_SAS_PURPOSE',
    'a start of the other purpose',
    received(patched(linking.start, PURPOSE_AT, Buffer.of(1))),
  );
  const crossing = converse(2, OFFER, ALICE, [seed('Bob'), sessionId('crossing'), seed('Alice')]);
  file.invalid(
    ASKING,
    'ERR_SAS_PURPOSE',
    'a start that crosses, of the other purpose',
    received(crossing.start),
  );
}

function damagedTranscripts(file: VectorFile): void {
  const COMMITMENT = 'ERR_SAS_COMMITMENT';
  file.invalid(
    ASKED,
    COMMITMENT,
    'one bit of the reveal is another',
    received(start, flipped(reveal, NONCE_AT)),
  );
  file.invalid(
    ASKED,
    COMMITMENT,
    'one bit of the commitment is another',
    received(flipped(start, COMMITMENT_AT), reveal),
  );
  const swapped = patched(reveal, NONCE_AT, reply.subarray(NONCE_AT));
  file.invalid(ASKED, COMMITMENT, 'the reveal has the nonce of the reply', received(start, swapped));
  file.invalid(ASKED, COMMITMENT, 'the initiator stands for another key', {
    peer: hex(encodePublicKey(mallory.publicKey)),
  });
  file.invalid(LINKED, COMMITMENT, 'another offer arrived', { peer: hex(flipped(OFFER, 9)) });
}

function damagedSubjects(file: VectorFile): void {
  file.invalid(ASKING, 'ERR_SAS_OWN_KEY', "the peer's key is the own one", { peer: hex(ALICE) });
  file.invalid(ASKED, 'ERR_SAS_OWN_KEY', "the peer's key is the own one", { peer: hex(BOB) });
  file.invalid(LINKED, 'ERR_TRUNCATED', 'the offer lacks its last byte', { peer: hex(cut(OFFER)) });
  file.invalid(LINKED, 'ERR_TRAILING_BYTES', 'a zero follows the offer', { peer: hex(longer(OFFER)) });
  file.invalid(LINKED, 'ERR_VERSION', 'an offer of version 2', {
    peer: hex(patched(OFFER, 0, Buffer.of(2))),
  });
  file.invalid(ASKING, 'ERR_KEY_POINT', "the peer's key is off the curve", { peer: hex(flipped(BOB, -1)) });
}
