// What the test's page loads: the SDK as an app has it, and its parsers for comparison.
import { createClient } from '../../src/index';
import { Element } from '../../src/xml/element';
import { parseByDom } from '../../src/xml/parser';
import { strictParser } from '../../src/xml/strict';

const strict = strictParser(Element);
const attempt = (parse: (text: string) => Element) => (text: string): string | null => {
  try {
    return parse(text).toString();
  } catch {
    return null;
  }
};

Object.assign(globalThis, { createClient, byDom: attempt(parseByDom), strictly: attempt(strict) });
