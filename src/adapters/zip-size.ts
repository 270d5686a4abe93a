const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_BYTES = 22;
/** A comment behind the end of the directory has at most this many bytes. */
const MAX_COMMENT = 0xffff;
const ENTRY_BYTES = 46;
/** Stands for a size beyond 32 bits. */
const ZIP64 = 0xffffffff;

/**
 * How many bytes an archive unpacks to by its own directory: a few megabytes may hold gigabytes of zeros.
 *
 * @returns Infinity for an archive beyond 4 GB; null where there is no directory, which its reader will say better.
 * @see PKWARE, .ZIP File Format Specification 6.3.10, sections 4.3.12 and 4.3.16
 */
export function unpackedSize(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === null) return null;
  let at = view.getUint32(end + 16, true);
  let total = 0;
  for (let entries = view.getUint16(end + 10, true); entries > 0; entries--) {
    if (at + ENTRY_BYTES > view.byteLength || view.getUint32(at, true) !== DIRECTORY_ENTRY) return null;
    const size = view.getUint32(at + 24, true);
    if (size === ZIP64) return Number.POSITIVE_INFINITY;
    total += size;
    at +=
      ENTRY_BYTES +
      view.getUint16(at + 28, true) +
      view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true);
  }
  return total;
}

function findEnd(view: DataView): number | null {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  return null;
}
