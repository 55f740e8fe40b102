/**
 * Changes of the crates that a module is built from: the build applies them to a copy
 * of their source.
 *
 * @module
 */

/** A source file, of which a piece that occurs once or all is replaced. */
export type Patch =
  & {
    /** The name and version of the crate. */
    readonly crate: string;
    readonly file: string;
  }
  & (
    | { readonly from: string; readonly to: string }
    /** A file of the crate that is built. */
    | { readonly by: string }
  );
