/**
 * English words for findings, trust and actions: a messenger translates this file. Plain words, no text says more
 * than is proven. `{name}` stands for the contact's name as this user knows it.
 */

import type { Action, Finding, FindingCode, Level } from './finding.js';
import type { Trust } from './assess.js';

/** One finding in words. */
export interface FindingText {
  /** What happened, in a line. */
  readonly title: string;
  /** Why it matters. */
  readonly why: string;
}

/** Words of every finding at its quietest level. */
export const FINDING_TEXTS: Readonly<Record<FindingCode, FindingText>> = {
  'device-added': {
    title: '{name} added a device.',
    why: 'New messages go to it too. It stands in the list that the account signed.',
  },
  'device-removed': {
    title: '{name} removed a device.',
    why: 'New messages are no longer encrypted to it.',
  },
  'device-rekeyed': {
    title: 'A device of {name} has new encryption keys.',
    why: 'It signed them itself. This is usual after the app was installed again.',
  },
  'device-unsigned': {
    title: 'A device that claims to belong to {name} is not in the signed list.',
    why: 'Nothing is encrypted to it and nothing from it is accepted. Somebody may be trying to read along.',
  },
  'list-invalid': {
    title: 'The device list shown for {name} is not genuine.',
    why: 'It is damaged, or the account did not sign it like this. The list from before stays in use.',
  },
  'list-unauthored': {
    title: 'The devices of {name} were changed without any of the known devices.',
    why: 'That happens when all devices were lost, and also when the account key has been stolen.',
  },
  'list-gap': {
    title: 'Some changes to the devices of {name} could not be followed.',
    why: 'What happened in between cannot be checked.',
  },
  'update-needed': {
    title: 'The device list of {name} needs a newer version of this app.',
    why: 'Until then the list from before stays in use.',
  },
  'verified-key-changed': {
    title: 'The key of {name} is not the one you compared.',
    why: 'Perhaps {name} lost all devices and began again. Perhaps somebody has put in another key to read along. This app cannot tell which.',
  },
  'account-key-reset': {
    title: 'The account of {name} began again with nothing from before.',
    why: 'Perhaps {name} lost all devices, perhaps the number has a new owner, perhaps somebody reads along. This app cannot tell which.',
  },
  'account-key-succeeded': {
    title: 'The account of {name} has a new key, handed over by the one before.',
    why: 'This is what happens when a device is removed.',
  },
  'codes-differ': {
    title: 'The codes of {name} and you did not match.',
    why: 'Somebody may be reading along, or one of you compared something else. Do not send anything confidential.',
  },
  'code-interrupted': {
    title: 'Comparing codes with {name} was not finished.',
    why: 'Nothing was verified. If it keeps happening, somebody may be trying to get between you.',
  },
  'public-code-mismatch': {
    title: 'The code you saved for {name} does not belong to the key in use.',
    why: 'The code may be wrong or out of date, or somebody has put in another key.',
  },
  'public-code-old': {
    title: 'The code you saved for {name} belongs to an earlier key.',
    why: 'Ask {name} to publish a new one.',
  },
  'list-rollback': {
    title: 'The public log went back to an older device list of {name}.',
    why: 'An honest log never does that. Removed devices could be put back this way.',
  },
  'list-fork': {
    title: 'There are two different device lists of {name} with the same number.',
    why: 'Different people may be shown different devices.',
  },
  'directory-outdated': {
    title: 'The service shows an old device list of {name}.',
    why: 'The newest one that was accepted stays in use.',
  },
  'log-outdated': {
    title: 'The public log does not show the newest device list of {name} yet.',
    why: 'Until it does, it is not known whether others are shown the same list.',
  },
  'log-proof-invalid': {
    title: 'The public log gave a false proof.',
    why: 'Nothing about {name} could be checked with it.',
  },
  'log-fork': {
    title: 'The public log shows different people different things.',
    why: 'What it says can no longer be relied on, for anybody. Please report it.',
  },
  'log-unavailable': {
    title: 'The public log could not be checked.',
    why: 'It is not known at present whether others are shown the same list of {name}.',
  },
  'log-stale': {
    title: 'The answer of the public log is not up to date.',
    why: 'It is not known at present whether the device list of {name} is the newest.',
  },
  'verification-off': {
    title: '{name} has turned verification off.',
    why: 'The account itself signed this. The keys of {name} are not checked while it is off.',
  },
  'verification-missing': {
    title: 'The device list of {name} has disappeared.',
    why: 'Whoever turns verification off signs that. Here it is simply gone, and the keys can no longer be checked.',
  },
  'own-device-added': {
    title: 'One of your devices added another one.',
    why: 'It can read your new messages. If that was not you, remove it now.',
  },
  'own-device-unknown': {
    title: 'Your account shows a device that none of your devices added.',
    why: 'Whoever holds it may be reading your messages.',
  },
  'own-list-foreign': {
    title: 'Your account shows a device list that none of your devices made.',
    why: 'Others may be encrypting to devices that are not yours. Or another device of yours made it and has not told this one. Until you decide, nothing is sent to your other devices.',
  },
};

