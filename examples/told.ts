/**
 * What a person reads: the review's findings in words, with the contact's name filled in.
 */

import {
  ACTION_TEXTS,
  describeFinding,
  type Review,
  TRUST_TEXTS,
} from 'contact-key-verification/contacts.js';
import type { Terminal } from './terminal.js';

/** Code and level of the loudest finding, for programs; or `none`. */
export function loudestOf({ findings: [loudest] }: Review): string {
  return loudest === undefined ? 'none' : `${loudest.code} ${loudest.level}`;
}

/** Whether the app has nothing to say but news. */
export function isQuiet({ findings, devices }: Review): boolean {
  return devices.length > 0 && findings.every(({ level }) => level === 'notice');
}

/** Each sentence once, and how often it would have to be said: an app tells them apart by the device's name. */
function counted(sentences: readonly string[]): readonly string[] {
  return [...new Set(sentences)].map((sentence) => {
    const times = sentences.filter((other) => other === sentence).length;
    return times === 1 ? sentence : `${sentence} (${times} times)`;
  });
}

/** Of whom an app speaks. */
export interface Subject {
  readonly name: string;
  /** Whether it is the person’s own account. */
  readonly isOwn?: boolean | undefined;
}

/** Shows a review as an app does: the loudest finding in full, and what stands beside the contact's name. */
export function show(out: Terminal, review: Review, { name, isOwn = false }: Subject): void {
  const named = (text: string): string => text.replaceAll('{name}', name);
  const [loudest, ...others] = review.findings;
  if (loudest !== undefined) {
    const { title, why } = describeFinding(loudest);
    out.said(loudest.level, named(title), named(why));
    if (loudest.actions.length > 0) {
      out.fact('the app offers', loudest.actions.map((action) => named(ACTION_TEXTS[action])).join(' · '));
    }
  }
  const titles = others.map((finding) => named(describeFinding(finding).title));
  if (titles.length > 0) out.fact('and says', counted(titles).join(' '));
  out.fact(isOwn ? 'beside his account' : `beside ${name}’s name`, TRUST_TEXTS[review.trust]);
  const { length } = review.devices;
  const receivers = length === 0 ? 'nobody, until the user decides' : `${length} of his devices`;
  out.fact(isOwn ? 'copies go to' : 'messages go to', receivers);
}
