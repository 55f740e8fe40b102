/**
 * A device of a household that plays whatever it is sent, and says so.
 *
 * @module
 */

import { openSession } from "./sessions.ts";

export async function obedientDevice(
  port: number,
  name: string,
): Promise<Awaited<ReturnType<typeof openSession>>> {
  const session = await openSession(port, { name, receive: true });
  session.listen({
    cast: ({ start: { stream } }) =>
      session.send({
        ...{ type: "state", stream, position: 0, volume: 80 },
        ...{ playing: true, underruns: 0 },
      }),
  });
  return session;
}
