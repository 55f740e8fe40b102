/**
 * Answers requests for the page's own files: the server's answer, and only while
 * it cannot be reached what it answered last. So a page is never older than its
 * server.
 *
 * @module
 */

/** The files without which no page is shown; no others are kept. */
export const SHELL: readonly string[] = [
  ...["/", "/page.js", "/page.css", "/icon.svg"],
  ...["/timer_worker.js", "/pcm_worklet.js", "/resampler.wasm"],
];

/** After this long without an answer the server counts as away. */
const AWAY_MS = 4_000;

/** Where answers are kept, by path; a `Cache` is one. */
export interface Kept {
  match(path: string): Promise<Response | undefined>;
  put(path: string, response: Response): Promise<void>;
}

/**
 * The answer for a path of {@linkcode SHELL}.
 *
 * @param ask Requests it of the server.
 * @param wait Resolves after some milliseconds.
 * @throws What `ask` throws, if nothing is kept.
 */
export async function shellAnswer(
  path: string,
  { ask, kept, wait }: {
    ask: () => Promise<Response>;
    kept: Kept;
    wait: (ms: number) => Promise<void>;
  },
): Promise<Response> {
  const asked = ask().then((response) => {
    // If the browser has no room, the page needs its server.
    if (response.ok) kept.put(path, response.clone()).catch(() => {});
    return response;
  });
  const inTime = await Promise.race([
    asked.catch(() => null),
    wait(AWAY_MS).then(() => null),
  ]);
  return inTime ?? await kept.match(path) ?? await asked;
}
