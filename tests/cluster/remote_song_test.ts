import assert from "node:assert/strict";
import { type Holder, RemoteSong } from "../../lib/cluster/remote_song.ts";
import { OndacastError } from "../../lib/errors.ts";

const ENTRY = { name: "a.wav", bytes: 3, etag: "e", format: null };

const fills = (byte: number): Holder => ({
  read: (into) => Promise.resolve(void into.fill(byte)),
});
const fails = (code: "lost" | "changed"): Holder => ({
  read: () => Promise.reject(new OndacastError(code, "no")),
});

for (
  const [name, holders, expected] of [
    ["the first server", [fills(1), fills(2)], 1],
    ["the next one, if the first is gone", [fails("lost"), fills(2)], 2],
    ["none, if all are gone", [fails("lost"), fails("lost")], "lost"],
    ["none, if none has it", [], "lost"],
    ["none, if it has changed there", [fails("changed")], "changed"],
  ] as const
) {
  Deno.test(`RemoteSong reads from ${name}`, async () => {
    const song = new RemoteSong(ENTRY, () => holders);
    const into = new Uint8Array(3);
    const reading = song.read(into, 0);
    if (typeof expected === "string") {
      await assert.rejects(reading, { code: expected });
    } else {
      await reading;
      assert.deepEqual(into, new Uint8Array(3).fill(expected));
    }
  });
}
