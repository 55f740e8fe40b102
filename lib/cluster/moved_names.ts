/**
 * The songs of queues that servers hand to each other: by names that mean the same
 * everywhere there, and by those that they have here.
 *
 * @module
 */

import type { Turns } from "../ports/server.ts";

export interface MovedNames {
  /** Names that mean everywhere what these mean here. */
  there(names: Iterable<string>): Promise<string[]>;
  /** The names here of what such names mean; those that mean nothing stay. */
  here(names: Iterable<string>): Promise<string[]>;
}

/** @param turns Queues may be long. */
export function movedNames(
  turns: Turns,
  one: Record<keyof MovedNames, (name: string) => string>,
): MovedNames {
  const each = (of: (name: string) => string) =>
  async (
    names: Iterable<string>,
  ): Promise<string[]> => {
    const moved: string[] = [];
    for (const name of names) {
      moved.push(of(name));
      const turn = turns.next(2);
      if (turn) await turn;
    }
    return moved;
  };
  return { there: each(one.there), here: each(one.here) };
}
