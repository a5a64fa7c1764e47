/**
 * Telling a story in a terminal: headings, sentences, facts, a progress bar. Colours and cursor movement only
 * where the output is a terminal; silent where the result is wanted as JSON.
 */

const WIDTH = 96;

export interface Terminal {
  heading(text: string): void;
  say(text: string): void;
  fact(name: string, value: string): void;
  /** What an app shows on the screen. */
  said(level: string, title: string, why: string): void;
  good(text: string): void;
  bad(text: string): void;
  progress(done: number, total: number, note: string): void;
}

/** A terminal on standard output. */
export function createTerminal(): Terminal {
  const { stdout } = process;
  const rich = stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  const paint = (code: number, text: string): string => (rich ? `\u001b[${code}m${text}\u001b[0m` : text);
  const write = (text: string): void => {
    stdout.write(`${text}\n`);
  };
  return {
    heading: (text) => write(`\n${paint(1, text)}\n${paint(2, '─'.repeat(text.length))}`),
    say: (text) => write(wrap(text, '')),
    fact: (name, value) => write(wrap(`${name.padEnd(26)}${value}`, ' '.repeat(28), '  ')),
    said: (level, title, why) => {
      write(`  ${paint(33, '▌')} ${paint(1, `${level.toUpperCase()}: ${wrap(title, '  ▌ ')}`)}`);
      write(`  ${paint(33, '▌')} ${wrap(why, '  ▌ ')}`);
    },
    good: (text) => write(`  ${paint(32, '✔')} ${wrap(text, '    ')}`),
    bad: (text) => write(`  ${paint(31, '✘')} ${wrap(text, '    ')}`),
    progress(done, total, note) {
      const finished = done >= total;
      // Without a terminal there is no line to overwrite: only the end is worth one.
      if (!rich && !finished) return;
      const filled = Math.round((done / total) * 40);
      const bar = `${'█'.repeat(filled)}${'░'.repeat(40 - filled)}`;
      stdout.write(`${rich ? '\r\u001b[2K' : ''}  ${bar} ${note}${finished ? '\n' : ''}`);
    },
  };
}

/** A terminal that says nothing. */
export function createSilence(): Terminal {
  const nothing = (): void => {};
  return {
    heading: nothing,
    say: nothing,
    fact: nothing,
    said: nothing,
    good: nothing,
    bad: nothing,
    progress: nothing,
  };
}

/** Breaks text at spaces; `indent` stands before every line but the first. */
function wrap(text: string, indent: string, first = ''): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    const wide = line.length + 1 + word.length > WIDTH && line.trim() !== '';
    if (wide) lines.push(line);
    line = wide ? indent + word : line === first && line.trim() === '' ? line + word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
