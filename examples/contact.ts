/**
 * What an app keeps of one contact: the review's state and the list in use, stored together. It changes in two ways
 * only: something was heard from directory and log, or something happened. What follows from it, the review says.
 */

import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import {
  type ContactEvent,
  type ContactState,
  createContact,
  type DirectoryAnswer,
  type LogEvidence,
  reduceContact,
  type Review,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import type { VerifiedDeviceList } from 'contact-key-verification/keys.js';

/** What was heard, as a look-up returns it. */
export interface Said {
  readonly directory?: DirectoryAnswer | undefined;
  readonly log?: LogEvidence | undefined;
  readonly refusal?: string | undefined;
}

/** A review, and the code of the error that refused what was heard, if one did. */
export interface Heard extends Review {
  readonly refusal?: string | undefined;
}

export class Contact {
  readonly identifier: string;
  readonly #owner: 'contact' | 'own';
  #state: ContactState;
  #list: VerifiedDeviceList | undefined;

  /** @param owner `own`: one's own account, which is reviewed like a contact */
  constructor(identifier: string, owner: 'contact' | 'own' = 'contact') {
    this.identifier = identifier;
    this.#owner = owner;
    this.#state = createContact({ identifier: encodeUtf8(identifier), owner });
  }

  /** The list this app goes by. */
  get list(): VerifiedDeviceList | undefined {
    return this.#list;
  }

  /** What the app knows means this, now. */
  review(nowMs: number): Review {
    return this.#keep({}, nowMs);
  }

  /** What directory and log said. A refusal is an answer too, and so is evidence alone. */
  hear({ refusal, ...said }: Said, nowMs: number): Heard {
    return { ...this.#keep(said, nowMs), refusal };
  }

  /** Something happened: a comparison, a message, a decision. */
  tell(event: ContactEvent, nowMs: number): Review {
    this.#state = reduceContact(this.#state, event, { nowMs });
    return this.review(nowMs);
  }

  /** The user has read what the app had to say. What is new, or comes again, is told again. */
  see({ findings }: Review, nowMs: number): Review {
    for (const { id } of findings) this.tell({ kind: 'finding-seen', id }, nowMs);
    return this.review(nowMs);
  }

  /** The same contact, on a device that goes its own way from now on. */
  fork(): Contact {
    const copy = new Contact(this.identifier, this.#owner);
    copy.#state = this.#state;
    copy.#list = this.#list;
    return copy;
  }

  #keep({ directory, log }: Said, nowMs: number): Review {
    const review = reviewContact({ stored: this.#state, directory, log, nowMs });
    // A messenger writes both to its database here, in one transaction: review.state, and review.listToStore if there.
    this.#state = review.state;
    if (review.listToStore !== undefined && directory?.kind === 'list') this.#list = directory.list;
    return review;
  }
}
