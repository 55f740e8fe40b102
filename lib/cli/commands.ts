/**
 * What the commands of `ondacast` do. Each loads its modules when it runs: to
 * complete a word or to show help, the program needs none of them.
 *
 * @module
 */

// deno-lint-ignore no-explicit-any -- the only type that all functions have
type AnyFunction = (...args: any[]) => unknown;

/** A function of a module that is loaded when it is called. */
function loaded<
  K extends string,
  M extends Record<K, AnyFunction>,
>(load: () => Promise<M>, name: K) {
  return async (
    ...args: Parameters<M[K]>
  ): Promise<Awaited<ReturnType<M[K]>>> =>
    await (await load())[name](...args) as Awaited<ReturnType<M[K]>>;
}

const contexts = () => import("./in_context.ts");
export const inContext = loaded(contexts, "inContext");
export const withServer = loaded(contexts, "withServer");

const library = () => import("./library_commands.ts");
export const albumsCommand = loaded(library, "albumsCommand");
export const artistsCommand = loaded(library, "artistsCommand");
export const playlistsCommand = loaded(library, "playlistsCommand");

const lists = () => import("./list_commands.ts");
export const listCommand = loaded(lists, "listCommand");
export const onlineCommand = loaded(lists, "onlineCommand");

const installs = () => import("./install_command.ts");
export const installCommand = loaded(installs, "installCommand");
export const uninstallCommand = loaded(installs, "uninstallCommand");

const removals = () => import("./remove_commands.ts");
export const removeCommand = loaded(removals, "removeCommand");
export const restoreCommand = loaded(removals, "restoreCommand");
export const renameCommand = loaded(removals, "renameCommand");

const servers = () => import("./server_commands.ts");
export const serversCommand = loaded(servers, "serversCommand");
export const useCommand = loaded(servers, "useCommand");

const groups = () => import("./group_commands.ts");
export const groupCommand = loaded(groups, "groupCommand");
export const groupsCommand = loaded(groups, "groupsCommand");
export const moveCommand = loaded(groups, "moveCommand");
export const ungroupCommand = loaded(groups, "ungroupCommand");

const queues = () => import("./queue_commands.ts");
export const queueAddCommand = loaded(queues, "queueAddCommand");
export const queueClearCommand = loaded(queues, "queueClearCommand");
export const queueCommand = loaded(queues, "queueCommand");
export const queueMoveCommand = loaded(queues, "queueMoveCommand");
export const queueRemoveCommand = loaded(queues, "queueRemoveCommand");

export const cacheCommand = loaded(
  () => import("./cache_commands.ts"),
  "cacheCommand",
);
export const castCommand = loaded(
  () => import("./cast_commands.ts"),
  "castCommand",
);
export const controlCommand = loaded(
  () => import("./control_commands.ts"),
  "controlCommand",
);
export const nodesCommand = loaded(
  () => import("./nodes_command.ts"),
  "nodesCommand",
);
export const menuCommand = loaded(
  () => import("./menu_command.ts"),
  "menuCommand",
);
export const playCommand = loaded(
  () => import("./play_command.ts"),
  "playCommand",
);
export const receiveCommand = loaded(
  () => import("./receive_command.ts"),
  "receiveCommand",
);
export const sendCommand = loaded(
  () => import("./send_command.ts"),
  "sendCommand",
);
export const statusCommand = loaded(
  () => import("./status_command.ts"),
  "statusCommand",
);
export const streamCommand = loaded(
  () => import("./stream_command.ts"),
  "streamCommand",
);
export const trustCommand = loaded(
  () => import("./trust_command.ts"),
  "trustCommand",
);
export const uploadCommand = loaded(
  () => import("./upload_command.ts"),
  "uploadCommand",
);
