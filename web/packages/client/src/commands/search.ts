// Search in one conversation: kept messages first, then the archive page by page, which also keeps them.
import { ClientError, type Jid } from '../api/base';
import type { Message, SearchPage } from '../api/messages';
import type { Cache } from '../messages/cache';

const CHUNK = 200;
const HITS = 30;

/** Any part of a word, in any case, full-width forms as their common ones: right for Chinese, which has no word breaks. */
export function search(cache: Cache, older: (jid: Jid) => Promise<boolean>, jid: Jid, words: string, signal?: AbortSignal): Promise<SearchPage> {
  const wanted = fold(words).split(/\s+/).filter(Boolean);
  if (!wanted.length) return Promise.resolve({ hits: [], more: null });
  const matches = (m: Message): boolean => {
    const text = fold([m.body, ...m.files.map((f) => f.name)].join('\n'));
    return wanted.every((word) => text.includes(word));
  };
  const from = async (below: number): Promise<SearchPage> => {
    const hits: Message[] = [];
    let to = below;
    while (hits.length < HITS) {
      if (signal?.aborted) throw new ClientError('cancelled');
      const { floor } = await cache.sync(jid);
      const chunk = await cache.range(jid, floor, to, CHUNK);
      hits.push(...chunk.filter(matches).reverse());
      to = chunk[0]?.order ?? to;
      if (!chunk.length && !(await older(jid))) return { hits, more: null };
    }
    return { hits, more: () => from(to) };
  };
  return from(Number.MAX_SAFE_INTEGER);
}

const fold = (text: string): string => text.normalize('NFKC').toLocaleLowerCase();
