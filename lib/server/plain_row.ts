/**
 * Songs in a row as one plain stream: a header that leaves the length open, then
 * the PCM of one after the other without a gap, all in the layout of the first.
 *
 * @module
 */

import {
  containerOf,
  type PcmFormat,
  sameLayout,
  sampleFrameBytes,
  type SongFormat,
} from "../audio/format.ts";
import {
  type LayoutConverter,
  layoutConverter,
} from "../audio/layout_converter.ts";
import type { OpenResampler } from "../audio/resampler.ts";
import { wavHeader } from "../audio/wav_writer.ts";
import { OndacastError } from "../errors.ts";
import type { Texts } from "../ports/library.ts";
import type { OpenSong } from "../ports/server.ts";
import { EMPTY_DATA_FRAME } from "../wire/frame.ts";
import { BlockWriter } from "./block_writer.ts";
import { loadAhead, SongPayload } from "./payload.ts";
import type { PlainSource } from "./plain_source.ts";
import type { SongPages } from "./song_pages.ts";

/** PCM that is read and converted at once. */
const READ_FRAMES = 4096;
/** A block is kept until it is full, because the last one is of unknown length. */
const MOST_BLOCK_BYTES = 1 << 20;

/** What a row needs of the server. */
export interface RowWorld {
  /** Opens a song. @throws {OndacastError} If it cannot be played. */
  open(name: string): Promise<OpenSong>;
  readonly pages: SongPages;
  readonly openResampler: OpenResampler;
  /** Whether the row repeats endlessly. */
  readonly loop: boolean;
  /** Yields to the event loop. */
  pause(): Promise<void>;
}

/** Opens each song when the one before has been sent; none is left out for its layout. */
export class PlainRow implements PlainSource {
  readonly format: PcmFormat;
  readonly #names: Texts;
  readonly #world: RowWorld;
  /** Open, but not yet sent. */
  #first: { song: OpenSong; at: number } | null;
  #converter: { from: PcmFormat; to: LayoutConverter } | null = null;

  private constructor(
    names: Texts,
    world: RowWorld,
    first: { song: OpenSong; at: number },
  ) {
    this.#names = names;
    this.#world = world;
    this.#first = first;
    this.format = containerOf(first.song.entry.format!);
  }

  /**
   * Opens the first song that can be played.
   *
   * @throws {OndacastError} `no-songs`, if there is none.
   */
  static async open(
    names: Texts,
    world: RowWorld,
  ): Promise<PlainRow> {
    const first = await firstOf(names, 0, world);
    if (first) return new PlainRow(names, world, first);
    throw new OndacastError("no-songs", "None of the songs can be played");
  }

  async send(
    blockBytes: number,
    write: (bytes: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const bytes = Math.min(blockBytes, MOST_BLOCK_BYTES);
    const blocks = new BlockWriter(bytes, write);
    await blocks.write(wavHeader(this.format, null));
    do {
      if (!await this.#sendRound(blocks)) break;
    } while (this.#world.loop);
    await this.#flush(blocks);
    await blocks.end();
    await write(EMPTY_DATA_FRAME);
  }

  close(): void {
    this.#first?.song.close();
    this.#first = null;
  }

  /** @returns Whether any song was heard. */
  async #sendRound(blocks: BlockWriter): Promise<boolean> {
    let isHeard = false;
    let next = this.#first ?? await firstOf(this.#names, 0, this.#world);
    this.#first = null;
    while (next) {
      const { song, at } = next;
      isHeard = await this.#sendSong(song, blocks)
        .finally(() => song.close()) || isHeard;
      next = await firstOf(this.#names, at + 1, this.#world);
    }
    return isHeard;
  }

  /**
   * @returns Whether any of it was sent; one that changes meanwhile ends there.
   * @throws What a write throws.
   */
  async #sendSong(song: OpenSong, blocks: BlockWriter): Promise<boolean> {
    const format = song.entry.format!;
    const frameBytes = sampleFrameBytes(format);
    const payload = new SongPayload(this.#world.pages, song);
    const end = dataEnd(format);
    const convert = await this.#converterFor(format, blocks);
    const isConverted = !sameLayout(format, this.format);
    let offset = format.dataOffset;
    while (offset < end) {
      const bytes = Math.min(READ_FRAMES * frameBytes, end - offset);
      const pcm = new Uint8Array(bytes);
      try {
        song.gone.throwIfInvalid();
        await payload.read(pcm, offset);
      } catch {
        break;
      }
      offset += bytes;
      loadAhead(song, payload, offset, Math.min(bytes, end - offset));
      await blocks.write(convert.convert(pcm));
      if (isConverted) await this.#world.pause();
    }
    return offset > format.dataOffset;
  }

  /** One converter goes on over songs of one layout, which then lack no sample. */
  async #converterFor(
    format: PcmFormat,
    blocks: BlockWriter,
  ): Promise<LayoutConverter> {
    const before = this.#converter;
    if (before && sameLayout(before.from, format)) return before.to;
    await this.#flush(blocks);
    const { openResampler } = this.#world;
    const to = await layoutConverter(format, this.format, openResampler);
    this.#converter = { from: format, to };
    return to;
  }

  async #flush(blocks: BlockWriter): Promise<void> {
    const rest = this.#converter?.to.flush();
    this.#converter = null;
    if (rest) await blocks.write(rest);
  }
}

/** The first song from an index on that can be played and has an end. */
async function firstOf(
  names: Texts,
  from: number,
  { open, pause }: RowWorld,
): Promise<{ song: OpenSong; at: number } | null> {
  for (let at = from; at < names.length; at++) {
    try {
      const song = await open(names.at(at)!);
      if (song.entry.format?.dataBytes) return { song, at };
      song.close();
    } catch {
      // Passed over, as in a queue.
    }
    await pause();
  }
  return null;
}

/** Whole sample frames. */
function dataEnd(format: SongFormat): number {
  const { dataOffset, dataBytes } = format;
  const rest = dataBytes! % sampleFrameBytes(format);
  return dataOffset + dataBytes! - rest;
}
