/**
 * Inspects other processes by Linux's `/proc`.
 *
 * @module
 */

import { seen } from "./seen.ts";

/** Waits for children of a process that run a program. @returns Their ids. */
export async function childrenOf(
  parent: number,
  program: string,
): Promise<number[]> {
  const children = async () => {
    const found: number[] = [];
    for await (const { name } of Deno.readDir("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const stat = statusOf(Number(name));
      if (stat?.parent === parent && stat.program === program) {
        found.push(Number(name));
      }
    }
    return found;
  };
  return await seen(program, children, ({ length }) => length > 0);
}

/** Whether a process runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  const stat = statusOf(pid);
  return stat !== null && stat.state !== "Z" && stat.state !== "X";
}

function statusOf(
  pid: number,
): { program: string; state: string; parent: number } | null {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
    const [, program, state, parent] = /\((.*)\) (\S) (\d+)/.exec(text) ?? [];
    return { program, state, parent: Number(parent) };
  } catch {
    return null;
  }
}
