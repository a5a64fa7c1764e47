/**
 * Names in a document's prose. What stands in code font and looks like API must be public: `camelCase` and
 * `PascalCase` with two humps, `CONSTANTS`, error codes, anything called as `name()`, the field of `object.field`,
 * and the beginning of `names…`. Single words stand for too many other things to be checked.
 */

import * as nodeCrypto from 'node:crypto';
import type { PublicNames } from './public-names.js';

const FENCED = /^```[\s\S]*?^```$/gm;
const SPAN = /`([^`\n]+)`/g;
const NAME = /^((?:[A-Za-z]\w*\.)*)([A-Za-z]\w*)(…|\(.*\))?$/;
const HUMPS = /^(?:[a-z][a-z0-9]*[A-Z]\w*|[A-Z][a-z0-9]+[A-Z]\w*|[A-Z]+(?:_[A-Z]+)+)$/;
/** Files, whose last part is no field. */
const FILE = /\.(?:json|js|md|ts)$/;
/** What tests read from the environment. */
const SETTING = /^CKV_/;

/** Whether a name is the platform's: a global, a member of one, or of the module that benchmarks compare with. */
function isOfPlatform(path: string, name: string): boolean {
  const holder = path === '' ? globalThis : (globalThis as Record<string, unknown>)[path.slice(0, -1)];
  return (
    (typeof holder === 'object' && holder !== null && name in holder) || (path === '' && name in nodeCrypto)
  );
}

/** The names in a text that are not public, as they stand there. `others` are names that this text explains. */
export function findUnknownNames(
  text: string,
  known: PublicNames,
  others: ReadonlySet<string> = new Set(),
): string[] {
  const isKnown = (path: string, name: string, rest: string): boolean => {
    if (rest === '…') return [...known.names].some((each) => each.startsWith(name));
    if (name.startsWith('ERR_')) return known.codes.has(name);
    if (known.members.has(name) || isOfPlatform(path, name)) return true;
    return path === '' && (known.names.has(name) || others.has(name) || SETTING.test(name));
  };
  const spans = [...text.replace(FENCED, '').matchAll(SPAN)].map(([, span = '']) => span);
  return spans.filter((span) => {
    const [, path = '', name = '', rest = ''] = NAME.exec(span) ?? [];
    const looksLikeApi = HUMPS.test(name) || path !== '' || rest !== '';
    return name !== '' && looksLikeApi && !FILE.test(span) && !isKnown(path, name, rest);
  });
}
