/**
 * Where and of what a measurement was made. Absolute figures mean nothing without it.
 */

import { spawnSync } from 'node:child_process';
import { arch, cpus, loadavg, platform, release } from 'node:os';

export interface Machine {
  readonly processor: string;
  readonly processors: number;
  readonly system: string;
  readonly runtime: string;
  /** The commit that was measured; `+` after it where files differ from it. */
  readonly commit: string;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? 'unknown processor',
    processors: processors.length,
    system: `${platform()} ${release()} ${arch()}`,
    runtime: `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    commit: describeCommit(),
  };
}

/** How many programs wanted a processor in the last minute. With more than there are, expect larger spreads. */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

function describeCommit(): string {
  const commit = git('rev-parse', '--short=12', 'HEAD');
  if (commit === undefined) return 'unknown';
  return git('status', '--porcelain') === '' ? commit : `${commit}+`;
}

function git(...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
