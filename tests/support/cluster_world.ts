/**
 * Servers that are one, over a NATS server of their own, and what is asked of them.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { NatsServer } from "./nats.ts";
import { type ProgramOptions, TempFolder, TestServer } from "./programs.ts";

const SECRET = "nobody else knows this one";

export class ClusterWorld implements AsyncDisposable {
  readonly nats: readonly NatsServer[];
  readonly folder: TempFolder;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    nats: readonly NatsServer[],
    folder: TempFolder,
    stack: AsyncDisposableStack,
  ) {
    this.nats = nats;
    this.folder = folder;
    this.#stack = stack;
  }

  /** @param given Its NATS servers, which end with it; one of its own by default. */
  static async start(given?: readonly NatsServer[]): Promise<ClusterWorld> {
    await using stack = new AsyncDisposableStack();
    const nats = given ?? [await NatsServer.start()];
    for (const server of nats) stack.use(server);
    const folder = stack.use(await TempFolder.make());
    await Deno.writeTextFile(folder.file("secret"), SECRET);
    return new ClusterWorld(nats, folder, stack.move());
  }

  /**
   * Starts a server with a folder of its own.
   *
   * @param songs Their files, by name.
   * @param urls Of NATS, if it does not reach it as the others do.
   */
  async server(
    node: string,
    songs: Record<string, Uint8Array> = {},
    words: string[] = [],
    urls: string[] = this.nats.map(({ url }) => url),
    options: ProgramOptions = {},
  ): Promise<TestServer> {
    const { folder } = this;
    await Deno.mkdir(folder.file(node), { recursive: true });
    for (const [name, bytes] of Object.entries(songs)) {
      await Deno.writeFile(folder.file(`${node}/${name}`), bytes);
    }
    return this.#stack.use(
      await TestServer.start([
        ...["--music", folder.file(node), "--node", node],
        ...["--cluster", urls.join()],
        ...["--cluster-secret-file", folder.file("secret")],
        ...words,
      ], options),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** Asks until an answer is as expected, for half a minute. */
export async function until<T>(
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
): Promise<T> {
  for (let i = 0; i < 600; i++) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot wait longer for ${isRight}`);
}

/** Waits until a server lists others that are alive. @param names Sorted. */
export async function untilAlive(
  session: ClientSession,
  ...names: string[]
): Promise<void> {
  await until(
    async () => (await session.request({ type: "places" })).places,
    (places) =>
      places.filter(({ state }) => state === "alive")
        .map(({ node }) => node).join() === names.join(),
  );
}

/** Waits until a server knows the contents of all of its songs. */
export async function untilHashed(
  session: ClientSession,
  total: number,
): Promise<void> {
  await until(
    async () => (await session.request({ type: "list" })).songs,
    (songs) => songs.length === total && songs.every(({ content }) => content),
  );
}
