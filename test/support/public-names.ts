/** What the doors make public, read from the sources: names, the members of what they name, and error codes. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOORS } from './consumer.js';
import { body, children, filesBelow, type Node, ROOT } from './modules.js';

export interface PublicNames {
  /** Everything that some door exports, types too. */
  readonly names: ReadonlySet<string>;
  /** Fields and methods of what is exported, and the fields of what its functions take. */
  readonly members: ReadonlySet<string>;
  /** Error codes. */
  readonly codes: ReadonlySet<string>;
}

const MEMBERS = new Set([
  'MethodDefinition',
  'PropertyDefinition',
  'TSMethodSignature',
  'TSPropertySignature',
]);

const nodeOf = (value: unknown): Node | undefined => (value ?? undefined) as Node | undefined;
const nameOf = (identifier: unknown): string => String(nodeOf(identifier)?.['name'] ?? '');

function* below(node: Node): Generator<Node> {
  yield node;
  for (const child of children(node)) yield* below(child);
}

/** The names that an export statement declares, and those that it re-exports. */
function exportsOf(statement: Node): string[] {
  const declaration = nodeOf(statement['declaration']);
  const declared = declaration === undefined ? [] : declaredBy(declaration);
  const specifiers = (statement['specifiers'] ?? []) as Node[];
  return [...declared, ...specifiers.map(({ exported }) => nameOf(exported))];
}

function declaredBy(declaration: Node): string[] {
  const variables = (declaration['declarations'] ?? []) as Node[];
  return variables.length > 0 ? variables.map(({ id }) => nameOf(id)) : [nameOf(declaration['id'])];
}

const TYPES = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration']);

/** Statements, and the types of the same file that they are made of and that nobody exports. */
function withLocalTypes(chosen: readonly Node[], statements: readonly Node[]): readonly Node[] {
  const local = new Map(
    statements.filter(({ type }) => TYPES.has(type)).map((each) => [nameOf(each['id']), each]),
  );
  const found = new Set(chosen);
  // A set that grows is walked to its end.
  for (const statement of found) {
    for (const { type, name } of below(statement)) {
      const made = type === 'Identifier' ? local.get(String(name)) : undefined;
      if (made !== undefined) found.add(made);
    }
  }
  return [...found];
}

/** Reads them from `src`. */
export function readPublicNames(): PublicNames {
  const read = (path: string): Node[] => body(readFileSync(join(ROOT, path), 'utf8'));
  const isExport = ({ type }: Node): boolean => type === 'ExportNamedDeclaration';
  const doors = DOORS.map(({ file }) => file.replace(/^dist/, 'src').replace(/\.js$/, '.ts'));
  const names = new Set(doors.flatMap((door) => read(door).filter(isExport).flatMap(exportsOf)));

  const isPublic = (statement: Node): boolean =>
    isExport(statement) && exportsOf(statement).some((name) => names.has(name));
  const members = new Set<string>();
  const sources = filesBelow(ROOT, 'src', '.ts').filter((path) => !path.endsWith('.generated.ts'));
  for (const statements of sources.map(read)) {
    for (const statement of withLocalTypes(statements.filter(isPublic), statements)) {
      for (const { type, key } of below(statement)) if (MEMBERS.has(type)) members.add(nameOf(key));
    }
  }

  const texts = read('src/errors.ts').flatMap((statement) => [...below(statement)].map(({ value }) => value));
  const codes = texts.filter((value) => typeof value === 'string' && value.startsWith('ERR_')) as string[];
  return { names, members, codes: new Set(codes) };
}
