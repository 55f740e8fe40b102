/**
 * The song that a client uploads, at most one at a time: takes its data as
 * far as it was granted, and has it stored at its end. It is the walk of one
 * byte backwards, "TCP → frames → file".
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { Allowance } from "../model/credit.ts";
import type { SongStore, SongWriter } from "../ports/server.ts";
import type { Channel } from "../wire/channel.ts";
import type { RequestId, ToServer } from "../wire/messages.ts";
import { Counters } from "./counters.ts";

/** Data that may come before the first grant. */
export const UPLOAD_WINDOW_BYTES = 4 << 20;
/** An upload of which nothing came for so long is over. */
export const UPLOAD_STUCK_MS = 30_000;
/** What is gathered before it is written to disk. */
const BATCH_BYTES = 256 * 1024;

interface Upload {
  re?: RequestId;
  /** What the client said of the whole file, first or by `end`. */
  expected: { bytes?: number; sha256?: string };
  writer: SongWriter;
  bytes: number;
  batch: Uint8Array;
  fill: number;
}

/** What a client may do; each throws where it may not. */
export interface UploadRights {
  mayUpload(): void;
  /** Whether it may put a song in the place of another one. */
  mayReplace(): void;
}

/** One client's incoming song. */
export class UploadReceiver {
  readonly #channel: Channel;
  readonly #songs: SongStore;
  readonly #counters: Counters;
  #allowance = new Allowance(UPLOAD_WINDOW_BYTES);
  /** Data that the client may still send. */
  #creditBytes = 0;
  #upload: Upload | null = null;
  /** Whether an upload has failed whose rest is dropped, up to its empty frame. */
  #dropping = false;
  /** Whether an empty frame may follow an upload that was refused before its `ready`. */
  #mayEnd = false;
  /** Whether the client may have heard `ready` before it sent what is taken now. */
  #heardReady = false;
  /** When the upload last went on, by the channel's clock. */
  #progressAtMs = 0;
  /** Whether the server works at it, so that the client waits. */
  #working = false;

  constructor(
    channel: Channel,
    songs: SongStore,
    counters: Counters = new Counters(),
  ) {
    this.#channel = channel;
    this.#songs = songs;
    this.#counters = counters;
  }

  /** Whether data is expected, so that larger reads are worth their memory. */
  get active(): boolean {
    return this.#upload !== null || this.#dropping;
  }

