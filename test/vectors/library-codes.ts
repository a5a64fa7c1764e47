/**
 * Codes through the public doors. A code session draws its nonces: it runs here while the platform's CSPRNG is replaced
 * by one that yields the published draws, in the order in which a session draws them, and nothing else.
 */
import {
  comparePublicCode,
  compareScannedSafetyNumber,
  createSasSession,
  deriveAccountSafetyNumber,
  derivePublicCode,
  deriveSafetyNumber,
  encodeQrPayload,
  formatSafetyNumber,
  parsePublicCode,
  reviewQrPayload,
  type SasReceipt,
  type SasSession,
} from 'contact-key-verification/codes.js';
import { verifyDeviceList } from 'contact-key-verification/keys.js';
import { type PublicKey, parsePublicKey } from 'contact-key-verification/suites.js';
import { expect, vi } from 'vitest';
import { byteList, bytes, type Fields, hex, number, text } from './files.js';

const key = (value: unknown): PublicKey => parsePublicKey(bytes(value));
const purposeOf = (value: unknown): 'contact' | 'linking' => (value === 'linking' ? 'linking' : 'contact');

function party(value: unknown): { id: Uint8Array; key: Uint8Array } {
  const { id, key: identity } = value as Fields;
  return { id: bytes(id), key: bytes(identity) };
}

/** Lets the platform draw what is given, in turn, and nothing else. */
function drawing<T>(draws: readonly Uint8Array[], run: () => T): T {
  const rest = [...draws];
  const spy = vi.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation((array) => {
    const drawn = rest.shift();
    if (drawn === undefined || !(array instanceof Uint8Array) || array.length !== drawn.length) {
      throw new Error('another draw than the published ones');
    }
    array.set(drawn);
    return array;
  });
  try {
    return run();
  } finally {
    spy.mockRestore();
  }
}

const NOW = { nowMs: 1_800_000_000_000 };

function begin(input: Fields): SasSession {
  const draws = [bytes(input['seed']), ...(input['sessionId'] === null ? [] : [bytes(input['sessionId'])])];
  const [own, peer] = [input['own'], input['peer']];
  const circumstances = { attempts: [], ...NOW };
  const purpose = purposeOf(input['purpose']);
  if (purpose === 'contact') {
    const role = input['role'] === 'initiator' ? 'initiator' : 'responder';
    const setup = { purpose, role, own: key(own), peer: key(peer), ...circumstances } as const;
    return drawing(draws, () => createSasSession(setup));
  }
  return input['role'] === 'initiator'
    ? drawing(draws, () =>
        createSasSession({ purpose, role: 'initiator', own: bytes(own), peer: key(peer), ...circumstances }),
      )
    : drawing(draws, () =>
        createSasSession({ purpose, role: 'responder', own: key(own), peer: bytes(peer), ...circumstances }),
      );
}

function side(input: Fields): Fields {
  const session = begin(input);
  const first = session.messageToSend(NOW);
  const sent = first === undefined ? [] : [hex(first)];
  const events: string[] = [];
  for (const message of byteList(input['received'])) {
    const { event, send } = receive(session, message);
    events.push(event);
    if (send !== undefined) sent.push(hex(send));
  }
  const { digits, display } =
    session.phase === 'complete' ? session.readCode(NOW) : { digits: null, display: null };
  if (digits === null) expect(() => session.readCode(NOW)).toThrow('not complete');
  return { events, sent, code: digits, display };
}

/** Whatever a message makes the session throw has ended it. */
function receive(session: SasSession, message: Uint8Array): SasReceipt {
  try {
    return session.receive(message, NOW);
  } catch (error) {
    expect(session.phase).toBe('ended');
    throw error;
  }
}

/** By structure: what the library makes of an input. */
export const CODE_JUDGES: Readonly<Record<string, (input: Fields) => Fields>> = {
  SasSide: side,
  PublicCodeOf: (input) => ({ text: derivePublicCode(key(input['publicKey'])) }),
  PublicCode: (input) => ({ keyId: hex(parsePublicCode(text(input['text']))) }),
  PublicCodeComparison: (input) => {
    const list = verifyDeviceList(bytes(input['signed']), { identifier: bytes(input['identifier']) });
    return { outcome: comparePublicCode(text(input['text']), list) };
  },
  SafetyNumber: (input) => {
    const { display, scannable } = deriveSafetyNumber({
      local: party(input['local']),
      remote: party(input['remote']),
      iterations: number(input['iterations']),
      version: input['version'] === 1 ? 1 : 2,
    });
    return { display, scannable: hex(scannable) };
  },
  AccountSafetyNumber: (input) => {
    const { display, scannable } = deriveAccountSafetyNumber({
      local: key(input['local']),
      remote: key(input['remote']),
    });
    return { display, formatted: formatSafetyNumber(display), scannable: hex(scannable) };
  },
  ScannedSafetyNumber: (input) => ({
    outcome: compareScannedSafetyNumber(bytes(input['own']), bytes(input['scanned'])),
  }),
  QrPayloadOf: (input) => ({
    payload: hex(encodeQrPayload({ mine: key(input['mine']), theirs: key(input['theirs']) })),
  }),
  QrPayload: (input) => ({
    outcome: reviewQrPayload(bytes(input['scanned']), {
      mine: key(input['mine']),
      theirs: key(input['theirs']),
    }),
  }),
};
