/** The text of a checkpoint, by C2SP tlog-checkpoint: "a sequence of at least three non-empty lines". */
import { demand } from './encoding.js';
import { fromText } from './text.js';

export type CheckpointText = {
  readonly origin: string;
  readonly treeSize: number;
  readonly root: Uint8Array;
  readonly extensions: readonly string[];
};

export function writeCheckpointText({ origin, treeSize, root, extensions }: CheckpointText): string {
  const lines = [origin, String(treeSize), Buffer.from(root).toString('base64'), ...extensions];
  return lines.map((line) => `${line}\n`).join('');
}

export function readCheckpointText(text: string): CheckpointText {
  const lines = text.split('\n');
  demand(lines.pop() === '', 'checkpoint-form'); // after the last newline
  demand(lines.length >= 3 && !lines.includes(''), 'checkpoint-form');
  const [origin, size, hash, ...extensions] = lines as [string, string, string, ...string[]];
  // "decimal … with no leading zeroes (unless the tree is empty, in which case the tree size is `0`)"
  demand(/^[0-9]+$/.test(size) && (size === '0' || !size.startsWith('0')), 'checkpoint-form');
  demand(BigInt(size) <= 2n ** 53n - 1n, 'number-too-large');
  const root = fromText('base64', hash);
  demand(root.length === 32, 'vector-length');
  return { origin, treeSize: Number(size), root, extensions };
}
