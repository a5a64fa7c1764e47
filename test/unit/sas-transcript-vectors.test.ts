/**
 * The published transcripts of code sessions. Some have nonces that no session would draw (all zeros), and no door
 * computes a code from given nonces, on purpose: so this goes to the room.
 */

import { expect, test } from 'vitest';
import { encodeSasMessage, type SasMessage } from '../../src/codes/sas-message.js';
import { deriveCode, deriveCommitment } from '../../src/codes/sas-transcript.js';
import { bytes, hex, PUBLISHED } from '../vectors/files.js';

const transcripts = PUBLISHED.flatMap(({ valid }) => valid).filter(
  ({ structure }) => structure === 'SasTranscript',
);

test.each(transcripts)('$name', ({ input, output }) => {
  const context = {
    purpose: input['purpose'] === 'linking' ? 'linking' : 'contact',
    sessionId: bytes(input['sessionId']),
    initiator: bytes(input['initiator']),
    responder: bytes(input['responder']),
  } as const;
  const { purpose, sessionId } = context;
  const [nonceI, nonceR] = [bytes(input['initiatorNonce']), bytes(input['responderNonce'])];
  const commitment = deriveCommitment(context, nonceI);
  const code = deriveCode(context, nonceI, nonceR);
  const encoded = (message: SasMessage): string => hex(encodeSasMessage(message));
  expect({
    commitment: hex(commitment),
    start: encoded({ type: 'start', purpose, sessionId, commitment }),
    reply: encoded({ type: 'reply', sessionId, nonce: nonceR }),
    reveal: encoded({ type: 'reveal', sessionId, nonce: nonceI }),
    code,
    display: `${code.slice(0, 4)} ${code.slice(4)}`,
  }).toEqual(output);
});

test('there are transcripts, and one whose code begins with zeros', () => {
  expect(transcripts.length).toBeGreaterThan(3);
  expect(transcripts.some(({ output }) => String(output['code']).startsWith('000'))).toBe(true);
});
