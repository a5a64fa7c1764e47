/**
 * Leaves out of the mutations what is said to people: messages of errors, and names of arguments in them. They are no
 * part of the interface. Codes of errors are, so these stay in.
 */

const LITERALS = new Set(['StringLiteral', 'TemplateLiteral']);

/** What is called: the name in `name(…)`, `new Name(…)`. */
const calleeOf = ({ callee }) => (callee.type === 'Identifier' ? callee.name : '');

/** Whether a node is an argument that ends up in a message. */
function isMessage({ node, parent, listKey }) {
  if (!LITERALS.has(node.type) || listKey !== 'arguments') return false;
  if (parent.type === 'NewExpression') return calleeOf(parent).endsWith('Error') && !isCode(node);
  return parent.type === 'CallExpression' && calleeOf(parent).startsWith('assert') && !isCode(node);
}

const isCode = (node) => node.type === 'StringLiteral' && node.value.startsWith('ERR_');

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'messages',
    value: { shouldIgnore: (path) => (isMessage(path) ? 'a message is no behaviour' : undefined) },
  },
];
