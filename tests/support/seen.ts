/**
 * Waits for what nothing reports, with a limit.
 *
 * @module
 */

/** Far more than a busy machine needs, and less than anyone waits for a test. */
const PATIENCE_MS = 60_000;
const POLL_MS = 30;

/**
 * Reads something again and again until it is as it should be.
 *
 * @param what Is waited for, for the message.
 * @returns What was read last.
 * @throws {Error} What was waited for, and what was seen last.
 */
export async function seen<T>(
  what: string,
  read: () => Promise<T> | T,
  isRight: (value: T) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const untilMs = performance.now() + patienceMs;
  let value = await read();
  while (!isRight(value)) {
    if (performance.now() > untilMs) {
      const last = JSON.stringify(value, mapsToo)?.slice(0, 2000);
      throw new Error(`Cannot wait longer for ${what}; the last was ${last}`);
    }
    await new Promise((done) => setTimeout(done, POLL_MS));
    value = await read();
  }
  return value;
}

function mapsToo(_: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
