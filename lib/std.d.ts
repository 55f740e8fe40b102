// Types of the few @std functions used, while they come from a package that
// carries none. With `jsr:@std/…` in deno.json this file goes.

declare module "@std/bytes/concat" {
  export function concat(
    parts: readonly Uint8Array[],
  ): Uint8Array<ArrayBuffer>;
}

declare module "@std/crypto/timing-safe-equal" {
  export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}

// The programs import each function by itself, as the whole takes 15 ms.
declare module "@std/path/basename" {
  export function basename(path: string, suffix?: string): string;
}

declare module "@std/path/dirname" {
  export function dirname(path: string): string;
}

declare module "@std/path/extname" {
  export function extname(path: string): string;
}

declare module "@std/path/from-file-url" {
  export function fromFileUrl(url: URL | string): string;
}

declare module "@std/path/is-absolute" {
  export function isAbsolute(path: string): boolean;
}

declare module "@std/path/join" {
  export function join(...parts: string[]): string;
}

declare module "@std/path/relative" {
  export function relative(from: string, to: string): string;
}

declare module "@std/path/resolve" {
  export function resolve(...parts: string[]): string;
}

declare module "@std/path" {
  export * from "@std/path/basename";
  export * from "@std/path/dirname";
  export * from "@std/path/extname";
  export * from "@std/path/from-file-url";
  export * from "@std/path/is-absolute";
  export * from "@std/path/join";
  export * from "@std/path/relative";
  export * from "@std/path/resolve";
}

declare module "@std/fmt/bytes" {
  export function format(bytes: number, options?: { binary?: boolean }): string;
}

declare module "@std/text/levenshtein-distance" {
  export function levenshteinDistance(a: string, b: string): number;
}
