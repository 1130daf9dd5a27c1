// What this client answers when asked what it can do (0030) and what it is (0092).
import { x, type Element } from '../xml/element';

const DISCO = 'http://jabber.org/protocol/disco#info';
const VERSION = 'jabber:iq:version';

/** What others may rely on. */
const OURS = [
  'http://jabber.org/protocol/disco#info', 'urn:xmpp:ping', 'jabber:iq:version', 'urn:xmpp:receipts',
  'urn:xmpp:chat-markers:0', 'http://jabber.org/protocol/chatstates', 'urn:xmpp:message-correct:0', 'urn:xmpp:reactions:0',
  'urn:xmpp:reply:0', 'urn:xmpp:fallback:0', 'urn:xmpp:message-retract:1', 'urn:xmpp:sfs:0',
  'jabber:x:oob', 'urn:xmpp:sid:0', 'urn:xmpp:hints', 'urn:xmpp:forward:0',
  'http://jabber.org/protocol/nick', 'urn:xmpp:eme:0',
];

export function about(query: Element, software: string): Element {
  if (query.ns === VERSION) return x('query', { xmlns: VERSION }, x('name', {}, software));
  const features = OURS.map((feature) => x('feature', { var: feature }));
  return x('query', { xmlns: DISCO, node: query.attr('node') || null }, x('identity', { category: 'client', type: 'web', name: software }), features);
}
