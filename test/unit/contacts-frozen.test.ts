/** States are plain data that nobody changes: not even the empty parts of one that knows nothing yet. */

import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import {
  type ContactState,
  createContact,
  encodeContact,
  mergeContacts,
  parseContact,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { expect, test } from 'vitest';
import { BOB } from '../support/accounts.js';
import { START } from '../support/contact-world.js';
import { tellStory } from '../support/list-story.js';

/** Paths of what can still be changed. Bytes cannot be frozen. */
function loose(value: unknown, path = 'state'): readonly string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const inside = Object.entries(value).flatMap(([name, part]) => loose(part, `${path}.${name}`));
  return Object.isFrozen(value) ? inside : [path, ...inside];
}

const empty = createContact({ identifier: encodeUtf8(BOB) });
const { first, rekeyed, removed } = tellStory();

function lived(): ContactState {
  const { sequence, listId, accountKeyId: keyId } = first;
  const log = { kind: 'newest', sequence, listId, provenMs: START } as const;
  const met = reviewContact({ stored: empty, directory: { kind: 'list', list: first }, log, nowMs: START });
  const compared = reduceContact(met.state, { kind: 'code-same', keyId }, { nowMs: START });
  const blocked = reduceContact(compared, { kind: 'contact-blocked' }, { nowMs: START });
  const away = { kind: 'unavailable', scope: 'log' } as const;
  return [rekeyed, removed].reduce(
    (stored, list) =>
      reviewContact({ stored, directory: { kind: 'list', list }, log: away, nowMs: START }).state,
    blocked,
  );
}

test.each<[string, ContactState]>([
  ['of nobody', empty],
  ['of nobody, reviewed', reviewContact({ nowMs: START }).state],
  ['of somebody', lived()],
  ['read from bytes', parseContact(encodeContact(lived()))],
  ['read from the bytes of nobody', parseContact(encodeContact(empty))],
  ['merged', mergeContacts(empty, lived())],
])('a state %s', (_, state) => {
  expect(loose(state)).toEqual([]);
});
