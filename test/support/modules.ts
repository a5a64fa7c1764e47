/**
 * Modules as the contract tests see them: which files there are, what each imports, what runs when one is
 * loaded. Everything is read from the syntax tree, so that comments and strings cannot mislead.
 */

import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

/** The repository's root folder. */
export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

/** A node of the syntax tree, as far as these tests look. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** One import, re-export, `import()` or `import('…').Type` of a module. */
export interface Import {
  readonly specifier: string;
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string';

/** The statements of a module. */
export const body = (text: string): Node[] => parseAst(text, { lang: 'ts' }).body as unknown as Node[];
const specifierOf = (source: unknown): string => String((source as { value?: unknown } | null)?.value);

/** The nodes right below a node. */
export function children(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode);
}

/** All files below `folder` that end in `suffix`, as sorted paths relative to `root`, with forward slashes. */
export function filesBelow(root: string, folder: string, suffix: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** Everything a module names to be loaded, in order. */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'ImportDeclaration') {
      found.push({ specifier: specifierOf(node['source']), typeOnly: node['importKind'] === 'type' });
    } else if (node.type.startsWith('Export') && isNode(node['source'])) {
      found.push({ specifier: specifierOf(node['source']), typeOnly: node['exportKind'] === 'type' });
    } else if (node.type === 'ImportExpression') {
      found.push({ specifier: specifierOf(node['source']), typeOnly: false });
    } else if (node.type === 'TSImportType') {
      found.push({ specifier: specifierOf(node['source']), typeOnly: true });
    }
    children(node).forEach(visit);
  };
  body(text).forEach(visit);
  return found;
}

/** Whether a module holds re-exports and nothing else. */
export function isDoor(text: string): boolean {
  return body(text).every((node) => node.type.startsWith('Export') && isNode(node['source']));
}

/** The path a relative import of `from` leads to; `undefined` for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? join(dirname(from), specifier).replaceAll('\\', '/') : undefined;
}

/** Statements that only declare. `let` and `var` are none: a module keeps no state. */
const DECLARATIONS = new Set([
  'FunctionDeclaration',
  'TSDeclareFunction',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
]);
/** Constructors and functions of the language that do nothing but make a value. */
const PURE_CALLS =
  /^(?:new (?:Map|Set|WeakMap|WeakSet|Uint(?:8|16|32)Array)\b|(?:Object\.freeze|Uint8Array\.(?:of|from)|Symbol|BigInt)\()/;
const PURE_MARK = /\/\* @__PURE__ \*\/\s*$/;
const FUNCTIONS = new Set(['FunctionExpression', 'ArrowFunctionExpression', 'MethodDefinition']);
const ACTIONS = new Set([
  'AssignmentExpression',
  'AwaitExpression',
  'CallExpression',
  'ImportExpression',
  'NewExpression',
  'StaticBlock',
  'TaggedTemplateExpression',
  'UpdateExpression',
]);

/** What a module does when it is loaded, beyond declaring: the offending source lines. */
export function effectsOf(text: string): string[] {
  const effects: string[] = [];
  const report = (node: Node): void => {
    effects.push(text.slice(node.start).split('\n', 1)[0] ?? '');
  };
  const evaluate = (node: Node): void => {
    if (FUNCTIONS.has(node.type)) return;
    if (ACTIONS.has(node.type)) {
      // A marked call vouches for its arguments too, as codecs are built of codecs.
      if (PURE_MARK.test(text.slice(0, node.start))) return;
      if (!PURE_CALLS.test(text.slice(node.start))) return report(node);
    }
    children(node).forEach(evaluate);
  };
  const declare = (node: Node): void => {
    if (DECLARATIONS.has(node.type)) return;
    if (node.type === 'ClassDeclaration') {
      const members = (node['body'] as Node)['body'] as Node[];
      members
        .filter((member) => member['static'] === true || member.type === 'StaticBlock')
        .forEach(evaluate);
      return;
    }
    if (node.type === 'VariableDeclaration' && node['kind'] === 'const')
      return children(node).forEach(evaluate);
    report(node);
  };
  for (const node of body(text)) {
    if (node.type === 'ImportDeclaration') {
      if ((node['specifiers'] as Node[]).length === 0) report(node);
    } else if (node.type === 'ExportNamedDeclaration') {
      if (isNode(node['declaration'])) declare(node['declaration']);
    } else if (node.type !== 'ExportAllDeclaration') {
      declare(node);
    }
  }
  return effects;
}
