import { CellwrightError } from "../errors.js";

/** An element of the plain XML that recipes use: no namespaces, no mixed content. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** An element with children, or with text. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  content: readonly XmlElement[] | string = [],
): XmlElement {
  return typeof content === "string"
    ? { name, attributes, children: [], text: content }
    : { name, attributes, children: content, text: "" };
}

export const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Two hyphens would end a comment. */
export const commentText = (text: string): string => text.replaceAll(/-(?=-)/gu, "- ");

/** An element and what is in it, two blanks a level. */
export function printXml({ name, attributes, children, text }: XmlElement, indent = ""): string {
  const opening = `${indent}<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join("")}`;
  if (children.length > 0) {
    const inner = children.map((child) => printXml(child, `${indent}  `)).join("");
    return `${opening}>\n${inner}${indent}</${name}>\n`;
  }
  return text === "" ? `${opening}/>\n` : `${opening}>${escapeXml(text)}</${name}>\n`;
}

const TOKEN = /<!--[\s\S]*?-->|<[?!][^>]*>|<\/?[^>]+>|[^<]+/gu;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*"([^"]*)"/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
};
const decode = (text: string): string =>
  text.replaceAll(/&(?:amp|lt|gt|quot|apos);/gu, (entity) => ENTITIES[entity]!);

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads the XML that recipes are written in; declarations and comments are passed over, text is trimmed.
 *
 * @throws CellwrightError DATA_INVALID where elements are not closed in order.
 */
export function parseXml(source: string): XmlElement {
  const root: Open = { name: "", attributes: {}, children: [], text: "" };
  const stack: Open[] = [root];
  for (const [token] of source.matchAll(TOKEN)) {
    const top = stack[stack.length - 1]!;
    if (token.startsWith("<!") || token.startsWith("<?")) continue;
    if (!token.startsWith("<")) {
      top.text += decode(token);
    } else if (token.startsWith("</")) {
      if (stack.length === 1 || token.slice(2, -1).trim() !== top.name) throw broken(token);
      stack.pop();
      stack[stack.length - 1]!.children.push({ ...top, text: top.text.trim() });
    } else {
      const name = /^<([\w:.-]+)/u.exec(token)?.[1];
      if (name === undefined) throw broken(token);
      const attributes = Object.fromEntries(
        [...token.matchAll(ATTRIBUTE)].map(([, key, value]) => [key!, decode(value!)]),
      );
      const opened: Open = { name, attributes, children: [], text: "" };
      if (token.endsWith("/>")) top.children.push(opened);
      else stack.push(opened);
    }
  }
  const first = root.children[0];
  if (stack.length !== 1 || first === undefined) throw broken("the end of the file");
  return first;
}

const broken = (token: string): CellwrightError =>
  new CellwrightError("DATA_INVALID", `This is no XML: ${token.slice(0, 60)} is out of place.`);

/** The child of a name, or undefined. */
export const child = (parent: XmlElement | undefined, name: string): XmlElement | undefined =>
  parent?.children.find((one) => one.name === name);

/** The element at the end of a path of names, or undefined. */
export const descend = (from: XmlElement, ...names: readonly string[]): XmlElement | undefined =>
  names.reduce<XmlElement | undefined>((at, name) => child(at, name), from);
