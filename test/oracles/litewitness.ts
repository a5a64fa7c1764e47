/**
 * A head log cosigned by litewitness, another party's witness, over HTTP; and our witness beside it, which gets the same
 * requests and must give the same answers.
 *
 * litewitness is installed by Go into a folder of its own; it signs with a key in an ssh-agent of its own, and knows the
 * logs that stand in its database.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parsePrivateKeyRaw, type PrivateKey } from 'contact-key-verification/keys.js';
import {
  deriveVerifierKey,
  encodeVerifierKey,
  type LocalNoteSigner,
  parseNote,
  signCheckpoint,
} from 'contact-key-verification/log.js';
import { createOperator, type Operator } from 'contact-key-verification/operator.js';
import { createMemoryNodeStore } from 'contact-key-verification/prefix.js';
import { ed25519, KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { createClient, encodeConfiguration } from 'contact-key-verification/transparency.js';
import {
  createHeadTracker,
  createWitness,
  encodeAddCheckpoint,
  openHeadLog,
  parseAddCheckpoint,
  type Witness,
  type WitnessAnswer,
} from 'contact-key-verification/witnesses.js';
import type { Ledger, Oracle } from './ledger.js';

const VERSION = 'v0.6.1';
const ORIGIN = 'example.com/heads';
const ROUNDS = 25;
const REFUSED = 12;
const ADDRESS = 'localhost:7390';

export const litewitness: Oracle = {
  name: 'add-checkpoint of litewitness',
  expected: 5 * ROUNDS + REFUSED,
  async run(ledger) {
    const folder = mkdtempSync(join(tmpdir(), 'litewitness-'));
    const running: ChildProcess[] = [];
    try {
      const witness = await start(folder, running);
      await compare(ledger, witness);
    } finally {
      for (const child of running) child.kill();
      rmSync(folder, { recursive: true, force: true });
    }
    return `torchwood ${VERSION}`;
  },
};

interface Running {
  /** Its verifier key. */
  readonly key: string;
  post(body: Uint8Array): Promise<WitnessAnswer>;
}

function noteSigner(name: string, seed: number, algorithm: 'ed25519' | 'cosignature'): LocalNoteSigner {
  const privateKey: PrivateKey = parsePrivateKeyRaw(ed25519, new Uint8Array(32).fill(seed));
  const key = deriveVerifierKey({ name, algorithm, publicKey: privateKey.publicKey });
  return { key, sign: (message) => privateKey.sign(message) };
}

const signer = noteSigner(ORIGIN, 1, 'ed25519');

