import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { KT_128_SHA256_Ed25519 as suite } from 'contact-key-verification/suites.js';
import { feed, signer } from './feed-auditor.js';

const log = await feed(0);
for (let i = 0; i < 3; i++) {
  const updates = [{ label: Uint8Array.of(i), values: [Uint8Array.of(1)] }];
  await log.operator.insert(updates, { nowMs: Date.now() });
}
const folder = await mkdtemp(join(tmpdir(), 'auditor-'));
const { configuration, url: logUrl } = log;
// ---
import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type AuditedLog, type Auditor, createAuditor } from 'contact-key-verification/auditor.js';
import { equalBytes } from 'contact-key-verification/bytes.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';

/** Where an auditor keeps what it knows. `head` is best on another disk, of which no old copy is ever put back. */
export interface Place {
  readonly configuration: Uint8Array;
  readonly url: string;
  readonly state: string;
  readonly head: string;
  readonly refused: string;
}

async function read(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).then(
    (bytes) => new Uint8Array(bytes),
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return undefined;
    },
  );
}

/** When this resolves the file is on the disk, whole; before, it is the old one. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(`${path}.new`, 'w');
  await file
    .writeFile(bytes)
    .then(() => file.sync())
    .finally(() => file.close());
  await rename(`${path}.new`, path);
  const directory = await open(dirname(path));
  await directory.sync().finally(() => directory.close());
}

async function ask(path: string, body?: Uint8Array): Promise<Uint8Array | undefined> {
  const response = await fetch(path, body === undefined ? {} : { method: 'POST', body: Buffer.from(body) });
  if (response.status === 404) return undefined; // not there yet
  if (!response.ok) throw new Error(`the log says ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Opens an auditor where it left off, or at its start. */
export async function openAuditor({ configuration: bytes, ...place }: Place): Promise<Auditor> {
  const state = await read(place.state);
  const newestHead = await read(place.head);
  // Absent where the auditor begins with the log's first entry.
  const start = state === undefined ? await ask(`${place.url}/auditor-start`) : undefined;
  return createAuditor(bytes, { suite, signer, state, start, newestHead, hasher: createWasmHasher() });
}

/** Takes what is new, up to 256 entries. Returns the auditor that has taken it; the same one where nothing is new. */
export async function follow(auditor: Auditor, place: Place, nowMs: number): Promise<Auditor> {
  const updates: Uint8Array[] = [];
  while (updates.length < 256) {
    // Asked for by its position: so no update is taken twice.
    const update = await ask(`${place.url}/auditor-update/${auditor.treeSize + updates.length}`);
    if (update === undefined) break;
    updates.push(update);
  }
  if (updates.length === 0) return auditor;
  const { head, before, after } = await judge(auditor, updates, place, nowMs);
  const stored = await read(place.state);
  const isOurs =
    before === undefined ? stored === undefined : stored !== undefined && equalBytes(stored, before);
  if (!isOurs) throw new Error('another program has the state');
  // The head first: where the program is stopped in between, it knows what it signed, and takes these updates again.
  if (head !== undefined) await write(place.head, head);
  await write(place.state, after);
  return auditor.at(after);
}

/** Hands out the newest head, which is stored by now: again, too, since it may have got lost. */
export async function hand({ url, head }: Place): Promise<void> {
  const newest = await read(head);
  if (newest !== undefined) await ask(`${url}/auditor-head`, newest);
}

async function judge(
  auditor: Auditor,
  updates: readonly Uint8Array[],
  place: Place,
  nowMs: number,
): Promise<AuditedLog> {
  try {
    return auditor.apply(updates, { nowMs });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_HEAD_AHEAD') throw error; // later, perhaps
    // For those who have to judge it; the state stays as it is. Then stop, and call somebody.
    for (const [i, update] of updates.entries())
      await write(`${place.refused}-${auditor.treeSize + i}`, update);
    throw error;
  }
}

const place: Place = {
  configuration,
  url: logUrl,
  state: join(folder, 'state'),
  head: join(folder, 'head'),
  refused: join(folder, 'refused'),
};
// Once a second, or as often as the log adds an entry.
const auditor = await follow(await openAuditor(place), place, Date.now());
await hand(place);
console.log('audited', auditor.treeSize, 'entries in', (await read(place.state))?.length, 'bytes of state');
