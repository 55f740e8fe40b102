/**
 * A real browser for tests of the page: Chromium, where it is installed,
 * driven by playwright-core. Imported by its address and not by name, as what
 * deno.json names is built into the programs.
 *
 * @module
 */

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { dirname, join } from "@std/path";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  // deno-lint-ignore no-import-prefix
} from "npm:playwright-core@1.56.1";

import { MUSIC, runClient, TempFolder, TestServer } from "./programs.ts";

export type { Page };

const CHROMIUM = [
  Deno.env.get("CHROMIUM"),
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && isFile(path));

/** Whether a browser is installed; otherwise tests of the page are skipped. */
export const hasBrowser = CHROMIUM !== undefined;

const FIXTURES = new URL("../web/fixtures/", import.meta.url);

/** The timeout of any action on a page, for a busy machine. */
const PATIENCE_MS = 15_000;
/** Polling interval for what a page has no event for. */
const POLL_MS = 30;

/**
 * How many times slower than this machine pages run. A slow page finds tests that
 * look at the effect of an action before it is there.
 */
export const SLOWDOWN: number = Number(Deno.env.get("ONDACAST_SLOW_PAGE") ?? 1);

/** How a browser is started, besides what all tests need. */
export interface BrowserOptions {
  args?: string[];
  /** Added to the environment. */
  env?: Record<string, string>;
}

/** The browsers of a test file, by their options. */
const browsers = new Map<string, Promise<Browser>>();

Deno.test.afterAll(async () => {
  for (const browser of browsers.values()) await (await browser).close();
});

function browserWith(
  { args = [], env = {} }: BrowserOptions,
): Promise<Browser> {
  const key = JSON.stringify([args, env]);
  const browser = browsers.get(key) ?? chromium.launch({
    executablePath: CHROMIUM,
    // Where there is no sound server, it is silent all the same.
    ignoreDefaultArgs: ["--mute-audio"],
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      ...args,
    ],
    env: { ...Deno.env.toObject(), ...env },
  });
  browsers.set(key, browser);
  return browser;
}

/** The browser of a test, which opens each page in a fresh context. */
export class TestBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  /** Script errors and console errors of all pages. */
  readonly problems: string[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(options: BrowserOptions = {}): Promise<TestBrowser> {
    return new TestBrowser(await browserWith(options));
  }

  /** Opens a page. @param script Runs before the page's own. */
  open(
    url: string,
    options: BrowserContextOptions = {},
    script: string | null = null,
  ): Promise<Page> {
    return this.#open(url, options, script);
  }

  /**
   * Opens a page whose sound is recorded; see `tests/web/fixtures/recorder.js`.
   * Its policy is not enforced, as it would block the recorder.
   */
  async openRecorded(
    url: string,
    options: BrowserContextOptions = {},
  ): Promise<Page> {
    const [recorder, worklet] = await Promise.all(
      ["recorder.js", "recorder_worklet.js"].map((name) =>
        Deno.readTextFile(new URL(name, FIXTURES))
      ),
    );
    const script = `const WORKLET = ${JSON.stringify(worklet)};\n${recorder}`;
    return await this.#open(url, { ...options, bypassCSP: true }, script);
  }

  async #open(
    url: string,
    options: BrowserContextOptions,
    initScript: string | null,
  ): Promise<Page> {
    const context = await this.#browser.newContext(options);
    this.#contexts.push(context);
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    if (SLOWDOWN > 1) {
      const session = await context.newCDPSession(page);
      await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
    }
    if (initScript !== null) await page.addInitScript(initScript);
    page.on("pageerror", (error) => this.problems.push(String(error.stack)));
    page.on("console", (message) => {
      // Neither a server that is down is the page's fault, nor a certificate that
      // is not trusted: then there is no service worker, as where a server ends
      // while its script is fetched.
      const passing =
        /WebSocket connection|Failed to load resource|SSL certificate error|fetching the script/;
      if (message.type() === "error" && !passing.test(message.text())) {
        this.problems.push(message.text());
      }
    });
    await page.goto(url);
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const context of this.#contexts) await context.close();
  }
}

