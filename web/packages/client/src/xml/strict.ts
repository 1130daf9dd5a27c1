// A strict parser for one complete document, as RFC 7395 frames them. It refuses everything XMPP forbids (RFC 6120
// §11.1: comments, processing instructions, DOCTYPE, other entities than the five) besides what XML itself does.
import type { Child, Element } from './element';

/** Given, not imported, so that this file is a chunk of its own without pulling others along. */
export type Make = new (name: string, ns: string | null, attrs: Record<string, string>, children: readonly Child[]) => Element;

const NAME = /[A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd][A-Za-z0-9_.\-\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd]*/y;
const SPACE = /[ \t\r\n]*/y;
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';
const DEPTH = 64;

type Scope = Readonly<Record<string, string>>;
const ROOT: Scope = Object.freeze({ __proto__: null, xml: XML, '': '' }) as unknown as Scope;

/** A parser; it throws for anything else than one well-formed, namespaced element. */
export const strictParser = (make: Make) => (text: string): Element => {
  if (FORBIDDEN.test(text)) throw new SyntaxError('a character that XML forbids');
  return new Parser(text.replace(/\r\n?/g, '\n'), make).document();
};

class Parser {
  private at = 0;
  constructor(
    private readonly text: string,
    private readonly make: Make,
  ) {}

  document(): Element {
    if (/^<\?xml[ \t\n]/.test(this.text)) this.at = this.find('?>') + 2;
    this.space();
    const root = this.element(ROOT, 0);
    this.space();
    if (this.at < this.text.length) this.fail('something after the end');
    return root;
  }

  private element(outer: Scope, depth: number): Element {
    if (depth > DEPTH) this.fail('too deep');
    this.expect('<');
    const [prefix, name] = this.qname();
    const { scope, attrs } = this.attributes(outer);
    const ns = this.resolve(scope, prefix);
    if (this.take('/>')) return new this.make(name, ns, attrs, []);
    this.expect('>');
    const children = this.content(scope, depth);
    const [closing, closingName] = this.qname();
    if (closing !== prefix || closingName !== name) this.fail(`</${closingName}> closes <${name}>`);
    this.space();
    this.expect('>');
    return new this.make(name, ns, attrs, children);
  }

  /** Up to and with the `</` of the closing tag. */
  private content(scope: Scope, depth: number): Child[] {
    const children: Child[] = [];
    let text = '';
    for (;;) {
      const next = this.find('<');
      const raw = this.text.slice(this.at, next);
      if (raw.includes(']]>')) this.fail(']]> in text');
      text += this.decode(raw);
      this.at = next;
      if (this.take('<![CDATA[')) {
        const end = this.find(']]>');
        text += this.text.slice(this.at, end);
        this.at = end + 3;
        continue;
      }
      if (text) children.push(text);
      text = '';
      if (this.take('</')) return children;
      children.push(this.element(scope, depth + 1));
    }
  }

  private attributes(outer: Scope): { scope: Scope; attrs: Record<string, string> } {
    const found: [prefix: string, name: string, value: string][] = [];
    const bound: Record<string, string> = {};
    while (this.space() && !/[/>]/.test(this.text[this.at] ?? '>')) {
      const [prefix, name] = this.qname();
      this.space();
      this.expect('=');
      this.space();
      const value = this.value();
      const declared = prefix === 'xmlns' ? name : !prefix && name === 'xmlns' ? '' : null;
      if (declared === null) found.push([prefix, name, value]);
      else this.bind(bound, declared, value);
    }
    const scope = Object.keys(bound).length ? Object.assign(Object.create(null) as Scope, outer, bound) : outer;
    return { scope, attrs: this.named(scope, found) };
  }

  private bind(bound: Record<string, string>, prefix: string, ns: string): void {
    const reserved = (prefix === 'xml') !== (ns === XML) || prefix === 'xmlns' || ns === XMLNS;
    if (prefix in bound || reserved || (prefix && !ns)) this.fail('a bad namespace declaration');
    bound[prefix] = ns;
  }

  /** Attributes by name: XMPP knows none of other namespaces, which are checked and dropped; `xml:lang` stays. */
  private named(scope: Scope, found: readonly [string, string, string][]): Record<string, string> {
    const attrs: Record<string, string> = Object.create(null) as Record<string, string>;
    const seen = new Set<string>();
    for (const [prefix, name, value] of found) {
      const key = prefix === 'xml' ? `xml:${name}` : prefix ? `{${this.resolve(scope, prefix)}}${name}` : name;
      if (seen.has(key)) this.fail('an attribute twice');
      seen.add(key);
      if (!key.startsWith('{')) attrs[key] = value;
    }
    return attrs;
  }

  private value(): string {
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") this.fail('an attribute without quotes');
    this.at++;
    const end = this.find(quote!);
    const raw = this.text.slice(this.at, end);
    if (raw.includes('<')) this.fail('< in an attribute');
    this.at = end + 1;
    return this.decode(raw.replace(/[\t\n]/g, ' '));
  }

  private decode(raw: string): string {
    if (!raw.includes('&')) return raw;
    return raw.replace(/&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(\w+));|&/g, (_all, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return (Object.hasOwn(ENTITIES, name) && ENTITIES[name]) || this.fail(`the entity ${name}`);
      const code = hex ? parseInt(hex, 16) : decimal ? parseInt(decimal, 10) : -1;
      const char = code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\0';
      return FORBIDDEN.test(char) ? this.fail('a bad character reference') : char;
    });
  }

  private qname(): [prefix: string, name: string] {
    const first = this.ncname();
    if (!this.take(':')) return ['', first];
    return [first, this.ncname()];
  }

  private ncname(): string {
    NAME.lastIndex = this.at;
    const name = NAME.exec(this.text)?.[0];
    if (!name) this.fail('a name is missing');
    this.at += name.length;
    return name;
  }

  private resolve(scope: Scope, prefix: string): string {
    const ns = scope[prefix];
    return ns ?? this.fail(`the prefix ${prefix} is not bound`);
  }

  /** Skips white space; false: there was none where an attribute would need it. */
  private space(): boolean {
    SPACE.lastIndex = this.at;
    const length = SPACE.exec(this.text)![0].length;
    this.at += length;
    return length > 0;
  }

  private find(what: string): number {
    const at = this.text.indexOf(what, this.at);
    return at < 0 ? this.fail('it is cut off') : at;
  }

  private take(what: string): boolean {
    const there = this.text.startsWith(what, this.at);
    if (there) this.at += what.length;
    return there;
  }

  private expect(what: string): void {
    if (!this.take(what)) this.fail(`${what} is missing`);
  }

  private fail(why: string): never {
    throw new SyntaxError(`not XML at ${this.at}: ${why}`);
  }
}
