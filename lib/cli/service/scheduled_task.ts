/**
 * Writes a service as a task of the Windows Task Scheduler.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { DESCRIPTIONS, type Role, type Service, wordsOf } from "./service.ts";
import { xml } from "./xml.ts";

/** The path of a task in the Task Scheduler's library. */
export function taskName(role: Role): string {
  return `Ondacast\\${role}`;
}

/**
 * The XML of a task. It has no declaration: as a file it is UTF-16, on stdout
 * UTF-8.
 *
 * A user's task starts at login, because sound belongs to a session; the
 * system's starts with the machine, with the few rights of LocalService.
 *
 * @throws {OndacastError} `usage`, if the Task Scheduler would replace a part.
 */
export function scheduledTask(service: Service): string {
  const [program, ...args] = wordsOf(service);
  const line = args.map(windowsArgument).join(" ");
  checkVariables([program, line]);
  const isUsers = service.scope === "user";
  const trigger = isUsers ? "LogonTrigger" : "BootTrigger";
  const principal = isUsers
    ? "<LogonType>InteractiveToken</LogonType>"
    : "<UserId>S-1-5-19</UserId>";
  return `<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>${DESCRIPTIONS[service.role]}</Description>
  </RegistrationInfo>
  <Triggers>
    <${trigger}>
      <Enabled>true</Enabled>
    </${trigger}>
  </Triggers>
  <Principals>
    <Principal id="Author">
      ${principal}
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>StopExisting</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>255</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(program)}</Command>
      <Arguments>${xml(line)}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

/**
 * An argument as CommandLineToArgvW reads it: backslashes count only before a
 * quote ("Parsing C command-line arguments", Microsoft C reference).
 */
function windowsArgument(text: string): string {
  if (/^[^\s"]+$/.test(text)) return text;
  const escaped = text.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, "$&$&");
  return `"${escaped}"`;
}

/** There is no way to escape `%NAME%`, which is replaced by a variable. */
function checkVariables(texts: string[]): void {
  for (const text of texts) {
    const name = /%[^%]+%/.exec(text)?.[0];
    if (name === undefined) continue;
    throw new OndacastError(
      "usage",
      `Cannot install a task with ${name}: the Task Scheduler would replace it by a variable`,
    );
  }
}
