/**
 * CKV/1, section "The signed device list": what a verifier makes of one encoded SignedDeviceList, given the
 * identifier that was looked up, the encoded list it holds already, and the account key it has pinned.
 */
import {
  type DeviceList,
  type SignedDeviceList,
  MAX_SUCCESSIONS,
  chainOf,
  decodeSignedDeviceList,
  encodeDevice,
  encodeDeviceList,
  encodeSuccession,
  listId,
  possessionContent,
  successionContent,
} from './device-list.js';
import { type Reason, Refusal, demand, equal } from './encoding.js';
import { type PublicKey, equalKeys, verify } from './keys.js';

/**
 * What becomes of a verified mark on the pinned key.
 * `holds`: it is the account key. `moves`: a chain from it with a fitting author. `falls`: a chain alone.
 * `reset`: no chain, or a reset even under the same key.
 */
export type Mark = 'holds' | 'moves' | 'falls' | 'reset';

export type Verdict =
  | {
      readonly kind: 'first' | 'same' | 'next' | 'reset';
      readonly list: DeviceList;
      readonly mark: Mark | undefined;
    }
  | {
      readonly kind: 'gap';
      readonly list: DeviceList;
      readonly missing: readonly [first: number, last: number];
    }
  | { readonly refused: Reason };

export function judge(
  bytes: Uint8Array,
  identifier: Uint8Array,
  stored: Uint8Array | undefined,
  pinned: PublicKey | undefined,
  gapExpired = false,
): Verdict {
  try {
    return weigh(bytes, identifier, stored, pinned, gapExpired);
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.reason };
    throw error;
  }
}

function weigh(
  bytes: Uint8Array,
  identifier: Uint8Array,
  stored: Uint8Array | undefined,
  pinned: PublicKey | undefined,
  gapExpired: boolean,
): Verdict {
  const signed = decodeSignedDeviceList(bytes);
  const { list } = signed;
  // "`verifyDeviceList` takes the identifier that was looked up"; "One list per identifier: … nor one identifier's
  // list serve under another."
  demand(equal(list.identifier, identifier), 'other-identifier');
  checkSignatures(signed);

  // First sight. "The author's signature … at first sight, without the list before, it is not checked." So a chain
  // from the pinned key is a chain alone here.
  if (stored === undefined) return { kind: 'first', list, mark: markOf(pinned, list) };

  const before = acceptedBefore(stored, identifier);

  // "never back"
  demand(list.sequence >= before.sequence, 'rollback');

  // "same sequence ⇒ same list bytes". "A repeated list's account signature is checked again": it was, above.
  if (list.sequence === before.sequence) {
    demand(equal(encodeDeviceList(list), encodeDeviceList(before)), 'fork');
    return { kind: 'same', list, mark: markOf(pinned, list) };
  }

  // "A jump in sequence is a gap whatever `previous` says."
  const gap = list.sequence > before.sequence + 1;
  if (gap && !gapExpired) {
    return { kind: 'gap', list, missing: [before.sequence + 1, list.sequence - 1] };
  }

  // "Nothing new counts under a succeeded key": not even a reset, nor a chain that comes back to a dropped one.
  const succeeded = before.successions.map((succession) => succession.key);
  demand(!succeeded.some((key) => equalKeys(key, list.account_key)), 'succeeded-key');

  // "if the log proves them expired, it counts as first sight and the mark falls"
  if (gap) return { kind: 'first', list, mark: pinned === undefined ? undefined : fallen(pinned, list) };

  // "A list after the first with empty `previous` is a reset (even under the same account key)"
  if (list.previous.length === 0) {
    return { kind: 'reset', list, mark: pinned === undefined ? undefined : 'reset' };
  }

  // "Any other list continues the chain."
  demand(equal(list.previous, listId(before)), 'previous-wrong');
  checkChain(before, list);
  checkEntries(before, list);
  checkAuthor(before, signed);

  // "a chain from the pinned key with a fitting `author` ⇒ the verified mark moves; chain alone ⇒ it falls"
  const stepFromPin = pinned !== undefined && equalKeys(pinned, before.account_key);
  const moves = stepFromPin && !equalKeys(pinned, list.account_key) && list.author.length > 0;
  return { kind: 'next', list, mark: moves ? 'moves' : markOf(pinned, list) };
}

