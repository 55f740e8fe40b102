/**
 * A device of a household that plays whatever it is sent at the volume that is set, and says so.
 *
 * @module
 */

import type { DeviceKind } from "../../lib/model/device_kind.ts";
import { openSession } from "./sessions.ts";

export async function obedientDevice(
  port: number,
  name: string,
  kind?: DeviceKind,
): Promise<Awaited<ReturnType<typeof openSession>>> {
  const session = await openSession(port, { name, kind, receive: true });
  const state = { stream: 0, playing: true, volume: 80 };
  const report = () =>
    session.send({ type: "state", position: 0, underruns: 0, ...state });
  session.listen({
    cast({ start: { stream } }) {
      Object.assign(state, { stream, playing: true });
      report();
    },
    control({ action, value }) {
      if (action === "pause" || action === "stop") state.playing = false;
      if (action === "resume") state.playing = true;
      if (action !== "volume") return;
      state.volume = Number(value);
      report();
    },
  });
  return session;
}
