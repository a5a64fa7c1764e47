/** Text forms, keys, signatures and device lists through the public doors. */
import { parseBase64, parseBase64Url, parseHex, parseUtf8 } from 'contact-key-verification/bytes.js';
import { VerificationError } from 'contact-key-verification/errors.js';
import {
  encodeDevice,
  encodePrivateKeyDer,
  encodePrivateKeyJwk,
  encodePrivateKeyPem,
  encodePrivateKeyRaw,
  encodePublicKeyDer,
  encodePublicKeyJwk,
  encodePublicKeyPem,
  encodePublicKeyRaw,
  type PrivateKey,
  parseDevice,
  parsePrivateKeyDer,
  parsePrivateKeyJwk,
  parsePrivateKeyPem,
  parsePrivateKeyRaw,
  parsePublicKeyDer,
  parsePublicKeyJwk,
  parsePublicKeyPem,
  parsePublicKeyRaw,
  verifyDeviceList,
  verifyPreKeys,
} from 'contact-key-verification/keys.js';
import {
  deriveKeyId,
  ed25519,
  encodeLabelled,
  encodePublicKey,
  hashLabelled,
  isValidSignature,
  p256,
  type PublicKey,
  parsePublicKey,
  PURPOSES,
  type Purpose,
  type SignatureScheme,
} from 'contact-key-verification/suites.js';
import { expect } from 'vitest';
import { bytes, type Fields, hex, text } from './files.js';

const encoded = (key: PublicKey): string => hex(encodePublicKey(key));

function schemeOf(name: unknown): SignatureScheme {
  const scheme = [p256, ed25519].find((known) => known.name === name);
  if (scheme === undefined) throw new Error(`no scheme: ${String(name)}`);
  return scheme;
}

function purposeOf(name: unknown): Purpose {
  const purpose = PURPOSES.find((known) => known === name);
  if (purpose === undefined) throw new Error(`no purpose: ${String(name)}`);
  return purpose;
}

const privateOutput = (key: PrivateKey): Fields => ({
  secret: hex(encodePrivateKeyRaw(key)),
  publicKey: encoded(key.publicKey),
});

function signature(input: Fields): Fields {
  const key = parsePublicKey(bytes(input['publicKey']));
  const [purpose, content, signed] = [
    purposeOf(input['purpose']),
    bytes(input['content']),
    bytes(input['signature']),
  ];
  const valid = isValidSignature(key, purpose, content, signed);
  if (purpose === 'pre-keys') {
    // The one door that takes a signature alone; it throws where the other says no.
    expect(valid).toBe(accepts(() => verifyPreKeys(content, signed, key)));
    verifyPreKeys(content, signed, key);
  }
  if (!valid) throw new Error('only pre-keys have an error of their own');
  return { labelled: hex(encodeLabelled(purpose, content)) };
}

function accepts(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof VerificationError) return false;
    throw error;
  }
}

/** How the stored list is handed over: as bytes from storage, or as the value that was returned. */
export type StoredAs = 'bytes' | 'value';

function deviceList(input: Fields, storedAs: StoredAs): Fields {
  const identifier = bytes(input['identifier']);
  const pinned = input['pinned'] === null ? undefined : parsePublicKey(bytes(input['pinned']));
  const stored = 'stored' in input ? bytes(input['stored']) : undefined;
  const expectation = {
    identifier,
    accountKey: pinned,
    stored: stored !== undefined && storedAs === 'value' ? verifyDeviceList(stored, { identifier }) : stored,
    gapExpired: input['gapExpired'] === true,
  };
  const list = verifyDeviceList(bytes(input['signed']), expectation);
  const { kind, ...step } = list.continuity;
  return {
    continuity: kind,
    ...step,
    mark: list.mark,
    listId: hex(list.listId),
    accountKeyId: hex(list.accountKeyId),
    sequence: list.sequence,
    previous: hex(list.previous),
    author: hex(list.author),
    verification: list.verification,
    successions: list.successions.map(({ key, sequence }) => ({ keyId: hex(deriveKeyId(key)), sequence })),
    devices: list.devices.map(({ id, signingKey, since }) => ({
      id: hex(id),
      signingKeyId: hex(deriveKeyId(signingKey)),
      since,
    })),
  };
}

