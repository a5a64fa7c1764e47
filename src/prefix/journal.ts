/**
 * Journals: for each position that wrote pages, which ones, which pages of older positions they replaced, and from
 * which position's tree the new one was made.
 *
 * A journal is stored before the pages that it lists, so nothing is ever stored that no journal knows. Whether an
 * update was published, a journal does not say; the chain of journals does: one that no later published tree leads
 * back to belongs to an update that was given up.
 *
 *     journal 4 ◀── journal 6 ◀── journal 7 ◀── head        journal 5 leads nowhere: given up
 *
 * Text: the base's position, then for each page its path and, where it replaces one, a space and the position of that.
 * Pruning puts one word in place of all that, once the pages of a journal and of all older ones are gone.
 */

import { encodeUtf8, parseUtf8 } from '../bytes/text.js';
import { corrupt, positionText } from './page.js';

/** A page that was written, or may have been; or one that was replaced by none. */
export interface JournalLine {
  readonly path: string;
  /** The position of the page in its place before; that of the journal where the page itself is a left-over. */
  readonly replaced: number | undefined;
}

/** What is noted of an update. */
export interface Journal {
  /** The position of the tree that the new one is made from; `undefined` for an empty one. */
  readonly base: number | undefined;
  readonly lines: readonly JournalLine[];
}

/** What pruning leaves of a journal until the older ones are deleted. */
const PRUNED = 'pruned\n';

const HEADER = /^(?:[0-9a-f]{14})?$/;
const LINE = /^([0-9a-v]{0,255})(?: ([0-9a-f]{14}))?$/;

/** The key of a journal: before those of the pages of its position. */
export function journalKey(position: number): string {
  return `${positionText(position)}!`;
}

/** The bytes of a journal. */
export function encodeJournal({ base, lines }: Journal): Uint8Array {
  const text = lines.map(({ path, replaced }) =>
    replaced === undefined ? `${path}\n` : `${path} ${positionText(replaced)}\n`,
  );
  return encodeUtf8(`${base === undefined ? '' : positionText(base)}\n${text.join('')}`);
}

/**
 * Reads a journal.
 * @throws StateError `ERR_STORED_STATE`
 */
export function parseJournal(bytes: Uint8Array): Journal {
  const [header = '?', ...lines] = textOf(bytes).split('\n');
  if (lines.pop() !== '' || !HEADER.test(header)) throw corrupt('a journal without beginning or end');
  return {
    base: header === '' ? undefined : Number.parseInt(header, 16),
    lines: lines.map((line) => {
      const match = LINE.exec(line);
      if (match === null) throw corrupt('a journal with an unknown line');
      const [, path = '', replaced] = match;
      return { path, replaced: replaced === undefined ? undefined : Number.parseInt(replaced, 16) };
    }),
  };
}

function textOf(bytes: Uint8Array): string {
  try {
    return parseUtf8(bytes);
  } catch {
    throw corrupt('a journal that is no text');
  }
}

/** The bytes of a journal of which, and of all older ones, no page is left to delete. */
export function encodePrunedJournal(): Uint8Array {
  return encodeUtf8(PRUNED);
}

/** Whether {@link encodePrunedJournal} wrote this. */
export function isPrunedJournal(bytes: Uint8Array): boolean {
  return bytes.length === PRUNED.length && textOf(bytes) === PRUNED;
}

/**
 * A journal, with what an update of the same position left that was given up: its pages that are not written again
 * are now deleted together with the replaced ones.
 */
export function mergeJournals(
  journal: Journal,
  position: number,
  written: readonly { readonly path: string }[],
  leftOver: Uint8Array | undefined,
): Journal {
  if (leftOver === undefined) return journal;
  const paths = new Set(written.map(({ path }) => path));
  const others = parseJournal(leftOver).lines.filter(({ path }) => !paths.has(path));
  const lines = [...journal.lines, ...others.map(({ path }) => ({ path, replaced: position }))];
  return { base: journal.base, lines };
}