/** What is said instead where a finding is louder or quieter than its first words, by `code:level`. */
export const LEVEL_TEXTS: Readonly<Partial<Record<`${FindingCode}:${Level}`, FindingText>>> = {
  'device-unsigned:notice': {
    title: 'A device that {name} has just removed was heard of again.',
    why: 'This happens while messages are on their way. Nothing is encrypted to it.',
  },
  'list-gap:warning': {
    title: 'Some changes to the devices of {name} were not seen by this app.',
    why: 'What happened in between cannot be checked, and the account may have changed hands. Compare codes.',
  },
  'account-key-succeeded:warning': {
    title: 'The account of {name} has a new key, and the check you made does not cover it.',
    why: 'The key before may have handed over, but no known device took part or changes in between were missed. Compare codes again.',
  },
  'directory-outdated:alarm': {
    title: 'The service has been showing an old device list of {name} for too long.',
    why: 'Others who rely on it may be encrypting to devices that were removed.',
  },
  'log-outdated:alarm': {
    title: 'The public log still does not show the device list of {name} that this app was given.',
    why: 'You may have been shown a list that nobody else sees.',
  },
  'log-proof-invalid:alarm': {
    title: 'The public log keeps giving false proofs.',
    why: 'It is broken, or somebody between you and it is changing its answers.',
  },
};

/** Words for what the app offers to do. */
export const ACTION_TEXTS: Readonly<Record<Action, string>> = {
  'compare-codes': 'Compare codes with {name}',
  'contact-out-of-band': 'Ask {name} in person or by another service',
  'wait-and-retry': 'Try again later',
  'update-app': 'Update this app',
  'remove-device': 'Remove the device',
  report: 'Report it with the evidence',
  'accept-change': 'Go on with the change, unverified',
};

/** Words for trust. */
export const TRUST_TEXTS: Readonly<Record<Trust, string>> = {
  unverified: 'Not verified',
  consistent: 'Not verified by you; found in the public log',
  verified: 'Verified',
  doubtful: 'Something does not fit',
  blocked: 'Blocked',
};

/** How to compare codes, to be shown before a person answers. */
export const COMPARING_TEXT: string =
  'Compare the code in person, in an end-to-end encrypted video call in which you see each other, or in a voice ' +
  'call in which you first talk about something that only the two of you know: voices can be imitated. Do not ' +
  'send the code as a message here. Say that it matches only if every digit is the same.';

/** The title of a finding that stands for more of its kind than are shown one by one. `{count}`: how many, at least. */
export const MORE_TEXT = 'At least {count} more like this: ';

/**
 * The words of one finding. `{name}` is left in them for the app to fill in: the contact's name as this user knows it,
 * or words such as "your account" where the finding's subject is one's own.
 * @param finding a finding, or its code and level; with `folded` above 0 the title says how many more there were
 */
export function describeFinding(
  finding: Pick<Finding, 'code' | 'level'> & Partial<Pick<Finding, 'folded'>>,
): FindingText {
  const { code, level, folded = 0 } = finding;
  const text = LEVEL_TEXTS[`${code}:${level}`] ?? FINDING_TEXTS[code];
  if (folded === 0) return text;
  return { ...text, title: MORE_TEXT.replace('{count}', String(folded)) + text.title };
}
