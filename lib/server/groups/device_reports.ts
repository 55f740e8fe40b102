/**
 * What a device that plays alone does by itself, and reports: the place and the
 * state of its group follow it.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import type { Device } from "./device.ts";
import type { Group } from "./group.ts";
import type { StreamCause } from "./receiver.ts";

/** Reports that a device sent before it was asked for something may come this late. */
const LATE_REPORT_US = 1_500_000;
/** A device whose song stands still this close to its end has heard it. */
const END_SECONDS = 0.5;

/** What a device reports of a stream. */
export interface DeviceReport {
  stream: number;
  /** In seconds of the song. */
  position: number;
  playing: boolean;
}

/** Accepts a report. In a group of several, the line says what plays. */
export function accept(
  group: Group,
  device: Device,
  { stream, position, playing }: DeviceReport,
  nowUs: number,
): void {
  const { playback } = group;
  const streams = group.streamsOf(device);
  const id = streams?.takeOf(stream);
  const take = id === undefined ? undefined : playback.row.get(id);
  // What is being opened takes the place of the song that this is about.
  if (!streams || !take || group.isSeveral || playback.isOpening) return;
  const { format, frames } = take.song;
  const endSeconds = frames === null ? Infinity : frames / format.rate;
  const isAll = streams.hasAllOf(take.id, device.link!);
  if (isAll && !playing && position >= endSeconds - END_SECONDS) {
    return playback.heard(take.id);
  }
  const seconds = Math.min(position, endSeconds);
  const frame = Math.max(seconds * format.rate, take.fromFrame);
  const isPlaying = playback.state === "playing";
  // It may have been asked for something since, or is about to be.
  const isLate = nowUs - streams.askedAtUs < LATE_REPORT_US ||
    streams.isPaused === isPlaying;
  if (!isLate) {
    playback.note(playing ? "playing" : "paused");
    streams.notePaused(!playing);
  }
  if (!isLate || isPlaying === playing) {
    playback.anchor(take.id, frame, playing ? nowUs : null);
  }
  group.due();
}

/**
 * Why a device that plays alone is sent what its queue plays once more.
 *
 * @throws {OndacastError} `stale`, if the queue plays something else.
 */
export function again(
  { playback, isSeveral, id, by }: Group,
  { song, entry }: { song: string; entry?: number },
): StreamCause {
  const { current } = playback.row;
  const isCurrent = current?.entry.entry === entry &&
    current?.song.entry.name === song;
  if (isSeveral || playback.isOpening || !isCurrent) {
    throw new OndacastError(
      "stale",
      "Cannot go on with the song: the queue plays something else",
    );
  }
  return { group: id, entry, ...(by !== undefined && { by }) };
}

/**
 * Takes over the stream by which a device has requested its song again: of the
 * first version after a seek or on a new connection, others after a failure.
 */
export async function adopt(
  group: Group,
  device: Device,
  { stream, song, fromSeconds }: {
    stream: number;
    song: string;
    fromSeconds: number;
  },
  nowUs: number,
): Promise<void> {
  const { playback } = group;
  const streams = group.streamsOf(device)!;
  streams.hold();
  if (playback.row.current) playback.note("playing");
  else await playback.goOn(fromSeconds, nowUs);
  const take = playback.row.current;
  if (group.streamsOf(device) !== streams) return;
  if (take?.song.entry.name !== song) {
    // Another song is due by now, perhaps since it was cast meanwhile.
    streams.forget();
    return group.due();
  }
  const frame = Math.round(fromSeconds * take.song.format.rate);
  streams.adopt(take.id, stream, frame);
  playback.anchor(take.id, frame, nowUs);
}

/** Stops a group whose device plays something else, for which it drops the rest. */
export function displace(group: Group, device: Device): void {
  const { playback } = group;
  group.forget(device);
  // What was cast meanwhile takes its place.
  if (group.isSeveral || playback.isOpening) return;
  if (playback.state !== "stopped") playback.stop(group.seconds);
}
