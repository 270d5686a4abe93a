import { crc32 } from "node:zlib";

/** A cell of a test workbook; `formula` has the value that Excel stored, or none. */
export type WorkbookCell =
  | number
  | string
  | boolean
  | null
  | Date
  | { readonly formula: string; readonly value?: number | string }
  | { readonly error: string };

const EXCEL_DAY_ZERO = Date.UTC(1899, 11, 30);
const DAY = 86_400_000;

/** The bytes of an Excel workbook (Office Open XML, ECMA-376) with the given sheets: the parts that readers need. */
export function createWorkbook(
  sheets: Readonly<Record<string, readonly (readonly WorkbookCell[])[]>>,
): Uint8Array {
  const names = Object.keys(sheets);
  const sheetFiles = names.map(
    (name, i) => [`xl/worksheets/sheet${i + 1}.xml`, sheetXml(sheets[name]!)] as const,
  );
  return zip(
    new Map([
      [
        "[Content_Types].xml",
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
      ],
      ["xl/workbook.xml", workbookXml(names)],
      ["xl/_rels/workbook.xml.rels", relationsXml(names)],
      ["xl/styles.xml", STYLES],
      ...sheetFiles,
    ]),
  );
}

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/** Style 1 shows dates (number format 14). */
const STYLES = `<?xml version="1.0"?><styleSheet ${MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`;

function workbookXml(names: readonly string[]): string {
  const sheets = names.map(
    (name, i) => `<sheet name="${escape(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
  );
  return `<?xml version="1.0"?><workbook ${MAIN} xmlns:r="${RELATIONS}"><sheets>${sheets.join("")}</sheets></workbook>`;
}

function relationsXml(names: readonly string[]): string {
  const sheets = names.map(
    (_, i) =>
      `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  );
  const styles = `<Relationship Id="rIdS" Type="${RELATIONS}/styles" Target="styles.xml"/>`;
  return `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${sheets.join("")}${styles}</Relationships>`;
}

function sheetXml(rows: readonly (readonly WorkbookCell[])[]): string {
  const body = rows.map((row, i) => {
    const cells = row.map((cell, j) => cellXml(cell, `${String.fromCharCode(65 + j)}${i + 1}`));
    return `<row r="${i + 1}">${cells.join("")}</row>`;
  });
  return `<?xml version="1.0"?><worksheet ${MAIN}><sheetData>${body.join("")}</sheetData></worksheet>`;
}

function cellXml(cell: WorkbookCell, at: string): string {
  if (cell === null) return "";
  if (typeof cell === "number") return `<c r="${at}"><v>${cell}</v></c>`;
  if (typeof cell === "boolean") return `<c r="${at}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (typeof cell === "string")
    return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escape(cell)}</t></is></c>`;
  if (cell instanceof Date) return `<c r="${at}" s="1"><v>${(cell.getTime() - EXCEL_DAY_ZERO) / DAY}</v></c>`;
  if ("error" in cell) return `<c r="${at}" t="e"><f>1/0</f><v>${escape(cell.error)}</v></c>`;
  const value = cell.value === undefined ? "" : `<v>${escape(String(cell.value))}</v>`;
  return `<c r="${at}"${typeof cell.value === "string" ? ' t="str"' : ""}><f>${escape(cell.formula)}</f>${value}</c>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** A ZIP archive of stored (not compressed) files. */
function zip(files: ReadonlyMap<string, string>): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const data = Buffer.from(text);
    const fields = Buffer.alloc(26); // version, flags, method, time, date, CRC, sizes, name length, extra length
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), fields, Buffer.from(name), data]);
    const place = Buffer.alloc(14); // comment, disk, attributes, offset
    place.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000"), fields, place, Buffer.from(name)]),
    );
    parts.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, entries, end]);
}
