import assert from "node:assert/strict";
import { songProblem } from "../../lib/model/song_problem.ts";

for (
  const [code, reason] of [
    ["not-wav", "not a song, or a damaged one"],
    ["unsupported", "needs ffmpeg on the server"],
    ["internal", "the server cannot read the file"],
    ["of-tomorrow", "of-tomorrow"],
    ["constructor", "constructor"],
    ["\x1b[2J", "\\u001b[2J"],
    [undefined, "unknown kind"],
  ] as const
) {
  Deno.test(`songProblem() describes ${JSON.stringify(code)} in words`, () => {
    assert.equal(songProblem(code), `cannot be played: ${reason}`);
  });
}
