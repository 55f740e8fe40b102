import assert from "node:assert/strict";
import { rowReason } from "../../lib/model/row_reason.ts";

Deno.test("rowReason() tells unsupported songs apart, and says when ffmpeg is missing", () => {
  const table: [code: string | undefined, message: string, reason?: string][] =
    [
      [
        "unsupported",
        "Cannot decode the song: it is WavPack, which needs ffmpeg on the server",
        "needs ffmpeg on the server",
      ],
      [
        "unsupported",
        "Cannot decode the song: it is encrypted",
        "it is encrypted",
      ],
      ["unsupported", "Cannot read WAV: a\x1bb", "ab"],
      ["unsupported", ""],
      ["not-wav", "Cannot decode the song: its format is unknown"],
      [undefined, ""],
    ];
  for (const [code, message, reason] of table) {
    assert.equal(rowReason(code, message), reason);
  }
});
