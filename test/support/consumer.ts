/**
 * A project that has installed the packed tarball, as a stranger would, with no network: the package and its
 * runtime dependencies are packed from what is here and installed from those files.
 */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './modules.js';

/** What package.json says, as far as these tests ask. */
interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** The repository's own manifest. */
export const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** The doors: public specifier and file of each, without the manifest itself. */
export const DOORS: readonly { readonly specifier: string; readonly file: string }[] = Object.entries(
  MANIFEST.exports,
)
  .filter(([key]) => key.endsWith('.js') || key === '.')
  .map(([key, target]) => ({
    specifier: key === '.' ? MANIFEST.name : `${MANIFEST.name}${key.slice(1)}`,
    file: target.replace(/^\.\//, ''),
  }));

/** A finished process. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program; settings that npm hands to its scripts do not reach it. */
export function run(command: string, args: readonly string[], cwd: string): Run {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return spawnSync(command, args, { cwd, env, encoding: 'utf8', shell: process.platform === 'win32' });
}

function npm(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = run('npm', args, cwd);
  if (status !== 0) throw new Error(`npm ${args[0]}: ${stderr}${stdout}`);
  return stdout;
}

/** A consumer's project. */
export class Consumer {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'consumer-'));
  /** Paths in the tarball, sorted. */
  readonly files: readonly string[];

  /** @param options.peers whether it has the optional peers too; it has by default */
  constructor({ peers = true }: { readonly peers?: boolean } = {}) {
    const tarballs = join(this.folder, 'tarballs');
    mkdirSync(tarballs);
    const names = Object.keys({ ...MANIFEST.dependencies, ...(peers ? MANIFEST.peerDependencies : {}) });
    const dependencies = names.map((name) => `./node_modules/${name}`);
    const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', tarballs];
    const packed = JSON.parse(npm([...packing, '.', ...dependencies], ROOT)) as {
      name: string;
      filename: string;
      files: { path: string }[];
    }[];
    this.files = (packed.find(({ name }) => name === MANIFEST.name)?.files ?? [])
      .map(({ path }) => path)
      .sort();
    this.write('package.json', {
      private: true,
      type: 'module',
      dependencies: Object.fromEntries(
        packed.map(({ name, filename }) => [name, `file:./tarballs/${filename}`]),
      ),
    });
    // An empty cache proves that nothing was fetched, now or earlier.
    const quiet = ['--offline', '--cache', join(this.folder, 'cache'), '--no-audit', '--no-fund'];
    npm(['install', ...quiet, '--ignore-scripts'], this.folder);
  }

  /** Writes a file of the project: text as it is, anything else as JSON. */
  write(path: string, content: unknown): void {
    writeFileSync(join(this.folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }

  /** A file of the installed package. */
  read(path: string): string {
    return readFileSync(join(this.folder, 'node_modules', MANIFEST.name, path), 'utf8');
  }

  /** A file of the project. */
  readOwn(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Runs a module text under Node. */
  node(text: string): Run {
    this.write('program.js', text);
    return run(process.execPath, ['program.js'], this.folder);
  }

  /** Puts a program for each door into the project, below `programs`, as its sources. */
  writePrograms(): void {
    cpSync(join(ROOT, 'test/package/programs'), join(this.folder, 'programs'), { recursive: true });
  }

  /**
   * Compiles modules of the project with the strictest look at our types.
   * @param compiler the package in which the compiler is installed
   */
  compile(
    files: readonly string[],
    options: Readonly<Record<string, unknown>>,
    compiler = 'typescript',
  ): Run {
    this.write('tsconfig.json', {
      compilerOptions: {
        target: 'ES2022',
        lib: ['ES2022'],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        resolveJsonModule: true,
        noEmit: true,
        skipLibCheck: false,
        types: [],
        ...options,
      },
      files,
    });
    const tsc = join(ROOT, 'node_modules', compiler, 'bin/tsc');
    return run(process.execPath, [tsc, '-p', '.'], this.folder);
  }

  /** Removes the project. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
