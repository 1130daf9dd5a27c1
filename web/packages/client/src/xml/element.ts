// One XML element as XMPP uses it: name, namespace, attributes, children. Built with `x`, written with `toString`.

export type Child = Element | string;
export type Attributes = Readonly<Record<string, string>>;

/** `ns` is null in an element that was built to take its parent's namespace when written; empty: it has none. */
export class Element {
  constructor(
    readonly name: string,
    readonly ns: string | null,
    readonly attrs: Attributes,
    readonly children: readonly Child[],
  ) {}

  /** An attribute, or empty. */
  attr(name: string): string {
    return this.attrs[name] ?? '';
  }

  /** All text directly inside. */
  get text(): string {
    return this.children.filter((c) => typeof c === 'string').join('');
  }

  get elements(): readonly Element[] {
    return this.children.filter((c) => typeof c !== 'string');
  }

  /** The first child of that name and namespace (default: the element's own). */
  child(name: string, ns = this.ns): Element | undefined {
    return this.elements.find((c) => c.name === name && (c.ns ?? this.ns) === ns);
  }

  all(name: string, ns = this.ns): readonly Element[] {
    return this.elements.filter((c) => c.name === name && (c.ns ?? this.ns) === ns);
  }

  /** Text of a child; empty when there is none. */
  textOf(name: string, ns = this.ns): string {
    return this.child(name, ns)?.text ?? '';
  }

  with(attrs: Attributes, children: readonly Child[] = this.children): Element {
    return new Element(this.name, this.ns, { ...this.attrs, ...attrs }, children);
  }

  toString(inherited = ''): string {
    const ns = this.ns ?? inherited;
    let out = `<${this.name}`;
    if (ns !== inherited) out += ` xmlns="${escape(ns)}"`;
    for (const name in this.attrs) out += ` ${name}="${escape(this.attrs[name]!)}"`;
    if (!this.children.length) return `${out}/>`;
    out += '>';
    for (const child of this.children) out += typeof child === 'string' ? escape(child) : child.toString(ns);
    return `${out}</${this.name}>`;
  }
}

type Loose = Child | false | null | undefined;

/** `x('body', {}, 'text')`; the attribute `xmlns` sets the namespace, attributes without a value are left out. */
export function x(
  name: string,
  attrs: Readonly<Record<string, string | number | false | null | undefined>> = {},
  ...children: readonly (Loose | readonly Loose[])[]
): Element {
  const kept: Record<string, string> = {};
  for (const key in attrs) {
    const value = attrs[key];
    if (key !== 'xmlns' && value !== undefined && value !== null && value !== false) kept[key] = String(value);
  }
  const inside = children.flat().filter((c): c is Child => c !== undefined && c !== null && c !== false && c !== '');
  return new Element(name, attrs['xmlns'] ? String(attrs['xmlns']) : null, kept, inside);
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;',
};

/** Escapes what has a meaning in XML and drops what XML cannot hold at all: control characters and halves of pairs. */
function escape(text: string): string {
  return text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
    .replace(/[&<>"'\t\n\r]/g, (c) => ESCAPES[c]!);
}
