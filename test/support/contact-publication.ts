/** The lists of an account as they are published in one life, one way through its tree (`contact-story.ts`). */

import { type Page, tellAccount } from './contact-story.js';
import { DAY, START } from './contact-world.js';

export class Publication {
  readonly #published: { readonly page: Page; readonly atMs: number }[] = [
    { page: tellAccount()[0] as Page, atMs: START - DAY },
  ];
  /** Lists before this sequence have expired in the log. */
  #expired = 0;

  get newest(): Page {
    return this.#published.at(-1)?.page as Page;
  }

  /** What a replica of that moment shows, oldest first. */
  visibleAt(momentMs: number): readonly Page[] {
    const shown = this.#published.filter(({ atMs }, i) => i === 0 || atMs <= momentMs);
    return shown.map(({ page }) => page);
  }

  /** From now on, nobody gets to see the lists before this one. */
  expireBefore({ list }: Page): void {
    this.#expired = Math.max(this.#expired, list.sequence);
  }

  /** Whether lists that follow this one have expired, so that the gap to the newest cannot be filled. */
  hasGapAfter({ list }: Page): boolean {
    return list.sequence + 1 < this.#expired;
  }

  /**
   * Publishes the next list.
   * @param pick chooses among those that can follow
   * @param isAllowed leaves some out
   */
  publish(nowMs: number, pick: number, isAllowed: (page: Page) => boolean): Page | undefined {
    const after = this.newest.after.filter(isAllowed);
    const byHeight = [...after].sort((a, b) => b.height - a.height);
    const taken = pick % 2 === 0 ? 0 : Math.floor(pick / 2) % Math.max(1, byHeight.length);
    const reassigned = pick % 3 === 0 ? after.find(({ change }) => change === 'reassign') : undefined;
    const page = reassigned ?? byHeight[taken];
    if (page !== undefined) this.#published.push({ page, atMs: nowMs });
    return page;
  }
}