  /**
   * Begins an upload.
   *
   * @param rights What the client may do, asked when it counts.
   * @throws {OndacastError} As the song store does; `bad-message`, if one is
   * under way.
   */
  async begin(
    message: ToServer<"upload">,
    rights: UploadRights,
  ): Promise<void> {
    if (this.active) {
      throw new OndacastError(
        "bad-message",
        "Cannot begin an upload: another one is under way",
      );
    }
    this.#mayEnd = true; // Clients may send one after a refusal.
    this.#heardReady = false;
    this.#counters.uploads.refused++; // until it is known to be taken
    rights.mayUpload();
    const { mayReplace } = rights;
    const { song, bytes, sha256, replace = false, id: re } = message;
    const writer = await this.#songs.create(song, {
      ...{ bytes, replace, mayReplace },
    });
    this.#counters.uploads.refused--;
    this.#mayEnd = false;
    this.#upload = {
      re,
      expected: { bytes, sha256: sha256?.toLowerCase() },
      writer,
      bytes: 0,
      batch: new Uint8Array(BATCH_BYTES),
      fill: 0,
    };
    this.#creditBytes = UPLOAD_WINDOW_BYTES;
    this.#allowance = new Allowance(UPLOAD_WINDOW_BYTES);
    this.#channel.send({
      type: "ready",
      window: UPLOAD_WINDOW_BYTES,
      ...(re !== undefined && { re }),
    });
    this.#progressAtMs = this.#channel.spokeAtMs;
  }

  /** Notes that what is taken from now on was read after all that was sent so far. */
  noteRead(): void {
    this.#heardReady = true;
  }

  /** What the upload that is under way is called by the client. */
  get re(): RequestId | undefined {
    return this.#upload?.re;
  }

  /**
   * Whether an upload is under way of which nothing has come for too long.
   *
   * @param awakeSinceMs Since when the server has run without a standstill.
   */
  isStuck(nowMs: number, awakeSinceMs: number): boolean {
    if (this.#working) this.#progressAtMs = nowMs;
    const sinceMs = Math.max(this.#progressAtMs, awakeSinceMs);
    return this.#upload !== null && nowMs - sinceMs >= UPLOAD_STUCK_MS;
  }

  /**
   * The client says what it has sent, right before the empty frame. What it
   * said first holds as well: room was set aside by it.
   */
  announce(message: ToServer<"end">): Promise<void> {
    return this.#guarded((upload) => {
      const { bytes = message.bytes, sha256 } = upload.expected;
      const said = message.sha256.toLowerCase();
      if (bytes !== message.bytes || (sha256 ?? said) !== said) {
        throw new OndacastError(
          "bad-hash",
          "Cannot store the song: `end` and `upload` differ in its length or SHA-256",
        );
      }
      upload.expected = { bytes, sha256: said };
    });
  }

  /**
   * Takes data.
   *
   * @throws {OndacastError} `bad-frame`, if there is no upload or more comes
   * than was granted.
   */
  async take(piece: Uint8Array): Promise<void> {
    if (!this.active) {
      throw new OndacastError(
        "bad-frame",
        "Cannot take data: no upload is under way",
      );
    }
    if (!this.#heardReady) {
      throw new OndacastError(
        "bad-frame",
        "Cannot take data: it was sent before the upload was ready",
      );
    }
    if (piece.length > this.#creditBytes) {
      throw new OndacastError(
        "bad-frame",
        `Cannot take ${piece.length} bytes of data: ${this.#creditBytes} were granted`,
      );
    }
    this.#creditBytes -= piece.length;
    this.#progressAtMs = this.#channel.heardAtMs;
    if (this.#upload !== null) {
      await this.#guarded((up) => this.#add(up, piece));
    }
    const grant = this.#allowance.used(piece.length);
    if (grant === 0) return;
    this.#creditBytes += grant;
    this.#channel.send({ type: "grant", bytes: grant });
  }

  /** The upload's data is complete: checks and stores it. */
  async complete(): Promise<void> {
    if (!this.active && !this.#mayEnd) {
      throw new OndacastError(
        "bad-frame",
        "Cannot end a stream: no upload is under way",
      );
    }
    this.#mayEnd = false;
    await this.#guarded((upload) => this.#store(upload));
    this.#dropping = false;
  }

  /** Forgets the upload, as the connection is over. */
  async abandon(): Promise<void> {
    const upload = this.#upload;
    this.#upload = null;
    await upload?.writer.abandon();
  }

  async #add(upload: Upload, piece: Uint8Array): Promise<void> {
    const { bytes } = upload.expected;
    if (bytes !== undefined && upload.bytes + piece.length > bytes) {
      throw new OndacastError(
        "bad-hash",
        `Cannot store the song: more came than the ${bytes} bytes that were announced`,
      );
    }
    for (let rest = piece; rest.length > 0;) {
      const part = rest.subarray(0, BATCH_BYTES - upload.fill);
      upload.batch.set(part, upload.fill);
      upload.fill += part.length;
      rest = rest.subarray(part.length);
      if (upload.fill === BATCH_BYTES) await this.#flush(upload);
    }
    upload.bytes += piece.length;
  }

  async #flush(upload: Upload): Promise<void> {
    const { fill } = upload;
    upload.fill = 0;
    await upload.writer.write(upload.batch.subarray(0, fill));
  }

  async #store(upload: Upload): Promise<void> {
    const { bytes, sha256 } = upload.expected;
    if (sha256 === undefined) {
      throw new OndacastError(
        "bad-hash",
        "Cannot store the song: its SHA-256 was not told",
      );
    }
    if (bytes !== undefined && bytes !== upload.bytes) {
      throw new OndacastError(
        "bad-hash",
        `Cannot store the song: ${upload.bytes} bytes came, expected ${bytes}`,
      );
    }
    await this.#flush(upload);
    const { name, etag } = await upload.writer.store({
      bytes: upload.bytes,
      sha256,
    });
    this.#upload = null;
    this.#counters.uploads.stored++;
    this.#channel.send({
      type: "stored",
      song: name,
      etag,
      ...(upload.re !== undefined && { re: upload.re }),
    });
  }

  /** Does a part of the upload; if that fails, tells it and drops the rest. */
  async #guarded(
    work: (upload: Upload) => void | Promise<void>,
  ): Promise<void> {
    const upload = this.#upload;
    if (upload === null) return;
    this.#working = true;
    try {
      await work(upload);
    } catch (thrown) {
      this.#upload = null;
      this.#dropping = true;
      await upload.writer.abandon();
      const { code, message } = toOndacastError(thrown);
      this.#counters.uploads.refused++;
      this.#counters.countError(code);
      this.#channel.send({
        type: "error",
        code,
        message,
        fatal: false,
        ...(upload.re !== undefined && { re: upload.re }),
      });
    } finally {
      this.#working = false;
    }
  }
}
