/**
 * Queues what was chosen, in as many messages as it takes.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import type { GroupRow } from "../../lib/client/group_list.ts";
import type { AnswerTo } from "../../lib/wire/messages.ts";
import {
  type Chunk,
  chunked,
  chunksBefore,
  chunksFrom,
} from "./song_chunks.ts";

/** What is to be played. */
export interface Choice {
  /**
   * Songs by name, or selections such as `album:KEY`, `artist:NAME`,
   * `playlist:NAME`, a folder with `/` at its end, or `*`.
   */
  songs: readonly string[];
  /** For the person. */
  title: string;
  /** The index of the song to begin with. */
  at?: number;
  place?: "now" | "next" | "end";
  fromSeconds?: number;
  shuffle?: boolean;
  repeat?: GroupRow["repeat"];
}

/** The choices made on this page. */
export class Choices {
  /** The latest choice of each group: others are not completed. */
  readonly #latest = new Map<string, Choice>();

  /**
   * Queues songs, in as many parts as they need; the first one's answer.
   *
   * @throws {PeerError} If the server refuses the first part.
   */
  async queue(
    session: Pick<ClientSession, "request">,
    to: string,
    choice: Choice,
  ): Promise<AnswerTo<"queue">> {
    const { at, fromSeconds, shuffle, repeat } = choice;
    this.#latest.set(to, choice);
    const [{ index, ...first }, ...rest] = partsOf(choice);
    const earlier = first.place === "now" && at !== undefined
      ? chunksBefore(choice.songs, at - index)
      : [];
    const isWhole = rest.length + earlier.length === 0;
    const queued = await session.request({
      ...{ type: "queue", to, ...first },
      ...(at !== undefined && { index }),
      ...(fromSeconds !== undefined && { from: fromSeconds }),
      // What is added to a shuffled queue stays where it is added.
      ...(shuffle !== undefined && { shuffle: shuffle && isWhole }),
      ...(repeat !== undefined && { repeat }),
    });
    this.#queueRest(session, to, { choice, rest, earlier, queued })
      .catch(() => {}); // The lost connection is reported by its owner.
    return queued;
  }

  /** Adds the rest, unless the queue is changed otherwise meanwhile. */
  async #queueRest(
    session: Pick<ClientSession, "request">,
    to: string,
    { choice, rest, earlier, queued }: Rest,
  ): Promise<void> {
    let { revision, entry: before } = queued;
    for (const { songs, place } of rest) {
      if (this.#latest.get(to) !== choice) return;
      const added = await session.request({
        ...{ type: "queue", to, songs, place },
      });
      if (added.revision !== ++revision) return;
    }
    for (const songs of earlier) {
      if (this.#latest.get(to) !== choice) return;
      const { group, entry, songs: count, ...added } = await session.request({
        ...{ type: "queue", to, songs, place: "end" },
      });
      if (added.revision !== ++revision) return;
      if (entry === null || before === null) return; // None is there any more.
      const entries = Array.from({ length: count }, (_, i) => entry + i);
      ({ revision } = await session.request({
        ...{ type: "edit", group, action: "move", entries, before, revision },
      }));
      before = entry;
    }
    if (rest.length + earlier.length === 0 || !choice.shuffle) return;
    const shuffle = { action: "shuffle", value: true } as const;
    await session.request({ type: "control", to: [to], ...shuffle });
  }
}

/** What a choice lacks after its first message. */
interface Rest {
  choice: Choice;
  /** Songs that follow. */
  rest: Part[];
  /** Songs before the first part, the nearest ones first. */
  earlier: string[][];
  /** The answer to the first part. */
  queued: AnswerTo<"queue">;
}

/** Songs that one message queues. */
type Part = Chunk & { place: "now" | "next" | "end" };

function partsOf({ songs, at = 0, place = "now" }: Choice): Part[] {
  const chunks = place === "now"
    ? chunksFrom(songs, at)
    : chunked(songs).map((part) => ({ songs: part, index: 0 }));
  // What is queued as the next comes before what was.
  if (place === "next") chunks.reverse();
  return chunks.map((chunk, i) => ({
    ...chunk,
    place: place === "now" && i > 0 ? "end" : place,
  }));
}
