// The strict parser and the writer: what XMPP forbids is refused, what is written reads back as it was.
import { expect, test } from 'vitest';
import { Element, x } from './element';
import { strictParser } from './strict';

const parse = strictParser(Element);

test.each([
  ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'],
  ['a processing instruction', '<a><?php x ?></a>'],
  ['a comment', '<a><!-- x --></a>'],
  ['an unknown entity', '<a>&nbsp;</a>'],
  ['an entity that every object has', '<a>&constructor;</a>'],
  ['a null reference', '<a>&#0;</a>'],
  ['half of a pair', '<a>&#xd800;</a>'],
  ['a reference past Unicode', '<a>&#x110000;</a>'],
  ['a bare ampersand', '<a>x & y</a>'],
  ['a control character', '<a>\u0001</a>'],
  ['U+FFFE', '<a>\ufffe</a>'],
  ['an unbound prefix', '<p:a/>'],
  ['an unbound prefix of an attribute', '<a p:b="1"/>'],
  ['< in an attribute', '<a b="<"/>'],
  [']]> in text', '<a>]]></a>'],
  ['two colons', '<a:b:c xmlns:a="u"/>'],
  ['an empty prefix binding', '<p:a xmlns:p=""/>'],
  ['a name that starts with a digit', '<1a/>'],
  ['no space between attributes', '<a b="1"c="2"/>'],
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['an attribute twice through two prefixes', '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>'],
  ['xml bound to something else', '<a xmlns:xml="u"/>'],
  ['something after the end', '<a/>x'],
  ['two documents', '<a/><b/>'],
  ['a cut', '<a><b>'],
  ['a cut in a tag', '<a b="1'],
  ['a wrong end tag', '<a></b>'],
  ['a wrong prefix of an end tag', '<p:a xmlns:p="u" xmlns:q="u"></q:a>'],
  ['nothing', ''],
  ['text alone', 'x'],
  ['too deep', '<a>'.repeat(70) + '</a>'.repeat(70)],
])('refuses %s', (_what, text) => {
  expect(() => parse(text)).toThrow(SyntaxError);
});

test('reads namespaces, entities, CDATA and white space', () => {
  const root = parse(`<?xml version='1.0'?>\n<a xmlns='u' xmlns:p='v' b='1\n2&#10;' xml:lang='zh'>x&lt;&amp;&#x884c;<p:c p:d='e'/><![CDATA[<y>]]>\r\n<d xmlns=''/></a>\n`);
  expect(root).toMatchObject({ name: 'a', ns: 'u', attrs: { b: '1 2\n', 'xml:lang': 'zh' } });
  expect(root.text).toBe('x<&行<y>\n');
  expect(root.child('c', 'v')?.attrs).toEqual({});
  expect(root.child('d', '')).toBeDefined();
});

test('what is written reads back', () => {
  const body = 'a<b>&"\'\t\n\r 行高 😀 ]]>';
  const written = x('message', { xmlns: 'jabber:client', to: body }, x('body', {}, body), x('x', { xmlns: 'other' }, x('inner')));
  const back = parse(written.toString());
  expect(back.attr('to')).toBe(body);
  expect(back.textOf('body')).toBe(body);
  expect(back.child('x', 'other')?.child('inner')?.ns).toBe('other');
});

test('what XML cannot hold is left out, not sent', () => {
  const written = x('a', {}, 'x\u0000\u0008\ud800y\ufffe').toString();
  expect(parse(written).text).toBe('xy');
});