/** A server, with its songs and its data in folders of the test. */
export class PageServer implements AsyncDisposable {
  readonly folder: TempFolder;
  readonly #server: TestServer;

  private constructor(folder: TempFolder, server: TestServer) {
    this.folder = folder;
    this.#server = server;
  }

  /**
   * @param songs WAV files by name; by default the shipped songs.
   */
  static async start(
    songs?: Record<string, Uint8Array>,
    words: string[] = [],
  ): Promise<PageServer> {
    const folder = await TempFolder.make();
    const music = songs ? folder.file("music") : MUSIC;
    if (songs) await Deno.mkdir(music);
    const now = new Date();
    for (const [name, bytes] of Object.entries(songs ?? {})) {
      const path = join(music, name);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeFile(path, bytes);
      // However long that takes: of one age, they are sorted by name.
      await Deno.utime(path, now, now);
    }
    const data = folder.file("data");
    const server = await TestServer.start([
      ...["--music", music, "--data", data, ...words],
    ]);
    return new PageServer(folder, server);
  }

  get ports(): TestServer["ports"] {
    return this.#server.ports;
  }

  /** The page, at its list of songs. */
  get url(): string {
    return `${this.root}#/songs`;
  }

  get root(): string {
    return `http://127.0.0.1:${this.ports.http}/`;
  }

  /** Runs `ondacast` with this server. */
  client(words: string[]): ReturnType<typeof runClient> {
    return runClient([...words, "--server", this.#server.address]);
  }

  /** Stops the server, and starts it again on the same port. */
  async restart(whileAway: () => Promise<void>): Promise<TestServer> {
    await this.#server[Symbol.asyncDispose]();
    await whileAway();
    return await TestServer.start([
      ...["--music", this.folder.file("music")],
      ...["--data", this.folder.file("data")],
      ...["--http-port", String(this.ports.http)],
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.folder[Symbol.asyncDispose]();
  }
}

/** Registers a test that needs a browser, and is ignored without one. */
export function browserTest(
  name: string,
  test: (browser: TestBrowser) => Promise<void>,
  options: BrowserOptions & { ignore?: boolean } = {},
): void {
  Deno.test({
    name,
    ignore: !hasBrowser || options.ignore,
    // playwright keeps resources open.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using browser = await TestBrowser.start(options);
      await test(browser);
      if (browser.problems.length > 0) {
        throw new Error(browser.problems.join("\n"));
      }
    },
  });
}

/** The sound since the first that was not silent: floats by channel. */
export async function recorded(page: Page): Promise<Float32Array[]> {
  const channels = await page.evaluate<string[]>("test.recorded()");
  return channels.map((text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new Float32Array(bytes.buffer);
  });
}

/** The index of a sequence of floats in others, or -1. */
export function indexIn(
  whole: Float32Array,
  part: Float32Array,
  from = 0,
): number {
  for (let at = from; at + part.length <= whole.length; at++) {
    if (whole[at] !== part[0]) continue;
    if (part.every((value, i) => value === whole[at + i])) return at;
  }
  return -1;
}

/** Waits until a page has played this many seconds of a song. */
export function playedFor(page: Page, seconds: number): Promise<void> {
  const slider = `document.querySelector(".player .track input")`;
  return until(page, `Number(${slider}.value) >= ${seconds}`);
}

/** Waits until an expression is true in the page. */
export async function until(page: Page, expression: string): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  // playwright's own function needs `eval`, which the page does not allow.
  while (!await page.evaluate(`Boolean(${expression})`)) {
    if (performance.now() > untilMs) {
      throw new Error(`Cannot wait longer for ${expression}`);
    }
    await page.waitForTimeout(POLL_MS);
  }
}

/**
 * Waits until what is read of a page equals a value. A page shows the effect of a
 * click or a key later than that is done, on a fast machine as well.
 */
export async function becomes<T>(
  read: () => Promise<T> | T,
  expected: T,
): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  let found = await read();
  while (!isDeepStrictEqual(found, expected) && performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    found = await read();
  }
  assert.deepEqual(found, expected);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
