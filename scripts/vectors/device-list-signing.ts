/** Bob's lists again, with some fields changed and everything signed anew by the keys that sign in the story. */
import { type DeviceList, encodeSignedDeviceList } from '../../test/reference/device-list.js';
import type { KeyPair } from '../../test/reference/keys.js';
import { signList } from '../../test/reference/list-making.js';
import { account, account2, account3, laptop, phone, story } from './device-list-story.js';

const { first, added, rotated, alone } = story;

/** Names of the valid cases that are damaged. */
export const FIRST = 'first';
export const ADDED = 'added, at first sight';
export const ROTATED = 'rotated, at first sight';
export const ALONE = 'alone, at first sight';
export const RESET = 'reset, at first sight';

/** Adds a damage to a file. */
export type Refuse = (of: string, code: string, damage: string, signed: Uint8Array) => void;

export const resigned = (list: DeviceList, by: KeyPair, author?: KeyPair): Buffer =>
  encodeSignedDeviceList(signList(list, by, author));
export const ofFirst = (changes: Partial<DeviceList>): Buffer =>
  resigned({ ...first.list, ...changes }, account);
export const ofAdded = (changes: Partial<DeviceList>): Buffer =>
  resigned({ ...added.list, ...changes }, account, phone);
export const ofRotated = (changes: Partial<DeviceList>): Buffer =>
  resigned({ ...rotated.list, ...changes }, account2, laptop);
export const ofAlone = (changes: Partial<DeviceList>): Buffer =>
  resigned({ ...alone.list, ...changes }, account3);
