/**
 * `ondacast status`: the installed services of this machine, else the clients of
 * the server.
 *
 * @module
 */

import { reasonIn, toOndacastError } from "../errors.ts";
import { printError } from "../io/console/standard_output.ts";
import type { ClientContext } from "./client_context.ts";
import { onlineCommand } from "./list_commands.ts";
import { ROLES } from "./service/service.ts";
import {
  serviceFormat,
  servicePlaces,
  succeeds,
  usedDescription,
} from "./service_manager.ts";
import { takeServer } from "./take_server.ts";
import { shown } from "./shown.ts";

/** Shows the services and whether they run; without any, who is connected. */
export async function statusCommand(context: ClientContext): Promise<void> {
  const services = await installedServices();
  if (context.options.json) return context.printJson(services);
  for (const { role, scope, file, running } of services) {
    context.say(
      `${role}: ${
        running ? "running" : "not running"
      }, as a ${scope} service: ${file}`,
    );
  }
  if (services.length > 0) return;
  context.say(
    "Nothing is installed here. `ondacast install receive` and `ondacast install server` do it.",
  );
  try {
    await takeServer(context, "status");
    await onlineCommand(context);
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    const { message } = toOndacastError(thrown);
    printError(shown(`note: no clients are shown: ${reasonIn(message)}`));
  }
}

async function installedServices() {
  const format = serviceFormat(undefined);
  const places = servicePlaces();
  const services = [];
  for (const role of ROLES) {
    const used = await usedDescription(format, role, places);
    if (used === null) continue;
    const { scope, file } = used;
    const running = await succeeds(format.isRunning(role, scope, places));
    services.push({ role, scope, file, running });
  }
  return services;
}
