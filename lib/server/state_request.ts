/**
 * Accepts what a client reports of itself: the stream that it hears, and where it
 * is in the song.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { END_SECONDS, NO_STREAM, type ToServer } from "../wire/messages.ts";
import type { Member } from "./member.ts";

/** Handles `state`. @throws {OndacastError} `stale`, if it is about another stream. */
export function acceptState(member: Member, message: ToServer<"state">): void {
  const { outgoing, presence, device, hub: { receivers } } = member;
  const { position, playing, underruns, problem } = message;
  const volume = device?.shownVolume(message.volume) ?? message.volume;
  if (message.stream === NO_STREAM) {
    if (presence.heardStream !== null) throw isHeard();
    if (device) receivers.adjust(device, message);
    return presence.setResting({ problem, volume });
  }
  const heard = outgoing.hear(message.stream);
  const isOver = !playing && outgoing.stream !== heard.stream &&
    outgoing.isLast(heard.stream) &&
    position >= heard.lengthSeconds - END_SECONDS;
  if (isOver) presence.setResting({ problem, volume });
  else {
    presence.setActivity({
      doing: playing ? "playing" : "paused",
      song: heard.song,
      position,
      volume,
      underruns,
      ...(problem && { problem }),
    });
  }
  if (!device) return;
  receivers.adjust(device, message);
  receivers.reported(device, message);
}

function isHeard(): OndacastError {
  return new OndacastError(
    "stale",
    `Cannot accept the state of stream ${NO_STREAM}: another one is heard`,
  );
}