function deviceEntry(input: Fields): Fields {
  const device = parseDevice(bytes(input['bytes']));
  expect(hex(encodeDevice(device))).toBe(input['bytes']);
  return {
    id: hex(device.id),
    signingKey: encoded(device.signingKey),
    messagingKeys: hex(device.messagingKeys),
    joined: hex(device.joined),
    since: device.since,
    possession: hex(device.possession),
  };
}

/** By structure: what the library makes of an input. */
export const KEY_JUDGES: Readonly<Record<string, (input: Fields, storedAs: StoredAs) => Fields>> = {
  Hex: (input) => ({ bytes: hex(parseHex(text(input['text']))) }),
  Base64: (input) => ({ bytes: hex(parseBase64(text(input['text']))) }),
  Base64Url: (input) => ({ bytes: hex(parseBase64Url(text(input['text']))) }),
  Utf8: (input) => ({ text: parseUtf8(bytes(input['bytes'])) }),

  PublicKey: (input) => {
    const key = parsePublicKey(bytes(input['bytes']));
    expect(encoded(key)).toBe(input['bytes']);
    return {
      scheme: [p256, ed25519].find(({ id }) => id === key.scheme)?.name,
      key: hex(encodePublicKeyRaw(key)),
      labelled: hex(encodeLabelled('key id', encodePublicKey(key))),
      keyId: hex(deriveKeyId(key)),
    };
  },
  RawPublicKey: (input) => ({
    publicKey: encoded(parsePublicKeyRaw(schemeOf(input['scheme']), bytes(input['key']))),
  }),
  RawPrivateKey: (input) => {
    const key = parsePrivateKeyRaw(schemeOf(input['scheme']), bytes(input['secret']));
    return {
      publicKey: encoded(key.publicKey),
      spki: hex(encodePublicKeyDer(key.publicKey)),
      pkcs8: hex(encodePrivateKeyDer(key)),
      publicJwk: encodePublicKeyJwk(key.publicKey),
      privateJwk: encodePrivateKeyJwk(key),
      publicPem: encodePublicKeyPem(key.publicKey),
      privatePem: encodePrivateKeyPem(key),
    };
  },
  SubjectPublicKeyInfo: (input) => ({ publicKey: encoded(parsePublicKeyDer(bytes(input['der']))) }),
  PrivateKeyInfo: (input) => privateOutput(parsePrivateKeyDer(bytes(input['der']))),
  PublicJwk: (input) => ({ publicKey: encoded(parsePublicKeyJwk(input['jwk'])) }),
  PrivateJwk: (input) => privateOutput(parsePrivateKeyJwk(input['jwk'])),
  PublicPem: (input) => ({ publicKey: encoded(parsePublicKeyPem(text(input['pem']))) }),
  PrivatePem: (input) => privateOutput(parsePrivateKeyPem(text(input['pem']))),

  Labelled: (input) => {
    const [purpose, content] = [purposeOf(input['purpose']), bytes(input['content'])];
    return { labelled: hex(encodeLabelled(purpose, content)), hash: hex(hashLabelled(purpose, content)) };
  },
  P256Signature: signature,
  Ed25519Signature: signature,
  DeterministicSignature: (input) => {
    const key = parsePrivateKeyRaw(schemeOf(input['scheme']), bytes(input['secret']));
    return { signature: hex(key.sign(encodeLabelled(purposeOf(input['purpose']), bytes(input['content'])))) };
  },

  FirstSight: deviceList,
  NextList: deviceList,
  DeviceEntry: deviceEntry,
};
