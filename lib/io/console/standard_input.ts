/**
 * Lines from stdin, one at a time, for piped answers.
 *
 * @module
 */

const decoder = new TextDecoder();
let waiting = "";
let ended = false;

/** The next line without its end; null: there is none. */
export async function readLine(): Promise<string | null> {
  const buffer = new Uint8Array(4096);
  while (!waiting.includes("\n") && !ended) {
    const bytes = await Deno.stdin.read(buffer);
    if (bytes === null) ended = true;
    else waiting += decoder.decode(buffer.subarray(0, bytes), { stream: true });
  }
  if (waiting === "") return null;
  const end = waiting.indexOf("\n");
  const line = end === -1 ? waiting : waiting.slice(0, end);
  waiting = end === -1 ? "" : waiting.slice(end + 1);
  return line.replace(/\r$/, "");
}
