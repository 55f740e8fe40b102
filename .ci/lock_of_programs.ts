/**
 * The part of the lock file that belongs to the programs: `deno compile` embeds
 * all that its lock file names, and tests have packages of their own.
 *
 * @module
 */

/** What is used of a lock file, version 5. */
export interface LockFile {
  specifiers: Record<string, string>;
  npm: Record<string, LockedPackage>;
  workspace: { dependencies: string[] };
}

interface LockedPackage {
  integrity: string;
  /** Names, with the version where the lock file has several. */
  dependencies?: string[];
}

/**
 * The same lock file with no more than what the imports of `deno.json` lead to.
 *
 * @throws {Error} If a package is missing, so that nothing goes unchecked.
 */
export function lockOfPrograms(lock: LockFile): LockFile {
  const wanted = lock.workspace.dependencies;
  const specifiers = Object.fromEntries(
    wanted.map((specifier) => [specifier, versionOf(lock, specifier)]),
  );
  const npm: LockFile["npm"] = {};
  const open = Object.entries(specifiers).map(([specifier, version]) =>
    `${nameOf(specifier.slice("npm:".length))}@${version}`
  );
  while (open.length > 0) {
    const id = idOf(lock, open.pop()!);
    if (Object.hasOwn(npm, id)) continue;
    npm[id] = lock.npm[id];
    open.push(...npm[id].dependencies ?? []);
  }
  return { ...lock, specifiers, npm };
}

function versionOf(lock: LockFile, specifier: string): string {
  const version = lock.specifiers[specifier];
  if (version !== undefined) return version;
  throw new Error(`Cannot find ${specifier} in the lock file`);
}

/** The key of a package, by its whole id, or by its name where that is the only one. */
function idOf(lock: LockFile, dependency: string): string {
  if (Object.hasOwn(lock.npm, dependency)) return dependency;
  const ids = Object.keys(lock.npm).filter((id) =>
    id.startsWith(`${dependency}@`) || id.startsWith(`${dependency}_`)
  );
  if (ids.length === 1) return ids[0];
  throw new Error(
    `Cannot find ${dependency} in the lock file: expected one, found ${ids.length}`,
  );
}

/** `@scope/name` of `@scope/name@1.2.3`. */
function nameOf(specifier: string): string {
  return specifier.slice(0, specifier.lastIndexOf("@"));
}
