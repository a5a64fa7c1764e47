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
import { type VerifiedDeviceList, verifyDeviceList } from 'contact-key-verification/keys.js';

/** A review, and the code of the error that refused what was heard, if one did. */
export interface Heard extends Review {
  readonly refusal?: string | undefined;
}

export class Contact {
  readonly identifier: string;
  #state: ContactState;
  #list: VerifiedDeviceList | undefined;

  constructor(identifier: string) {
    this.identifier = identifier;
    this.#state = createContact({ identifier: encodeUtf8(identifier) });
  }

  /** The list this app goes by. */
  get list(): VerifiedDeviceList | undefined {
    return this.#list;
  }

  /** What the app knows means this, now. */
  review(nowMs: number): Review {
    return this.#keep({}, nowMs);
  }

  /** The directory handed out a list, which the log is proven to contain. A refusal is an answer too. */
  hearList(bytes: Uint8Array, nowMs: number): Heard {
    try {
      const list = verifyDeviceList(bytes, { identifier: this.identifier, stored: this.#list });
      const { sequence, listId } = list;
      // A plain log: included, which does not prove that there is no newer one. Its heads carry no time of their own.
      const log: LogEvidence = { kind: 'included', sequence, listId, provenMs: nowMs };
      return this.#keep({ directory: { kind: 'list', list }, log }, nowMs);
    } catch (error) {
      const code = codeOf(error);
      const review = this.#keep({ directory: { kind: 'refused', code, bytes } }, nowMs);
      return { ...review, refusal: code };
    }
  }

  /** The directory says that there is no list. */
  hearNothing(nowMs: number): Heard {
    return this.#keep({ directory: { kind: 'no-list' } }, nowMs);
  }

  /** Something is wrong with the log. */
  hearOfLog(log: LogEvidence, nowMs: number): Heard {
    return this.#keep({ log }, nowMs);
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
    const copy = new Contact(this.identifier);
    copy.#state = this.#state;
    copy.#list = this.#list;
    return copy;
  }

  #keep(heard: { directory?: DirectoryAnswer; log?: LogEvidence }, nowMs: number): Review {
    const review = reviewContact({ stored: this.#state, ...heard, nowMs });
    // A messenger writes both to its database here, in one transaction: review.state, and review.listToStore if there.
    this.#state = review.state;
    if (review.listToStore !== undefined && heard.directory?.kind === 'list')
      this.#list = heard.directory.list;
    return review;
  }
}

/** The code of an error of this library; any other is thrown again. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}
