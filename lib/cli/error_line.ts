/**
 * An error as one line for a household: what went wrong, what to do next, and the
 * code behind it.
 *
 * @module
 */

import type { ErrorCode, OndacastError } from "../errors.ts";

/** What to do next after each error, in one sentence. */
export const NEXT_STEPS: Record<ErrorCode, string> = {
  "bad-frame":
    "The two programs do not understand each other: bring both to the same version",
  "bad-message":
    "The two programs do not understand each other: bring both to the same version",
  "unknown-type":
    "One of the two programs is older than the other: bring both to the same version",
  version:
    "One of the two programs is older than the other: bring both to the same version",
  unauthorized:
    "Whoever set the server up knows its token: `ondacast use SERVER` asks for it, and remembers it",
  busy: "The server has enough to do at the moment: try again in a minute",
  timeout:
    "The other side was silent for too long: check the network, and try again",
  replaced:
    "The same device is connected by another program: end one of the two",
  "not-found": "`ondacast list` shows the songs, `ondacast online` the devices",
  ambiguous: "Name the one that is meant in full",
  "bad-name": "Choose a name of letters, digits and spaces",
  exists:
    "Choose another name (`--as NAME`), or overwrite the song by an upload with `--replace`",
  "read-only":
    "Others may not change anything there: do it on the server's own machine, or ask its owner",
  changed: "The song is another one by now: start it from its beginning",
  stale: "It was over before the command arrived: try again",
  "too-large": "Choose fewer songs, or a smaller file",
  "not-wav":
    "Only music can be played: files such as FLAC, MP3, Ogg, M4A and WAV",
  unsupported:
    "Save a song as another kind, such as FLAC or MP3, or install ffmpeg on the server; update a program that is too old",
  "bad-hash": "It did not arrive as it was sent: try again",
  "no-space": "The disk is full: make room there, and try again",
  "not-receiving":
    "Start `ondacast receive` there, or install it with `ondacast install receive`",
  internal:
    "This is a mistake of the program, not yours: please report it, with what you did",
  usage: "`--help` shows how it is used",
  interrupted: "It was stopped before its end",
  unreachable:
    "Check that the server is switched on, that its name is right, and that both machines are in the same network",
  lost: "The connection is gone: check the network, and try again",
  "bad-certificate":
    "If the server's owner says that its certificate is new, `ondacast trust --forget SERVER` forgets the old one",
  "tls-mismatch":
    "Both sides must encrypt, or neither: add `--tls`, or leave it out",
  "not-ondacast":
    "Another program answers there: name the server alone, without a port",
  "port-in-use":
    "Another program uses the port, perhaps a server that already runs: end it, or choose another one with `--port`",
  "cannot-listen": "Choose another `--host`, or a port above 1023",
  "bad-folder": "Check the folder's name, and that you may use it",
  "bad-file": "Check the file's name, and that you may read it",
  "no-songs":
    "`ondacast list` shows the songs; put some into the server's music folder, or send them with `ondacast upload`",
  "no-player": "Install one, and try again",
  "player-failed":
    "Check that the loudspeakers are connected and that no other program holds them, or choose another `--player`",
  "output-failed": "Check where the output goes, and that its disk has room",
  "service-failed": "`ondacast status` shows what is installed, and its state",
  "source-failed": "`ondacast help send` lists the sources",
  "too-old": "Bring both programs to the same version",
};

/**
 * The line of an error: its message, the next step and the code.
 *
 * @example
 * ```ts
 * import { errorLine } from "./error_line.ts";
 * import { OndacastError } from "../errors.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   errorLine(new OndacastError("stale", "Cannot pause: the song is over")),
 *   "Cannot pause: the song is over. It was over before the command arrived: try again. (stale)",
 * );
 * ```
 */
export function errorLine({ code, message }: OndacastError): string {
  const step = hasStep(message) ? undefined : stepAfter(code);
  return withCode([message, ...(step ? [step] : [])].join(". "), code);
}

/** A sentence with the code behind it, for one of several errors. */
export function withCode(sentence: string, code: string): string {
  return `${/[.?!]$/.test(sentence) ? sentence : `${sentence}.`} (${code})`;
}

/** The next step; undefined: a newer peer has sent an unknown code. */
function stepAfter(code: string): string | undefined {
  return Object.hasOwn(NEXT_STEPS, code)
    ? NEXT_STEPS[code as ErrorCode]
    : undefined;
}

/** Whether a message has a sentence of its own after the first. Names are quoted. */
function hasStep(message: string): boolean {
  return /[.?] ["`A-Z]/.test(message.replace(/"[^"]*"/g, ""));
}
