// One document in, one element out: by the browser's own parser in a window, by a small strict one in workers and Node.
import { Element, type Child } from './element';

let strict: ((text: string) => Element) | null = null;

/** Before the first document, where there is no `DOMParser`. */
export async function prepareParser(): Promise<void> {
  if (typeof DOMParser === 'undefined') strict = (await import('./strict')).strictParser(Element);
}

/** The document's element; throws for anything else than one well-formed, namespaced element. */
export const parseXml = (text: string): Element => (strict ?? parseByDom)(text);

interface Policy {
  createHTML(text: string): string;
}
let policy: Policy | undefined;

/** An XML document runs nothing; still, pages that enforce Trusted Types want the parser's input to come by a policy. */
function trusted(text: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } };
  policy ??= trustedTypes?.createPolicy('magpie-xml', { createHTML: (given) => given });
  return policy?.createHTML(text) ?? text;
}

export function parseByDom(text: string): Element {
  // Browsers tell of an error by an element of this name: with it in the text, a sender could feign one.
  const document = new DOMParser().parseFromString(trusted(text), 'text/xml');
  const failed = !text.includes('parsererror') && document.getElementsByTagName('parsererror').length > 0;
  if (failed || document.doctype || !document.documentElement) throw new SyntaxError('not XML');
  return convert(document.documentElement);
}

function convert(node: globalThis.Element): Element {
  const attrs: Record<string, string> = {};
  // XMPP knows no attributes of other namespaces; `xml:lang` stays.
  for (const { name, value } of node.attributes) if (!/:|^xmlns$/.test(name) || name.startsWith('xml:')) attrs[name] = value;
  const children: Child[] = [];
  for (const child of node.childNodes) {
    if (child.nodeType === 1) children.push(convert(child as globalThis.Element));
    else if (child.nodeType === 3 || child.nodeType === 4) children.push(child.nodeValue ?? '');
  }
  return new Element(node.localName, node.namespaceURI ?? '', attrs, children);
}