/** Installs litewitness, gives it a key and our log, and starts it. */
async function start(folder: string, running: ChildProcess[]): Promise<Running> {
  const env = { ...process.env, GOBIN: folder };
  execFileSync('go', ['install', `filippo.io/torchwood/cmd/litewitness@${VERSION}`], { env, stdio: 'pipe' });
  const socket = join(folder, 'agent');
  running.push(spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' }));
  const keyFile = join(folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
  while (!existsSync(socket)) await delay(20);
  execFileSync('ssh-add', ['-q', keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  const [, fingerprint = ''] = execFileSync('ssh-keygen', ['-lf', keyFile], { encoding: 'utf8' }).split(' ');

  const database = join(folder, 'db');
  const witness = spawn(
    join(folder, 'litewitness'),
    [
      '-name',
      'witness.example/lite',
      '-db',
      database,
      '-ssh-agent',
      socket,
      '-listen',
      ADDRESS,
      '-key',
      fingerprint,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  running.push(witness);
  const key = await new Promise<string>((resolve, reject) => {
    let said = '';
    witness.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      const [, found] = /vkey=(\S+)/.exec(said) ?? [];
      if (found !== undefined && said.includes('listening')) resolve(found);
    });
    witness.on('exit', () => reject(new Error(`litewitness ended: ${said}`)));
  });
  const sql =
    `INSERT INTO log VALUES ('${ORIGIN}', 0, '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');` +
    `INSERT INTO key VALUES ('${ORIGIN}', '${encodeVerifierKey(signer.key)}');`;
  execFileSync('sqlite3', [database, sql]);
  return {
    key,
    async post(body) {
      const response = await fetch(`http://${ADDRESS}/add-checkpoint`, {
        method: 'POST',
        body: Uint8Array.from(body),
      });
      return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
    },
  };
}

const memory = new Map<string, Uint8Array>();

/** Ours, with a store in memory. */
function ourWitness(): Witness {
  return createWitness({
    logs: [{ origin: ORIGIN, keys: [signer.key] }],
    signer: noteSigner('witness.example/ours', 2, 'cosignature'),
    store: {
      get: async (origin) => memory.get(origin),
      async replace(origin, _before, after) {
        memory.set(origin, after);
        return true;
      },
    },
  });
}

async function openLog(): Promise<{ readonly configuration: Uint8Array; readonly operator: Operator }> {
  const secret = suite.signatures.scheme.generatePrivateKey();
  const vrfKey = suite.vrf.generatePrivateKey();
  const configuration = encodeConfiguration({
    ciphersuite: suite.id,
    mode: 'contactMonitoring',
    signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
    vrfPublicKey: vrfKey.publicKey.encoded,
    maxAheadMs: 60_000,
    maxBehindMs: 60_000,
    reasonableMonitoringWindowMs: 100,
    maximumLifetimeMs: undefined,
  });
  const key = new SecretBytes(secret);
  const operator = await createOperator(configuration, {
    suite,
    vrfKey,
    signer: (tbs) => suite.signatures.sign(key, tbs),
  });
  return { configuration, operator };
}

async function compare(ledger: Ledger, theirs: Running): Promise<void> {
  const ours = ourWitness();
  const { configuration, operator } = await openLog();
  const heads = await openHeadLog(configuration, {
    suite,
    origin: ORIGIN,
    signers: [signer],
    witnesses: { threshold: 1, keys: [theirs.key] },
    store: createMemoryNodeStore(),
  });
  let tracker = createHeadTracker(configuration, {
    suite,
    origin: ORIGIN,
    keys: [signer.key],
    witnesses: { threshold: 1, keys: [theirs.key] },
    maxAgeMs: 60_000,
    maxAheadMs: 60_000,
    maxLagMs: 60_000,
  });
  const bodies: Uint8Array[] = [];
  const ask = async (what: string, body: Uint8Array): Promise<WitnessAnswer> => {
    const answer = await theirs.post(body);
    const own = await ours.addCheckpoint(body, { nowMs: Date.now() });
    // It calls a note that is malformed its own failure; the specification names no status for that.
    const status = answer.status === 500 ? 400 : answer.status;
    ledger.same(what, `${own.status}`, `${status}`);
    return answer;
  };

  const beganMs = Date.now() - 60_000;
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i <= round % 4; i++) {
      const nowMs = beganMs + 400 * round + 60 * i;
      await operator.insert([], { nowMs });
    }
    await heads.append(await operator.distinguishedHeads(heads.newest?.position));
    if (heads.treeSize === 0) throw new Error('no distinguished head');
    await heads.signCheckpoint();
    const { body, take } = await heads.submit(theirs.key);
    bodies.push(body);
    const outcome = await take(await ask(`round ${round}`, body));
    ledger.same(
      `round ${round}: published`,
      JSON.stringify(outcome),
      '{"outcome":"cosigned","isPublished":true}',
    );

    // A user takes it: their cosignature, our head log.
    const note = (await heads.read('checkpoint')) as Uint8Array;
    const nowMs = Date.now();
    const { paths, verify } = tracker.open(note, { nowMs });
    const files = await Promise.all(paths.map((path) => heads.read(path)));
    const { after, treeSize } = verify(files as Uint8Array[]);
    ledger.same(`round ${round}: read`, `${treeSize}`, `${heads.treeSize}`);
    const walk = createClient(configuration, { suite }).distinguishedHeads();
    const proven = walk.verify(await operator.distinguished(walk.request), { nowMs: beganMs + 400 * round });
    const compared = tracker.at(after).compare(proven, { nowMs: beganMs + 400 * round });
    ledger.same(`round ${round}: compared`, compared.outcome, 'same');
    tracker = tracker.at(compared.after);
    // What it has already cosigned it has no use for: both say what they have.
    const again = await theirs.post(
      encodeAddCheckpoint({ ...parseAddCheckpoint(body), oldSize: treeSize + 1 }),
    );
    ledger.same(`round ${round}: too large an old size`, '400', `${again.status}`);
  }
  await refusals(ask, bodies.at(-1) as Uint8Array, bodies[0] as Uint8Array, heads.treeSize);
}

/** Requests that break one rule each. */
async function refusals(
  ask: (what: string, body: Uint8Array) => Promise<WitnessAnswer>,
  last: Uint8Array,
  first: Uint8Array,
  treeSize: number,
): Promise<void> {
  const { checkpoint } = parseAddCheckpoint(last);
  const bodyWith = (oldSize: number, note: Uint8Array, proof: readonly Uint8Array[] = []): Uint8Array =>
    encodeAddCheckpoint({ oldSize, proof, checkpoint: note });
  const root = new Uint8Array(32);
  const other = signCheckpoint({ origin: ORIGIN, treeSize: treeSize + 1, root }, [signer]);
  const stranger = signCheckpoint({ origin: ORIGIN, treeSize: treeSize + 1, root }, [
    noteSigner(ORIGIN, 9, 'ed25519'),
  ]);
  const { text } = parseNote(checkpoint);
  const falseSignature = Buffer.from(checkpoint);
  falseSignature[falseSignature.length - 5] = (falseSignature[falseSignature.length - 5] as number) ^ 1;
  const cases: readonly [string, Uint8Array][] = [
    ['an old size of 0', bodyWith(0, checkpoint)],
    ['an old size that is one less', bodyWith(treeSize - 1, checkpoint)],
    ['an old size above the new one', bodyWith(treeSize + 1, checkpoint)],
    ['the first checkpoint again', first],
    [
      'another root of its size',
      bodyWith(treeSize, signCheckpoint({ origin: ORIGIN, treeSize, root }, [signer])),
    ],
    ['no proof', bodyWith(treeSize, other)],
    ['a false proof', bodyWith(treeSize, other, [root])],
    ['a stranger’s', bodyWith(treeSize, stranger, [root])],
    ['a false signature', bodyWith(treeSize, falseSignature)],
    ['no signature line', Buffer.from(`old ${treeSize}\n\n${text}`)],
    ['no size', Buffer.from(`size ${treeSize}\n\n${Buffer.from(checkpoint).toString()}`)],
    ['the same again', bodyWith(treeSize, checkpoint)],
  ];
  for (const [what, body] of cases) await ask(what, body);
}
