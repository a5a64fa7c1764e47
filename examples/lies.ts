/**
 * How a lying directory lies. It has every public byte and the log's keys, and no private key of the people in it. So it
 * writes lists with an encoder of its own and puts in whatever signatures it has; and it answers look-ups as it likes.
 */

import {
  compareBytes,
  concatBytes,
  encodeUtf8,
  equalBytes,
  parseUtf8,
} from 'contact-key-verification/bytes.js';
import {
  type Device,
  deriveNextPosition,
  draftReset,
  encodeDevice,
  generatePrivateKey,
  type PrivateKey,
  signDeviceEntry,
  signDeviceList,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import { ed25519, encodeLabelled, encodePublicKey } from 'contact-key-verification/suites.js';
import {
  encodeSearchRequest,
  encodeSearchResponse,
  parseConfiguration,
  parseSearchRequest,
  parseSearchResponse,
  type SearchRequest,
  type SearchResponse,
} from 'contact-key-verification/transparency.js';
import type { Directory } from './directory.js';
import type { Asker, Server } from './server.js';

/** What a liar puts into the log. */
export interface ForgedList {
  /** SignedDeviceList, in form. */
  readonly bytes: Uint8Array;
  /** What it claims, for the story. */
  readonly claim: string;
}

/** A forged next list that has one device more, whose key the directory holds. */
export function forgeExtraDevice(current: VerifiedDeviceList): ForgedList {
  const key = generatePrivateKey(ed25519);
  const description = { id: 'web', messagingKeys: encodeUtf8('keys the directory can read with') };
  const device = signDeviceEntry(deriveNextPosition(current), description, key);
  const bytes = forgeNextList(current, [...current.devices, device], key);
  return { bytes, claim: `${namesOf(current.devices)} and web` };
}

/** A forged next list in which a device keeps its id and signing key, and has other messaging keys. */
export function forgeMessagingKeys(current: VerifiedDeviceList, id: string): ForgedList {
  const wanted = encodeUtf8(id);
  const messagingKeys = encodeUtf8('keys the directory can read with');
  const fresh = { messagingKeys, joined: current.accountKeyId, since: current.sequence + 1 };
  const devices = current.devices.map((device) =>
    equalBytes(device.id, wanted) ? { ...device, ...fresh } : device,
  );
  const bytes = forgeNextList(current, devices, generatePrivateKey(ed25519));
  return { bytes, claim: `${namesOf(current.devices)}, with other messaging keys for ${id}` };
}

/** A list that is flawless, and under an account key that the directory made. */
export function forgeAccount(current: VerifiedDeviceList): ForgedList {
  const accountKey = generatePrivateKey(ed25519);
  const position = deriveNextPosition(current, accountKey.publicKey);
  const description = { id: 'phone', messagingKeys: encodeUtf8('keys the directory can read with') };
  const devices = [signDeviceEntry(position, description, generatePrivateKey(ed25519))];
  const change = { accountKey: accountKey.publicKey, devices, removedKeyIds: [] };
  const draft = draftReset(current, change);
  const bytes = signDeviceList(draft, [accountKey]).encoded;
  return { bytes, claim: 'phone, under an account key of its own' };
}

/** Answers as the directory does, but with one bit of a hash changed. */
export function flipProofBit(directory: Directory): Server {
  return searchingBy(directory, async (request, asker) => {
    const response = await search(directory, request, asker);
    const [first, ...rest] = response.search.prefixProofs;
    const [hash, ...hashes] = first?.elements ?? [];
    if (first === undefined || hash === undefined) throw new Error('there is no hash to damage');
    const flipped = Uint8Array.from(hash, (byte, i) => (i === 0 ? byte ^ 1 : byte));
    const prefixProofs = [{ ...first, elements: [flipped, ...hashes] }, ...rest];
    return { ...response, search: { ...response.search, prefixProofs } };
  });
}

/**
 * Says that an earlier list is the newest one, of a log that holds a newer one. Everything in the answer is true: the
 * list, all that was said of it when it was the newest, and the proof out of the log of today.
 */
export function showAsNewest(directory: Directory, before: Directory): Server {
  return searchingBy(directory, async (request, asker) => {
    const then = await search(before, { ...request, last: undefined }, asker);
    const today = await search(directory, request, asker);
    return { ...then, fullTreeHead: today.fullTreeHead, search: today.search };
  });
}

/** Answers from a copy of the log that is behind, as if that were all, whatever the asker has seen. */
export function answerFromCopy(copy: Directory): Server {
  return searchingBy(copy, (request, asker) => search(copy, { ...request, last: undefined }, asker));
}

type Search = (request: SearchRequest, asker: Asker) => Promise<SearchResponse>;

/** The directory, with another way to answer look-ups. */
function searchingBy(directory: Directory, searches: Search): Server {
  const configuration = parseConfiguration(directory.configuration);
  return {
    async answer(operation, bytes, asker) {
      if (operation !== 'search') return directory.answer(operation, bytes, asker);
      const request = parseSearchRequest(bytes);
      return encodeSearchResponse(await searches(request, asker), configuration, request);
    },
    update: (request, asker) => directory.update(request, asker),
  };
}

async function search(directory: Directory, request: SearchRequest, asker: Asker): Promise<SearchResponse> {
  const bytes = await directory.answer('search', encodeSearchRequest(request), asker);
  return parseSearchResponse(bytes, parseConfiguration(directory.configuration), request);
}

function namesOf(devices: readonly Device[]): string {
  return devices.map(({ id }) => parseUtf8(id)).join(', ');
}

/** The next list, signed by `key`, which is neither the account key nor a listed device's. */
function forgeNextList(current: VerifiedDeviceList, devices: readonly Device[], key: PrivateKey): Uint8Array {
  const sorted = [...devices].sort((a, b) => compareBytes(a.id, b.id));
  const author = (current.devices[0] as Device).id;
  const list = concatBytes(
    uint(2, current.version),
    opaque(1, current.identifier),
    encodePublicKey(current.accountKey),
    uint(1, current.successions.length),
    ...current.successions.map((succession) =>
      concatBytes(
        encodePublicKey(succession.key),
        uint(8, succession.sequence),
        opaque(2, succession.signature),
      ),
    ),
    uint(8, current.sequence + 1),
    opaque(1, current.listId),
    opaque(1, author),
    uint(1, 1),
    uint(1, sorted.length),
    ...sorted.map(encodeDevice),
  );
  const account = key.sign(encodeLabelled('device list', list));
  const byAuthor = key.sign(encodeLabelled('device list author', list));
  return concatBytes(list, opaque(2, account), opaque(2, byAuthor));
}

function uint(width: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes.subarray(8 - width);
}

function opaque(width: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(uint(width, bytes.length), bytes);
}
