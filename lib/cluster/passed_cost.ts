/**
 * What a client is charged for requests that another server carries out for it, in
 * the units of its rate limit: about as much as that would charge for them.
 *
 * @module
 */

import { COST, rowsCost } from "../server/cost.ts";
import type { PassedType } from "../server/elsewhere.ts";
import { MAX_ROWS, type ToServer } from "../wire/messages.ts";

const COSTS: {
  [K in PassedType]: (message: ToServer<K>, devices: number) => number;
} = {
  cast: (_, devices) => devices * COST.stream,
  control: (_, devices) => rowsCost(devices),
  queue: (_, devices) => COST.edit + devices * COST.stream,
  group: () => COST.edit,
  ungroup: () => COST.edit,
  move: () => COST.edit,
  edit: () => COST.edit,
  entries: ({ limit = MAX_ROWS }) => rowsCost(limit),
};

/** @param devices The number that it names. */
export function passedCost(
  message: ToServer<PassedType>,
  devices: number,
): number {
  const cost = COSTS[message.type] as (
    message: ToServer<PassedType>,
    devices: number,
  ) => number;
  return cost(message, devices);
}
