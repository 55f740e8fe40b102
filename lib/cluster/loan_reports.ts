/**
 * What another server reports of a device that this one has borrowed, as the groups
 * here are to hear of it.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { Device } from "../server/groups/device.ts";
import type { Groups } from "../server/groups/groups.ts";
import type { Lender } from "./lender.ts";
import type { LoanNews } from "./loan.ts";
import type { RemoteReceiver } from "./remote_receiver.ts";

/**
 * What a device's server needs to open a song, beyond what the device needs, and
 * round trips: the request, and the first page if the song is at a third server.
 */
const OPEN_MS = 20;
const ROUND_TRIPS = 2;
/** As of every device. */
const MOST_LEAD_MS = 60_000;

/** What is reported of a device that stays borrowed. */
export type LoanReport = Exclude<LoanNews, { type: "lent-over" }>;

/** A device, as its group here knows it. */
export interface Reporting {
  readonly device: Device;
  readonly receiver: Pick<RemoteReceiver, "noteSent">;
  /** The server of the device. */
  readonly lender: Pick<Lender, "rttMs">;
}

type Accept<K extends LoanReport["type"]> = (
  of: Reporting,
  report: Extract<LoanReport, { type: K }>,
  groups: Groups,
) => void;

const ACCEPT: { [K in LoanReport["type"]]: Accept<K> } = {
  "lent-facts": ({ device, lender }, { volume, problem, ...own }, groups) => {
    const openMs = OPEN_MS + ROUND_TRIPS * lender.rttMs;
    const step = own.step &&
      { ...own.step, leadMs: Math.min(MOST_LEAD_MS, own.step.leadMs + openMs) };
    groups.adjust(device, { volume, problem, step });
  },
  "lent-place": ({ device }, { stream, position, playing }, groups) =>
    groups.reported(device, { stream, position, playing }),
  "lent-rejoin": ({ device }, _, groups) => groups.rejoin(device),
  "lent-stream": ({ device, receiver }, report, groups) => {
    const { stream, event, code = "internal", reason = code } = report;
    if (event === "behind") return void groups.behind(device, stream);
    if (event === "stopped") return groups.stopped(device, stream);
    receiver.noteSent(stream);
    if (event === "sent") return groups.sent(device);
    const group = groups.group(device);
    if (!group.isSeveral) {
      const error = new OndacastError(code as "lost", reason, { fatal: false });
      return groups.failed(device, stream, error);
    }
    // The others play it.
    device.problem = code;
    groups.changed(group);
  },
};

/** Has the groups of this server accept a report. */
export function accept(
  of: Reporting,
  report: LoanReport,
  groups: Groups,
): void {
  const act = ACCEPT[report.type] as Accept<LoanReport["type"]>;
  act(of, report as never, groups);
}