/** What the list alone says of a pinned key: current, earlier in the chain (without an author that fits), or absent. */
function markOf(pinned: PublicKey | undefined, list: DeviceList): Mark | undefined {
  if (pinned === undefined) return undefined;
  return equalKeys(pinned, list.account_key) ? 'holds' : fallen(pinned, list);
}

function fallen(pinned: PublicKey, list: DeviceList): Mark {
  return chainOf(list).some((key) => equalKeys(key, pinned)) ? 'falls' : 'reset';
}

/** What is stored was accepted once; if it no longer reads, the caller's storage is at fault, not the new list. */
function acceptedBefore(stored: Uint8Array, identifier: Uint8Array): DeviceList {
  let before: DeviceList;
  try {
    before = decodeSignedDeviceList(stored).list;
  } catch {
    throw new Error('the stored list does not decode');
  }
  if (!equal(before.identifier, identifier)) throw new Error('the stored list is of another identifier');
  return before;
}

/** All signatures that need no other list, in byte order. */
function checkSignatures({ list, account }: SignedDeviceList): void {
  const chain = chainOf(list);
  list.successions.forEach(({ key, sequence, signature }, i) => {
    const next = chain[i + 1] as PublicKey; // "the last one's next key is account_key"
    const content = successionContent(list.identifier, key, next, sequence);
    demand(verify(key, 'succession', content, signature), 'succession-signature');
  });
  for (const device of list.devices) {
    const content = possessionContent(list.identifier, device);
    demand(
      verify(device.signing_key, 'device possession', content, device.possession),
      'possession-signature',
    );
  }
  // "labels "device list", "device list author"; both sign DeviceList"
  demand(verify(list.account_key, 'device list', encodeDeviceList(list), account), 'account-signature');
}

/**
 * "A list adds at most one succession, carrying its own sequence; … kept ones are byte-equal." "Successions only grow
 * until there are 64; then each new one drops the oldest".
 */
function checkChain(before: DeviceList, list: DeviceList): void {
  const old = before.successions.map(encodeSuccession);
  const now = list.successions.map(encodeSuccession);
  if (equalKeys(list.account_key, before.account_key)) {
    demand(equal(Buffer.concat(now), Buffer.concat(old)), 'chain-broken');
    return;
  }
  const kept = old.length === MAX_SUCCESSIONS ? old.slice(1) : old;
  const added = list.successions.at(-1);
  demand(added !== undefined && equalKeys(added.key, before.account_key), 'chain-broken');
  demand(added?.sequence === list.sequence, 'chain-broken');
  demand(equal(Buffer.concat(now.slice(0, -1)), Buffer.concat(kept)), 'chain-broken');
  // "no signing_key is one of them", the keys of the chain: nor the one that this list drops from it.
  for (const device of list.devices) {
    const reused = before.successions.some(({ key }) => equalKeys(key, device.signing_key));
    demand(!reused, 'signing-key-reused');
  }
}

/**
 * "each Device is byte-equal to its entry in the list before, or fresh: `since` = this `sequence`, `joined` =
 * keyId(account_key)". The decoder has shown `joined` to be the key in force at `since`, which for this sequence is
 * account_key.
 */
function checkEntries(before: DeviceList, list: DeviceList): void {
  const old = before.devices.map(encodeDevice);
  for (const device of list.devices) {
    const kept = old.some((entry) => equal(entry, encodeDevice(device)));
    demand(kept || device.since === list.sequence, 'entry-replayed');
  }
}

/** "id, in the list before, of the device that made this one; empty: by the account key alone" */
function checkAuthor(before: DeviceList, signed: SignedDeviceList): void {
  if (signed.list.author.length === 0) return;
  const author = before.devices.find((device) => equal(device.id, signed.list.author));
  if (author === undefined) throw new Refusal('author-unknown');
  const content = encodeDeviceList(signed.list);
  demand(verify(author.signing_key, 'device list author', content, signed.author), 'author-signature');
}
