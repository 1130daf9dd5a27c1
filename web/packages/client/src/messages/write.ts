// Messages as stanzas. The only place that writes their XML.
import type { Jid } from '../api/base';
import * as NS from '../base/ns';
import { x, type Element } from '../xml/element';

export interface Outgoing {
  readonly id: string;
  readonly to: Jid;
  readonly body: string;
  readonly url?: string;
  /** What describes a file, and stands in the body at the end as `url`. */
  readonly more?: (start: number, end: number) => readonly Element[];
  readonly reply?: { readonly reference: string; readonly author: Jid; readonly quote: string } | null;
  readonly forwardedFrom?: string | null;
}

const length = (text: string): number => [...text].length;

export function base(to: Jid, id: string, ...payload: (Element | null | false)[]): Element {
  return x('message', { xmlns: NS.client, type: 'chat', to, id }, payload, x('origin-id', { xmlns: NS.sid, id }));
}

export const store = x('store', { xmlns: NS.hints });

export function message(out: Outgoing): Element {
  const quoted = out.reply ? `${out.reply.quote.split('\n').map((line) => `> ${line}`).join('\n')}\n` : '';
  const text = quoted + out.body;
  const before = out.url && text && !text.endsWith('\n') ? `${text}\n` : text;
  const body = before + (out.url ?? '');
  return base(out.to, out.id,
    x('body', {}, body),
    !!out.reply && x('reply', { xmlns: NS.reply, to: out.reply.author, id: out.reply.reference }),
    !!out.reply && fallback(NS.reply, 0, length(quoted)),
    out.forwardedFrom != null && x('forwarded-from', { xmlns: 'urn:magpie:forward:0', name: out.forwardedFrom }),
    ...(out.more?.(length(before), length(body)) ?? []),
    x('request', { xmlns: NS.receipts }),
    x('markable', { xmlns: NS.markers }));
}

export const fallback = (feature: string, start: number, end: number): Element =>
  x('fallback', { xmlns: NS.fallback, for: feature }, x('body', { start, end }));

export const receipt = (to: Jid, target: string): Element =>
  x('message', { xmlns: NS.client, type: 'chat', to }, x('received', { xmlns: NS.receipts, id: target }), store);

export const chatState = (to: Jid, state: 'composing' | 'paused' | 'active'): Element =>
  x('message', { xmlns: NS.client, type: 'chat', to }, x(state, { xmlns: NS.chatStates }), x('no-store', { xmlns: NS.hints }));
