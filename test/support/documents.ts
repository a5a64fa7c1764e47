/**
 * Whether the documents tell the truth about the package: the doors they import and the scripts they call exist,
 * and every TypeScript block is a file of `test/examples`, which is compiled and run.
 *
 * A block names its file in a comment on the line before its fence, and shows what follows the file's line
 * `// ---`, or all of it where there is no such line:
 *
 *     <!-- test/examples/NAME.ts -->
 *     ```ts
 *     …
 *     ```
 *
 * What stands before that line is set-up; what is shown imports only what a reader can install.
 */

/** What there is to refer to. Files are given as path to text. */
export interface Shelf {
  readonly documents: ReadonlyMap<string, string>;
  readonly examples: ReadonlyMap<string, string>;
  /** Public specifiers of the package. */
  readonly specifiers: readonly string[];
  /** Names of npm scripts. */
  readonly scripts: readonly string[];
}

const SPECIFIER = /(['"`])(contact-key-verification(?:\/[^'"`\s]+)?)\1/g;
const SCRIPT = /\bnpm run (?:--?[\w-]+ )*([\w:]+(?:-\w+)*)/g;
const BLOCK = /(?:^<!-- (\S+) -->\n)?^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm;
const TYPESCRIPT = new Set(['ts', 'typescript', 'js', 'javascript']);
const RELATIVE = /\bfrom '\./;
const CUT = '// ---\n';

/** The part of an example that a document shows. */
function shownPart(example: string): string {
  const cut = example.startsWith(CUT) ? 0 : example.indexOf(`\n${CUT}`) + 1;
  const isCut = cut > 0 || example.startsWith(CUT);
  // A blank line after the cut belongs to the cut.
  return isCut ? example.slice(cut + CUT.length).replace(/^\n/, '') : example;
}

function* matches(text: string, pattern: RegExp): Generator<RegExpMatchArray> {
  yield* text.matchAll(pattern);
}

/** What is wrong, one line each; empty where all is well. */
export function findDocumentProblems(shelf: Shelf): string[] {
  const problems: string[] = [];
  const shown = new Set<string>();
  for (const [path, text] of shelf.documents) {
    for (const [, , specifier = ''] of matches(text, SPECIFIER)) {
      if (!shelf.specifiers.includes(specifier)) problems.push(`${path}: there is no ${specifier}`);
    }
    for (const [, script = ''] of matches(text, SCRIPT)) {
      if (!shelf.scripts.includes(script)) problems.push(`${path}: there is no script ${script}`);
    }
    for (const [, name, language = '', block] of matches(text, BLOCK)) {
      if (!TYPESCRIPT.has(language) && name === undefined) continue;
      const example = shelf.examples.get(name ?? '');
      if (name === undefined) problems.push(`${path}: a ${language} block names no example`);
      else if (example === undefined) problems.push(`${path}: there is no ${name}`);
      else if (block !== shownPart(example)) problems.push(`${path}: the block is not ${name}`);
      else if (RELATIVE.test(block)) problems.push(`${path}: a reader cannot import what ${name} does`);
      else shown.add(name);
    }
  }
  for (const name of shelf.examples.keys()) {
    if (!shown.has(name)) problems.push(`${name}: no document shows it`);
  }
  return problems;
}
