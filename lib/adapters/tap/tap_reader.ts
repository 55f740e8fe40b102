/**
 * Reads what a group has sounded since the last time, in one layout: the rest of
 * the song, and the beginning of the one that follows it without a gap.
 *
 * @module
 */

import {
  type PcmFormat,
  sameLayout,
  sampleFrameBytes,
} from "../../audio/format.ts";
import {
  type LayoutConverter,
  layoutConverter,
} from "../../audio/layout_converter.ts";
import type { OpenResampler } from "../../audio/resampler.ts";
import type { Clock } from "../../ports/common.ts";
import type { OpenSong } from "../../ports/server.ts";
import type { Group } from "../../server/groups/group.ts";

/** Sample frames that are read and converted at once. */
const READ_FRAMES = 4096;
/** A device may have heard a song this much before the line says so. */
const END_SECONDS = 0.5;
/** A place that is further ahead is jumped to. */
const MOST_BEHIND_SECONDS = 1;

type Sink = (pcm: Uint8Array) => void;

/** A song that is read, or that follows it. */
interface Tapped {
  readonly take: number;
  readonly group: Group;
  readonly song: OpenSong;
  /** The sample frame that is read next. */
  frame: number;
  /** Before which frame it ends; null: not known yet. */
  readonly end: () => number | null;
}

export class TapReader {
  readonly #to: PcmFormat;
  readonly #openResampler: OpenResampler;
  readonly #clock: Clock;
  #tapped: Tapped | null = null;
  /** Open already, because the group forgets a song that has sounded. */
  #follower: Tapped | null = null;
  #converter: { from: PcmFormat; to: LayoutConverter } | null = null;

  constructor(to: PcmFormat, openResampler: OpenResampler, clock: Clock) {
    this.#to = to;
    this.#openResampler = openResampler;
    this.#clock = clock;
  }

  /**
   * Reads up to what sounds now.
   *
   * @param group Null: it is away.
   * @returns False: it is silent, but for what was read.
   */
  async read(group: Group | null, nowUs: number, sink: Sink): Promise<boolean> {
    const place = group?.playback.timeline.positionAt(nowUs);
    if (place?.take.id !== this.#tapped?.take) await this.#readRest(sink);
    if (!group || !place || place.kind === "waiting") return false;
    const { take, frame, kind } = place;
    const isSame = this.#tapped?.group === group;
    if (isSame && this.#follower?.take === take.id) {
      await this.#readTo(this.#tapped!.end() ?? 0, sink);
      this.#tapped!.song.close();
      this.#tapped = this.#follower;
      this.#follower = null;
    } else if (!isSame || this.#tapped!.take !== take.id) {
      this.close();
      this.#tapped = tap(group, take.id);
      if (!this.#tapped) return false;
    }
    const tapped = this.#tapped!;
    const behind = (frame - tapped.frame) / take.rateHz;
    if (Math.abs(behind) > MOST_BEHIND_SECONDS) {
      tapped.frame = Math.floor(frame);
      this.#converter = null;
    }
    await this.#readTo(Math.floor(frame), sink);
    this.#follow(group);
    return kind === "playing";
  }

  close(): void {
    this.#tapped?.song.close();
    this.#follower?.song.close();
    this.#tapped = this.#follower = null;
    this.#converter = null;
  }

  /** Opens what follows without a gap, as far as is known now. */
  #follow(group: Group): void {
    const { row } = group.playback.timeline;
    const at = row.findIndex(({ id }) => id === this.#tapped!.take);
    const next = at < 0 ? undefined : row[at + 1]?.id;
    if (this.#follower?.take === next) return;
    this.#follower?.song.close();
    this.#follower = next === undefined ? null : tap(group, next);
  }

  /** Reads what is left of a song that is over. */
  async #readRest(sink: Sink): Promise<void> {
    const tapped = this.#tapped;
    const end = tapped?.end() ?? null;
    if (!tapped || end === null) return;
    const { rate } = tapped.song.entry.format!;
    const isHeard = (end - tapped.frame) / rate <= END_SECONDS;
    if (isHeard) await this.#readTo(end, sink);
  }

  async #readTo(to: number, sink: Sink): Promise<void> {
    const tapped = this.#tapped!;
    const { song } = tapped;
    const format = song.entry.format!;
    const frameBytes = sampleFrameBytes(format);
    const end = Math.min(to, tapped.end() ?? Infinity);
    while (tapped.frame < end) {
      const frames = Math.min(READ_FRAMES, end - tapped.frame);
      const pcm = new Uint8Array(frames * frameBytes);
      const offset = format.dataOffset + tapped.frame * frameBytes;
      tapped.frame += frames;
      try {
        await song.read(pcm, offset);
      } catch {
        continue; // It is told where it is played.
      }
      const converter = await this.#converterFrom(format, sink);
      sink(converter.convert(pcm));
      await this.#clock.sleep(0);
    }
  }

  async #converterFrom(
    format: PcmFormat,
    sink: Sink,
  ): Promise<LayoutConverter> {
    const before = this.#converter;
    if (before && sameLayout(before.from, format)) return before.to;
    const rest = before?.to.flush();
    if (rest) sink(rest);
    const to = await layoutConverter(format, this.#to, this.#openResampler);
    this.#converter = { from: format, to };
    return to;
  }
}

/** @returns Null: the group has no such take any more. */
function tap(group: Group, take: number): Tapped | null {
  const found = group.playback.row.get(take);
  if (!found) return null;
  const { song: shared, fromFrame: frame } = found;
  const song = shared.handle();
  return { take, group, song, frame, end: () => shared.frames };
}
