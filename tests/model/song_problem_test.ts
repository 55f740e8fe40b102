import assert from "node:assert/strict";
import { songProblem } from "../../lib/model/song_problem.ts";

for (
  const [row, reason] of [
    [{ problem: "not-wav" }, "not a song, or a damaged one"],
    [{ problem: "unsupported" }, "unsupported kind"],
    [
      { problem: "unsupported", reason: "needs ffmpeg on the server" },
      "needs ffmpeg on the server",
    ],
    [{ problem: "not-found" }, "no longer among the songs"],
    [{ problem: "internal" }, "the server cannot read the file"],
    [{ problem: "of-tomorrow" }, "of-tomorrow"],
    [{ problem: "constructor" }, "constructor"],
    [{ problem: "\x1b[2J" }, "\\u001b[2J"],
    [{ problem: "unsupported", reason: "\x1b[2J" }, "\\u001b[2J"],
    [{}, "unknown kind"],
  ] as const
) {
  Deno.test(`songProblem() describes ${JSON.stringify(row)} in words`, () => {
    assert.equal(songProblem(row), `cannot be played: ${reason}`);
  });
}
