// The server's directory of people (0055): only who chose to be found is in it.
import type { Jid } from '../api/base';
import type { Found } from '../api/contacts';
import { bareOf } from '../base/jid';
import type { Kit } from '../modules/all';
import { x, type Element } from '../xml/element';

const SEARCH = 'jabber:iq:search';
const DATA = 'jabber:x:data';

export async function find({ core }: Kit, words: string): Promise<readonly Found[]> {
  const text = words.trim();
  if (!text) return [];
  const field = (name: string, value: string): Element => x('field', { var: name }, x('value', {}, value));
  const form = x('x', { xmlns: DATA, type: 'submit' }, field('FORM_TYPE', SEARCH), field('search', text));
  const query = (await core.set(x('query', { xmlns: SEARCH }, form), core.domain)).child('query', SEARCH);
  const all = query?.child('x', DATA)?.all('item').map(ofForm) ?? query?.all('item').map(ofItem) ?? [];
  return all.filter((f) => f.jid && f.jid !== core.me);
}

const found = (jid: Jid, ...names: string[]): Found => ({ jid: bareOf(jid), name: names.find((n) => n.trim()) ?? bareOf(jid).split('@')[0]! });

function ofForm(item: Element): Found {
  const value = (name: string): string => item.all('field').find((f) => f.attr('var') === name)?.textOf('value') ?? '';
  return found(value('jid'), value('nick'), value('name'));
}

const ofItem = (item: Element): Found => found(item.attr('jid'), item.textOf('nick'), `${item.textOf('first')} ${item.textOf('last')}`);
