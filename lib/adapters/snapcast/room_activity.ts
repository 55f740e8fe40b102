/**
 * What others see of the activity of a room.
 *
 * @module
 */

import { type Present, resting } from "../../model/presence.ts";
import type { SoundingSong } from "./room_sound.ts";
import type { RoomStreams } from "./room_streams.ts";

/** The activity at a time of the server's clock, in microseconds. */
export function shownActivity(
  streams: RoomStreams<SoundingSong>,
  nowUs: number,
  { volume, underruns }: { volume: number; underruns: number },
): Pick<Present<unknown>, "activity" | "endsAtSeconds"> {
  const place = streams.placeAt(nowUs);
  const stream = place?.stream ?? streams.all.at(-1);
  const isOver = place && place.frame >= place.stream.frames;
  if (!stream || isOver) return { activity: resting(true, volume) };
  const frame = Math.max(0, place?.frame ?? 0);
  const isPaused = place !== null && !place.isPlaying && place.frame >= 0;
  return {
    activity: {
      doing: isPaused ? "paused" : "playing",
      song: stream.name,
      position: (stream.fromFrame + frame) / stream.rate,
      volume,
      // The first report says that it is heard.
      ...(place && place.frame >= 0 && { underruns }),
    },
    endsAtSeconds: (stream.fromFrame + stream.frames) / stream.rate,
  };
}
