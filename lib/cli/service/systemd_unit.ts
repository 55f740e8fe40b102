/**
 * Writes a service as a systemd unit, sandboxed as far as its program allows.
 *
 * @module
 */

import {
  DESCRIPTIONS,
  type Role,
  type Scope,
  type Service,
  type ServiceOption,
  valueOf,
  wordOf,
} from "./service.ts";

/** The unit file's name, without its ending. */
export function unitName(role: Role): string {
  return `ondacast-${role}`;
}

/** The unit of a service. */
export function systemdUnit(service: Service): string {
  const { role, scope } = service;
  return sections({
    Unit: [
      `Description=${DESCRIPTIONS[role]}`,
      ...UNIT[scope],
      "StartLimitIntervalSec=0",
    ],
    Service: [
      "Type=exec",
      `ExecStart=${execStart(service)}`,
      "Restart=always",
      "RestartSec=2",
      ...token(service),
      ...SANDBOX,
      ...(scope === "system" ? systemLines(service) : []),
    ],
    Install: [
      `WantedBy=${scope === "system" ? "multi-user" : "default"}.target`,
    ],
  });
}

/** A user's manager knows no network, and starts sound servers by itself. */
const UNIT: Record<Scope, string[]> = {
  system: ["Wants=network-online.target", "After=network-online.target"],
  user: ["After=pipewire-pulse.service pulseaudio.service"],
};

/**
 * What needs no rights, and so holds in a user's unit, too. The list lacks
 * MemoryDenyWriteExecute, because V8 compiles code while it runs.
 */
const SANDBOX = [
  "NoNewPrivileges=yes",
  "LockPersonality=yes",
  "RestrictNamespaces=yes",
  "RestrictSUIDSGID=yes",
  "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
  "SystemCallArchitectures=native",
  "SystemCallFilter=@system-service",
  "SystemCallErrorNumber=EPERM",
];

const SYSTEM_SANDBOX = [
  "DynamicUser=yes",
  "ProtectSystem=strict",
  "PrivateTmp=yes",
  "ProtectClock=yes",
  "ProtectControlGroups=yes",
  "ProtectHostname=yes",
  "ProtectKernelLogs=yes",
  "ProtectKernelModules=yes",
  "ProtectKernelTunables=yes",
  "ProtectProc=invisible",
];

const ROLE_SANDBOX: Record<Role, string[]> = {
  server: ["PrivateDevices=yes", "RestrictRealtime=yes"],
  // A player may ask for real-time priority.
  receive: [
    "SupplementaryGroups=audio",
    "DevicePolicy=closed",
    "DeviceAllow=char-alsa rw",
  ],
};

function systemLines(service: Service): string[] {
  const name = unitName(service.role);
  return [
    ...SYSTEM_SANDBOX,
    ...ROLE_SANDBOX[service.role],
    ...capabilities(service),
    `StateDirectory=${name}`,
    "StateDirectoryMode=0700",
    `CacheDirectory=${name}`,
    // Without --music, the server's songs are in `music` there.
    `WorkingDirectory=%S/${name}`,
    `Environment=XDG_DATA_HOME=%S/${name} XDG_CACHE_HOME=%C/${name} DENO_DIR=%C/${name}/deno`,
    ...paths(service),
  ];
}

/** Only ports below 1024 need a capability (capabilities(7)). */
function capabilities({ options }: Service): string[] {
  const isPrivileged = options.some(({ flag, value }) =>
    /^--(?:[a-z]+-)*port$/.test(flag) && Number(value) > 0 &&
    Number(value) < 1024
  );
  const set = isPrivileged ? "CAP_NET_BIND_SERVICE" : "";
  return [`AmbientCapabilities=${set}`, `CapabilityBoundingSet=${set}`];
}

/**
 * Makes the files of the options and of the program reachable: homes are hidden,
 * but for these files, which are reached although a home is closed to others.
 */
function paths(service: Service): string[] {
  const writable = service.options.filter((option) =>
    isWritten(service, option)
  ).map(({ value }) => value!);
  const others = service.options.filter(({ isPath }) => isPath)
    .map(({ value }) => value!).filter((path) => !writable.includes(path));
  const inHome = (path: string) => /^\/(?:home|root|run\/user)\//.test(path);
  const readOnly = [...new Set([...service.parts, ...others])].filter(inHome);
  const lines = [
    ...readOnly.map((path) => `BindReadOnlyPaths=${quoted(path)}`),
    ...writable.filter(inHome).map((path) => `BindPaths=${quoted(path)}`),
    ...writable.filter((path) => !inHome(path))
      .map((path) => `ReadWritePaths=${quoted(path)}`),
  ];
  const hidesAll = !lines.some((line) => line.startsWith("Bind"));
  return [`ProtectHome=${hidesAll ? "yes" : "tmpfs"}`, ...lines];
}

function isWritten(service: Service, { flag, isPath }: ServiceOption): boolean {
  if (!isPath) return false;
  return ["--data", "--tls-dir", "--cache-dir"].includes(flag) ||
    flag === "--music" && valueOf(service, "--read-only") === undefined;
}

/** The token is a copy that only the service can read (systemd.exec(5), "Credentials"). */
function token({ tokenFile, role }: Service): string[] {
  if (tokenFile === null) return [];
  return [`LoadCredential=token:%E/ondacast/${role}.token`];
}

function execStart({ command, options, tokenFile }: Service): string {
  const [program, ...before] = command;
  return [
    // Variables are not replaced in the program's path.
    quoted(program),
    ...before.map(argument),
    ...options.map((option) => argument(wordOf(option))),
    ...(tokenFile === null
      ? []
      : ["--token-file=${CREDENTIALS_DIRECTORY}/token"]),
  ].join(" ");
}

/** An argument that reaches the program as it is (systemd.service(5), "Command lines"). */
function argument(text: string): string {
  return quoted(text.replaceAll("$", "$$$$"));
}

/** A word of a list: unescaped by systemd, which then replaces its specifiers. */
function quoted(text: string): string {
  const escaped = text.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%");
  return /^[\w@,./=$+-]+$/.test(text) ? text : `"${escaped}"`;
}

function sections(table: Record<string, string[]>): string {
  return Object.entries(table)
    .map(([name, lines]) => `[${name}]\n${lines.join("\n")}\n`)
    .join("\n");
}
