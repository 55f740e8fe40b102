/**
 * What one client sends live. It may send two seconds at first, and more as time
 * passes, whatever listeners do: a file or a pipe waits, a microphone never has
 * to.
 *
 * @module
 */

import { secondsToBytes } from "../audio/format.ts";
import { OndacastError } from "../errors.ts";
import { LivePace } from "../model/live_pace.ts";
import { checkNewSongName } from "../model/song_name.ts";
import type { Clock } from "../ports/common.ts";
import type { Channel } from "../wire/channel.ts";
import type { Answer, RequestId, ToServer } from "../wire/messages.ts";
import { DataGate } from "./data_gate.ts";
import type { Incoming } from "./incoming.ts";
import {
  LIVE_FOLDER,
  type LivePlace,
  type LiveSender,
  type LiveSongs,
} from "./live/live_songs.ts";

/** The song that is being sent. */
interface Sending {
  readonly re?: RequestId;
  readonly place: LivePlace;
  readonly pace: LivePace;
  /** Bytes before its PCM that are still to come. */
  headBytes: number;
}

export class LiveReceiver implements Incoming, LiveSender {
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #live: LiveSongs;
  readonly #gate = new DataGate();
  #sending: Sending | null = null;
  /** Whether an empty frame may follow a `live` that was refused. */
  #mayEnd = false;

  constructor(
    channel: Channel,
    { live, clock }: { readonly live: LiveSongs; readonly clock: Clock },
  ) {
    this.#channel = channel;
    this.#clock = clock;
    this.#live = live;
  }

  get active(): boolean {
    return this.#sending !== null;
  }

  /** Whether the next empty frame is of a live song, which may be refused. */
  get takesEnd(): boolean {
    return this.active || this.#mayEnd;
  }

  get re(): RequestId | undefined {
    return this.#sending?.re;
  }

  /**
   * Begins a song.
   *
   * @param key Names the client's device, which may go on with its song.
   * @param isTaken Whether a file has a name.
   * @throws {OndacastError} `bad-name`, `exists`, `too-large`, `unsupported`;
   * `bad-message`, if one is under way.
   */
  begin(
    { name, format: { dataOffset = 0, ...format }, id: re }: ToServer<"live">,
    key: string,
    isTaken: (name: string) => boolean,
  ): Answer<"live"> {
    if (this.#sending) throw underWay();
    this.#mayEnd = true; // Clients may send the empty frame after a refusal.
    const song = checkNewSongName(LIVE_FOLDER + name);
    // A file that has come meanwhile does not keep a sender from going on.
    if (!this.#live.continues(song, format, key) && isTaken(song)) {
      throw new OndacastError(
        "exists",
        `Cannot send ${song}: a song in the folder has that name`,
      );
    }
    const place = this.#live.begin(song, format, key, this);
    const pace = new LivePace(format.rate, this.#clock.now());
    this.#sending = { re, place, pace, headBytes: dataOffset };
    this.#mayEnd = false;
    const window = dataOffset + secondsToBytes(format, pace.windowSeconds);
    this.#gate.begin(window);
    return { window };
  }

  noteRead(): void {
    this.#gate.noteRead();
  }

  receive(piece: Uint8Array): void {
    if (!this.#sending) throw noSong("accept data");
    this.#gate.pass(piece.length);
    const { place: { song }, pace } = this.#sending;
    const pcm = piece.subarray(this.#sending.headBytes);
    this.#sending.headBytes -= piece.length - pcm.length;
    if (pcm.length === 0) return;
    const frames = song.append(pcm, this.#clock.now() * 1000);
    pace.came(frames);
  }

  /** What has come is what it is: nothing is compared. */
  announce(): void {}

  complete(): void {
    if (!this.takesEnd) throw noSong("end it");
    this.#mayEnd = false;
    const sending = this.#sending;
    this.#sending = null;
    sending?.place.end();
  }

  /** A sender may be silent for as long as it likes. */
  abandon(): void {
    const sending = this.#sending;
    this.#sending = null;
    sending?.place.leave();
  }

  /** Grants what may be sent by now. */
  tick(nowMs: number): void {
    if (!this.#sending) return;
    const { pace, place: { song } } = this.#sending;
    const bytes = pace.grant(nowMs) * song.frameBytes;
    if (bytes === 0) return;
    this.#gate.grant(bytes);
    this.#channel.send({ type: "grant", bytes });
  }
}

function underWay(): OndacastError {
  return new OndacastError(
    "bad-message",
    "Cannot begin a live song: another one is under way",
  );
}

function noSong(act: string): OndacastError {
  return new OndacastError("bad-frame", `Cannot ${act}: no live song is sent`);
}
