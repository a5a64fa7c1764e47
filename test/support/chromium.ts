/**
 * A headless Chromium where one is installed, shown one page after another. It is started with a profile of its
 * own and stopped with all its processes; pages come from this machine only.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const FLAGS = [
  '--headless',
  // Containers and root have no sandbox; the only pages shown are this project's.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
];

/** The browser named by CHROMIUM, or one in a usual place; `undefined` where there is none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '' && !existsSync(named)) throw new Error(`there is no ${named}`);
  return named || PLACES.find((path) => existsSync(path));
}

/** How long a page may take, with the browser's start, on a busy machine. */
const PATIENCE_MS = 60_000;

/** Shows a page until `until` is settled, and gives what it gives. Fails where the browser ends before, or time. */
export async function showPage<T>(chromium: string, url: string, until: Promise<T>): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  // A process group of its own, so that exactly what was started here can be ended.
  const child = spawn(chromium, [...FLAGS, `--user-data-dir=${profile}`, url], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += String(text);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      said += error.message;
      resolve();
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, 'the page reported nothing');
  });
  const early = Promise.race([late, ended.then(() => 'the browser ended')]);
  const failure = early.then((what) => Promise.reject(new Error(`${what}: ${said.slice(-2000)}`)));
  try {
    return await Promise.race([until, failure]);
  } finally {
    clearTimeout(timer);
    stop(child);
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

function stop({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
