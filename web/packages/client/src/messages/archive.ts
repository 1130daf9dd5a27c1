// XEP-0313 as questions and pages. Results count only for a question that was asked, and only from one's own account.
import type { Jid } from '../api/base';
import { newId } from '../base/bytes';
import * as NS from '../base/ns';
import type { Core, Module } from '../state/core';
import type { Incoming } from '../state/router';
import { x, type Element } from '../xml/element';

export interface ArchiveQuery {
  readonly with?: Jid;
  /** Archive ids; an empty `before` is the end of the archive. */
  readonly before?: string;
  readonly after?: string;
  /** ISO time. */
  readonly start?: string;
  readonly max: number;
}

export interface Archived {
  readonly archiveId: string;
  readonly time: number;
  readonly stanza: Element;
}

export interface ArchivePage {
  readonly results: readonly Archived[];
  /** Nothing is left in the direction that was asked for. */
  readonly complete: boolean;
}

export class Archive implements Module {
  private readonly asked = new Map<string, Archived[]>();
  readonly claims = [{ stanza: 'message', child: [NS.mam, 'result'], from: 'account' }] as const;

  constructor(private readonly core: Core) {}

  async query(query: ArchiveQuery): Promise<ArchivePage> {
    const id = newId();
    const results: Archived[] = [];
    this.asked.set(id, results);
    try {
      const answer = await this.core.set(request(id, query), undefined, { 'item-not-found': 'not-found' });
      const fin = answer.child('fin', NS.mam);
      return { results, complete: fin?.attr('complete') === 'true' || !results.length };
    } finally {
      this.asked.delete(id);
    }
  }

  take({ payload }: Incoming): void {
    const archived = archivedIn(payload);
    if (archived) this.asked.get(payload.attr('queryid'))?.push(archived);
  }
}

/** Also the inbox brings messages in this form. */
export function archivedIn(result: Element): Archived | null {
  const forwarded = result.child('forwarded', NS.forward);
  const stanza = forwarded?.child('message', NS.client);
  const time = Date.parse(forwarded?.child('delay', NS.delay)?.attr('stamp') ?? '');
  return stanza && result.attr('id') && Number.isFinite(time) ? { archiveId: result.attr('id'), time, stanza } : null;
}

function request(queryid: string, { with: peer, start, before, after, max }: ArchiveQuery): Element {
  const field = (name: string, value: string, type?: string): Element => x('field', { var: name, type }, x('value', {}, value));
  return x('query', { xmlns: NS.mam, queryid },
    x('x', { xmlns: NS.data, type: 'submit' }, field('FORM_TYPE', NS.mam, 'hidden'), !!peer && field('with', peer), !!start && field('start', start)),
    x('set', { xmlns: NS.rsm }, x('max', {}, String(max)), before !== undefined && x('before', {}, before), !!after && x('after', {}, after)));
}
