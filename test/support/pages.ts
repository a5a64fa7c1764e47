/**
 * A server on this machine that hands out files of a folder and pages with a given policy, and takes what a page
 * sends back.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

/** One page: its markup and the Content Security Policy it is served with, or none. */
export interface Page {
  readonly html: string;
  readonly policy: string | undefined;
}

/** What a page sends back. */
export interface PageReport {
  /** What each program returned, or what it threw. */
  readonly results: Readonly<Record<string, string>>;
  /** What the policy refused, as its directives. */
  readonly violations: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
};

/** The server of one folder. */
export class PageServer {
  readonly #folder: string;
  readonly #server: Server;
  #page: Page = { html: '', policy: undefined };
  #take: (report: PageReport) => void = () => {};
  /** What was asked for since the page was set, without the query. */
  readonly asked: string[] = [];

  constructor(folder: string) {
    this.#folder = realpathSync(folder);
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** Starts to listen, on a free port of the loopback address. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Serves this page from now on, and waits for its report. */
  report(page: Page): Promise<PageReport> {
    this.#page = page;
    this.asked.length = 0;
    return new Promise((resolve) => {
      this.#take = resolve;
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', this.url).pathname;
    this.asked.push(path);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-store');
    if (request.method === 'POST') {
      let text = '';
      request.on('data', (part) => {
        text += String(part);
      });
      request.on('end', () => {
        response.end();
        this.#take(JSON.parse(text) as PageReport);
      });
    } else if (path === '/') {
      if (this.#page.policy !== undefined) response.setHeader('Content-Security-Policy', this.#page.policy);
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(this.#page.html);
    } else {
      this.#sendFile(path, response);
    }
  }

  #sendFile(path: string, response: ServerResponse): void {
    const file = join(this.#folder, decodeURIComponent(path));
    const type = TYPES[extname(file)];
    if (type === undefined || !existsSync(file) || !realpathSync(file).startsWith(this.#folder + sep)) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('Content-Type', type);
    response.end(readFileSync(file));
  }
}
