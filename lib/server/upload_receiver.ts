/**
 * The song that a client uploads, at most one at a time: receives as much data
 * as was granted, and stores the song at its end. It is the walk of one byte
 * backwards, "TCP → frames → file".
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { Allowance } from "../model/credit.ts";
import type { Clock } from "../ports/common.ts";
import type { SongStore, SongWriter } from "../ports/server.ts";
import type { Channel } from "../wire/channel.ts";
import type { Answer, RequestId, ToServer } from "../wire/messages.ts";
import type { Counters } from "./counters.ts";
import { DataGate } from "./data_gate.ts";
import type { Incoming } from "./incoming.ts";

/** Bytes that may come before the first grant. */
export const UPLOAD_WINDOW_BYTES = 4 << 20;
/** An upload that receives nothing for this long is over. */
export const UPLOAD_STUCK_MS = 30_000;
/** Bytes of one write to disk. */
const BATCH_BYTES = 256 * 1024;

interface Upload {
  re?: RequestId;
  /** Length and hash of the whole file, announced by `upload` or `end`. */
  expected: { bytes?: number; sha256?: string };
  writer: SongWriter;
  bytes: number;
  batch: Uint8Array;
  fill: number;
}

/** What a client is allowed to do; each throws if it is not. */
export interface UploadRights {
  mayUpload(): void;
  /** Replace a song by another one. */
  mayReplace(): void;
}

export class UploadReceiver implements Incoming {
  readonly #channel: Channel;
  readonly #songs: SongStore;
  readonly #counters: Counters;
  readonly #clock: Clock;
  #allowance = new Allowance(UPLOAD_WINDOW_BYTES);
  readonly #gate = new DataGate();
  #upload: Upload | null = null;
  /** Whether an upload has failed: its data is dropped up to its empty frame. */
  #dropping = false;
  /** Whether an empty frame may follow an upload that was refused before its `ready`. */
  #mayEnd = false;
  /** When the upload last made progress, by the clock. */
  #progressAtMs = 0;
  /** Whether the client waits for the server, which is not its fault. */
  #working = false;

  constructor(
    channel: Channel,
    { songs, counters, clock }: {
      readonly songs: SongStore;
      readonly counters: Counters;
      readonly clock: Clock;
    },
  ) {
    this.#channel = channel;
    this.#songs = songs;
    this.#counters = counters;
    this.#clock = clock;
  }

  get active(): boolean {
    return this.#upload !== null || this.#dropping;
  }

  /**
   * Begins an upload.
   *
   * @throws {OndacastError} As the song store and the rights do; `bad-message`,
   * if one is under way.
   */
  async begin(
    message: ToServer<"upload">,
    rights: UploadRights,
  ): Promise<Answer<"upload">> {
    if (this.active) {
      throw new OndacastError(
        "bad-message",
        "Cannot begin an upload: another one is under way",
      );
    }
    this.#mayEnd = true; // Clients may send the empty frame after a refusal.
    this.#counters.uploads.refused++; // until it is accepted
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
    this.#gate.begin(UPLOAD_WINDOW_BYTES);
    this.#allowance = new Allowance(UPLOAD_WINDOW_BYTES);
    this.#progressAtMs = this.#clock.now();
    return { window: UPLOAD_WINDOW_BYTES };
  }

  noteRead(): void {
    this.#gate.noteRead();
  }

  get re(): RequestId | undefined {
    return this.#upload?.re;
  }

  /**
   * Whether an upload is under way that received nothing for
   * {@linkcode UPLOAD_STUCK_MS}.
   *
   * @param awakeSinceMs When the process last resumed after a suspension.
   */
  isStuck(nowMs: number, awakeSinceMs: number): boolean {
    if (this.#working) this.#progressAtMs = nowMs;
    const sinceMs = Math.max(this.#progressAtMs, awakeSinceMs);
    return this.#upload !== null && nowMs - sinceMs >= UPLOAD_STUCK_MS;
  }

  /**
   * Notes what the client has sent, by its own account, right before the empty
   * frame. It must agree with its `upload`, by which space was reserved.
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
   * Receives data, and grants more once it is written.
   *
   * @throws {OndacastError} `bad-frame`, if there is no upload or more comes
   * than was granted.
   */
  async receive(piece: Uint8Array): Promise<void> {
    if (!this.active) {
      throw new OndacastError(
        "bad-frame",
        "Cannot accept data: no upload is under way",
      );
    }
    this.#gate.pass(piece.length);
    this.#progressAtMs = this.#channel.heardAtMs;
    if (this.#upload !== null) {
      await this.#guarded((up) => this.#add(up, piece));
    }
    const grant = this.#allowance.used(piece.length);
    if (grant === 0) return;
    this.#gate.grant(grant);
    this.#channel.send({ type: "grant", bytes: grant });
  }

  /** Checks and stores the song once its data is complete. */
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

  /** Forgets the upload: the connection is over. */
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
        "Cannot store the song: its SHA-256 was not given",
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

  /** Does a part of the upload; a failure is sent to the client, and the rest is dropped. */
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
