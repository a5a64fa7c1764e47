/**
 * What a person's app does with a directory's answer: check everything, and only then remember it.
 */

import { type VerifiedDeviceList, verifyDeviceList } from 'contact-key-verification/keys.js';
import { hashLeaf, verifyConsistency, verifyInclusion } from 'contact-key-verification/log.js';
import type { PublicKey } from 'contact-key-verification/suites.js';
import type { Answer, Knowledge } from './directory.js';
import { type SignedHead, verifyHead } from './signed-head.js';

/** Anything that answers look-ups: a directory, or what stands between it and the phone. */
export interface AnswersLookups {
  lookUp(identifier: string, known: Knowledge): Answer;
}

/** What the app has accepted about one contact. */
interface Contact {
  readonly list: VerifiedDeviceList;
  /** The account key a person verified, if one did. */
  readonly pinned?: PublicKey;
}

export class Phone {
  readonly #logKey: PublicKey;
  readonly #contacts = new Map<string, Contact>();
  #head: SignedHead | undefined;

  /** @param logKey the log's key, shipped with the app */
  constructor(logKey: PublicKey) {
    this.#logKey = logKey;
  }

  /** The newest head this phone accepted, as the log signed it: evidence, should another one contradict it. */
  get head(): SignedHead | undefined {
    return this.#head;
  }

  /** The list this phone goes by for a contact. */
  listOf(identifier: string): VerifiedDeviceList | undefined {
    return this.#contacts.get(identifier)?.list;
  }

  /**
   * Looks a contact up: the head is signed, it extends the head before, every list is in the log under it, and
   * each list follows the one before. Anything false is thrown, and nothing is remembered.
   */
  lookUp(directory: AnswersLookups, identifier: string): VerifiedDeviceList {
    const contact = this.#contacts.get(identifier);
    const answer = directory.lookUp(identifier, {
      treeSize: this.#head?.treeSize ?? 0,
      sequence: contact?.list.sequence ?? 0,
    });

    const head = verifyHead(answer.head, this.#logKey);
    if (this.#head !== undefined) verifyConsistency(this.#head, head, [...answer.consistency]);

    let list = contact?.list;
    let pinned = contact?.pinned;
    for (const { bytes, index, proof } of answer.lists) {
      verifyInclusion(head, { index, leafHash: hashLeaf(bytes), proof: [...proof] });
      list = verifyDeviceList(bytes, { identifier, stored: list, accountKey: pinned });
      // A verified mark moves with its key, or falls.
      if (pinned !== undefined && list.mark === 'moved') pinned = list.accountKey;
      if (pinned !== undefined && list.mark === 'fallen') pinned = undefined;
    }
    if (list === undefined) throw new Error('nobody has this identifier');

    this.#head = answer.head;
    this.#contacts.set(identifier, { list, ...(pinned === undefined ? {} : { pinned }) });
    return list;
  }

  /** The same phone, going its own way from now on. */
  fork(): Phone {
    const copy = new Phone(this.#logKey);
    for (const [identifier, contact] of this.#contacts) copy.#contacts.set(identifier, contact);
    copy.#head = this.#head;
    return copy;
  }

  /** Remembers that the person verified this key. */
  pin(identifier: string, accountKey: PublicKey): void {
    const contact = this.#contacts.get(identifier);
    if (contact === undefined) throw new Error('look the contact up first');
    this.#contacts.set(identifier, { ...contact, pinned: accountKey });
  }

  /** Whether the contact's current account key is one that the person verified. */
  isVerified(identifier: string): boolean {
    const contact = this.#contacts.get(identifier);
    // Off: no mark. On again restores it, which is why the pin stays.
    return contact?.pinned !== undefined && contact.list.verification;
  }
}
