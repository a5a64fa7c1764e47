/**
 * What follows from the directory's answer.
 */

import { equalBytes } from '../bytes/compare.js';
import { ArgumentRangeError } from '../errors.js';
import type { VerifiedDeviceList } from '../keys/verify-device-list.js';
import { takeList } from './accept-list.js';
import type { DirectoryAnswer, NamedDevice } from './evidence.js';
import { signingKeyBytes } from './join.js';
import { activePins } from './mark.js';
import { aboutDevice, factsOf, observe } from './note.js';
import type { ContactPolicy } from './policy.js';
import type { ContactState } from './state.js';
import { trouble } from './trouble.js';

const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Refusals that say something of this program or device, not of the contact. */
const NOT_OF_THE_CONTACT: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'ERR_ARGUMENT_TYPE',
  'ERR_ARGUMENT_RANGE',
  'ERR_STORED_STATE',
  'ERR_NO_RANDOMNESS',
  'ERR_NO_WEBASSEMBLY',
  'ERR_SELF_TEST',
]);

/** Codes of DecodeError that a list can fail with. */
const NOT_DECODABLE: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'ERR_TRUNCATED',
  'ERR_TRAILING_BYTES',
  'ERR_TOO_LARGE',
  'ERR_LENGTH',
  'ERR_ENUM',
  'ERR_INTEGER',
  'ERR_ORDER',
  'ERR_DUPLICATE',
  'ERR_KEY_LENGTH',
  'ERR_KEY_POINT',
  'ERR_KEY_ORDER',
]);

/** The state after the directory's answer. */
export function takeDirectory(
  state: ContactState,
  answer: DirectoryAnswer,
  policy: ContactPolicy,
  nowMs: number,
): ContactState {
  switch (answer.kind) {
    case 'unreachable':
      return state;
    case 'list': {
      const taken = takeList(state, answer.list, nowMs);
      const compared = (answer.others ?? []).reduce(
        (next, other) => takeOther(next, taken.list ?? answer.list, other, nowMs),
        taken,
      );
      return takeNamed(compared, answer.named, policy, nowMs);
    }
    case 'refused':
      return takeNamed(takeRefusal(state, answer, nowMs), answer.named, policy, nowMs);
    case 'no-list':
      return takeNamed(takeAbsence(state, nowMs), answer.named, policy, nowMs);
  }
}

function takeRefusal(
  state: ContactState,
  { code, bytes = NOTHING }: Extract<DirectoryAnswer, { kind: 'refused' }>,
  nowMs: number,
): ContactState {
  if (NOT_OF_THE_CONTACT.has(code)) {
    throw new ArgumentRangeError(
      'this error says nothing of the contact: repair the stored list or the call',
    );
  }
  switch (code) {
    case 'ERR_VERSION':
      return trouble(state, 'update-needed', 'unknown-version', nowMs);
    case 'ERR_SCHEME':
      return trouble(state, 'update-needed', 'unknown-scheme', nowMs);
    case 'ERR_LIST_GAP':
      return trouble(state, 'list-gap', 'lists-missing', nowMs);
    case 'ERR_LIST_ROLLBACK':
      return trouble(state, 'directory-outdated', 'directory-shows-older', nowMs);
    case 'ERR_LIST_FORK': {
      const { list } = state;
      const about = list === undefined ? {} : { sequence: list.sequence, before: list.listId };
      const facts = factsOf('list-fork', 'alarm', 'directory-shows-other', about);
      return observe(state, facts, nowMs, bytes);
    }
    case 'ERR_ACCOUNT_KEY': {
      const before = activePins(state)[0]?.keyId ?? state.list?.accountKeyId ?? NOTHING;
      const facts =
        activePins(state).length > 0
          ? factsOf('verified-key-changed', 'alarm', 'no-chain', { before })
          : factsOf('account-key-reset', 'warning', 'no-chain', { before });
      return observe(state, facts, nowMs);
    }
    case 'ERR_LIST_IDENTIFIER':
      return observe(state, factsOf('list-invalid', 'alarm', 'other-identifier'), nowMs, bytes);
    default: {
      // A code this version does not know counts as false: silence would be the attacker's choice.
      const why = NOT_DECODABLE.has(code) ? 'not-decodable' : 'not-true';
      return observe(state, factsOf('list-invalid', 'alarm', why), nowMs, bytes);
    }
  }
}

function takeAbsence(state: ContactState, nowMs: number): ContactState {
  const { list } = state;
  const expected = list?.verification === true || activePins(state).length > 0 || state.written.length > 0;
  if (!expected) return state;
  const about = list === undefined ? {} : { before: list.accountKeyId };
  return observe(state, factsOf('verification-missing', 'alarm', 'no-list', about), nowMs);
}

/** A contact's other identifier has to be of the same chain of account keys. */
function takeOther(
  state: ContactState,
  list: Pick<VerifiedDeviceList, 'accountKeyId' | 'earlierKeyIds'>,
  other: VerifiedDeviceList,
  nowMs: number,
): ContactState {
  const chain = [...list.earlierKeyIds, list.accountKeyId];
  const otherChain = [...other.earlierKeyIds, other.accountKeyId];
  const linked =
    chain.some((keyId) => equalBytes(keyId, other.accountKeyId)) ||
    otherChain.some((keyId) => equalBytes(keyId, list.accountKeyId));
  if (linked) return state;
  const about = { before: list.accountKeyId, after: other.accountKeyId };
  const facts =
    activePins(state).length > 0
      ? factsOf('verified-key-changed', 'alarm', 'two-identifiers', about)
      : factsOf('account-key-reset', 'warning', 'two-identifiers', about);
  return observe(state, facts, nowMs);
}

function takeNamed(
  state: ContactState,
  named: readonly NamedDevice[] | undefined,
  policy: ContactPolicy,
  nowMs: number,
): ContactState {
  return (named ?? []).reduce(
    (next, device) => takeDevice(next, device, 'named-by-directory', policy, nowMs),
    state,
  );
}

/** The state after a device was named, or was heard of in a message. */
export function takeDevice(
  state: ContactState,
  device: NamedDevice,
  why: 'named-by-directory' | 'message-sender',
  policy: ContactPolicy,
  nowMs: number,
): ContactState {
  const { list } = state;
  // Without a list, or with verification off, there is nothing that devices could be outside of.
  if (list?.verification !== true) return state;
  const about = aboutDevice(device);
  const key = about.deviceKey;
  const listed = list.devices.find(({ signingKey }) => equalBytes(signingKeyBytes(signingKey), key));
  const { messagingKeys } = device;
  if (
    listed !== undefined &&
    (messagingKeys === undefined || equalBytes(messagingKeys, listed.messagingKeys))
  ) {
    return state;
  }
  const named = device.id === undefined && listed !== undefined ? { ...about, deviceId: listed.id } : about;
  const isRecent = state.removed.some(
    ({ signingKey, atMs }) =>
      equalBytes(signingKeyBytes(signingKey), key) && nowMs >= atMs && nowMs - atMs <= policy.removalMs,
  );
  if (isRecent && listed === undefined) {
    return observe(state, factsOf('device-unsigned', 'notice', 'just-removed', named), nowMs);
  }
  const code = state.owner === 'own' ? 'own-device-unknown' : 'device-unsigned';
  return observe(state, factsOf(code, 'alarm', why, named), nowMs);
}
