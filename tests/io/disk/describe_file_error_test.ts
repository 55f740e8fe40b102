import assert from "node:assert/strict";
import { describeFileError } from "../../../lib/io/disk/describe_file_error.ts";

const { errors } = Deno;

const PROBLEMS: [error: Error, read: string, write: string][] = [
  [
    new errors.NotFound("No such file or directory (os error 2): open '/x'"),
    "no such file or folder",
    "no such file or folder",
  ],
  [
    new errors.PermissionDenied("Permission denied (os error 13): open '/x'"),
    "no permission to read it",
    "no permission to write to it",
  ],
  [
    new errors.NotCapable('Requires read access to "/x"'),
    "this program was started without permission to read it",
    "this program was started without permission to write it",
  ],
  [
    new errors.IsADirectory("Is a directory (os error 21): readfile '/x'"),
    "it is a folder",
    "it is a folder",
  ],
  [
    new errors.NotADirectory("Not a directory (os error 20): mkdir '/x/y'"),
    "a part of its path is a file, not a folder",
    "a part of its path is a file, not a folder",
  ],
  [
    new Error("No space left on device (os error 28): write '/secret'"),
    "No space left on device",
    "No space left on device",
  ],
  [
    Object.assign(
      new Error("ENOENT: no such file or directory, statfs '/secret'"),
      { code: "ENOENT" },
    ),
    "no such file or folder",
    "no such file or folder",
  ],
  [
    new Error("EIO: i/o error, statfs '/secret'"),
    "i/o error",
    "i/o error",
  ],
];

Deno.test("describeFileError() describes a system error, without the path", () => {
  for (const [error, read, write] of PROBLEMS) {
    assert.equal(describeFileError(error), read);
    assert.equal(describeFileError(error, "write"), write);
  }
});
