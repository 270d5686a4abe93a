import { CellwrightError } from "../errors.js";

/** The operating system's error code, or undefined where the error is not the system's (a fault of the program). */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^E[A-Z0-9]+$/u.test(code) ? code : undefined;
}

const READ_REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: "There is no such file: correct the path.",
  ENOTDIR: "A part of the path is a file, not a folder: correct the path.",
  EISDIR: "It is a folder: name a file in it.",
  EACCES: "You may not read it: ask for permission.",
  EPERM: "You may not read it: ask for permission.",
  ENAMETOOLONG: "The name is too long: correct the path.",
};

const WRITE_REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space and try again.",
  EDQUOT: "Your disk quota is used up: free some space and try again.",
  EFBIG: "The file would be larger than allowed here: write it elsewhere.",
  EACCES: "You may not write there: choose another place or ask for permission.",
  EPERM: "You may not write there: choose another place or ask for permission.",
  EROFS: "The disk is read-only: choose another place.",
  ENOENT: "The folder does not exist: make it first, or correct the path.",
  ENOTDIR: "A part of the path is a file, not a folder: correct the path.",
  EISDIR: "It is a folder: name a file.",
  ENAMETOOLONG: "The name is too long: choose a shorter one.",
};

const FOLDER_REMEDIES: Readonly<Record<string, string>> = {
  ...WRITE_REMEDIES,
  EEXIST: "A file of that name is in the way: choose another name.",
  ENOENT: "A folder above it is missing or read-only: choose another place.",
};

/** FILE_UNREADABLE in words, the system's code in `details`; errors that are not the system's are passed on. */
export function unreadableFile(path: string, cause: unknown): unknown {
  return fileError(
    "FILE_UNREADABLE",
    path,
    "cannot be read",
    cause,
    READ_REMEDIES,
    "Check the disk it is on.",
  );
}

/** FILE_UNWRITABLE in words, the system's code in `details`; errors that are not the system's are passed on. */
export function unwritableFile(path: string, cause: unknown): unknown {
  return fileError(
    "FILE_UNWRITABLE",
    path,
    "cannot be written",
    cause,
    WRITE_REMEDIES,
    "Choose another place.",
  );
}

/** As `unwritableFile`, for a folder that cannot be made. */
export function unmakeableFolder(path: string, cause: unknown): unknown {
  const failed = "cannot be made";
  return fileError(
    "FILE_UNWRITABLE",
    `The folder ${path}`,
    failed,
    cause,
    FOLDER_REMEDIES,
    "Choose another place.",
  );
}

function fileError(
  errorCode: "FILE_UNREADABLE" | "FILE_UNWRITABLE",
  path: string,
  failed: string,
  cause: unknown,
  remedies: Readonly<Record<string, string>>,
  otherwise: string,
): unknown {
  const code = systemCode(cause);
  if (cause instanceof CellwrightError || code === undefined) return cause;
  const known = Object.hasOwn(remedies, code);
  const remedy = known ? remedies[code]! : otherwise;
  const untouched = errorCode === "FILE_UNWRITABLE" ? " Nothing was changed." : "";
  const message = `${path} ${failed}${known ? "" : ` (${code})`}. ${remedy}${untouched}`;
  return new CellwrightError(errorCode, message, { details: { path, code }, cause });
}
