/**
 * Writes a service as a property list of launchd (launchd.plist(5)).
 *
 * @module
 */

import { type Role, type Service, wordsOf } from "./service.ts";
import { xml } from "./xml.ts";

/** The label of a service, which is also its file's name. */
export function launchdLabel(role: Role): string {
  return `ondacast.${role}`;
}

/** The property list of a service. */
export function launchdPlist(service: Service): string {
  const words = wordsOf(service)
    .map((word) => `    <string>${xml(word)}</string>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${launchdLabel(service.role)}</string>
  <key>ProgramArguments</key>
  <array>
${words.join("\n")}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>2</integer>
  <key>ProcessType</key>
  <string>${service.role === "receive" ? "Interactive" : "Standard"}</string>
</dict>
</plist>
`;
}
