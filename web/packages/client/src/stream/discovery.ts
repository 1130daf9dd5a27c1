// Where a domain's WebSocket is: given, the page's own, or what host-meta says (0156).
import type { ClientOptions } from '../api/client';

export type Given = Pick<ClientOptions, 'domain' | 'websocket' | 'http'>;

export const page = (): URL | null => (typeof location === 'object' && /^https?:$/.test(location.protocol) ? new URL(location.href) : null);

/** The domain of accounts that are typed without one. */
export function defaultDomain({ domain, websocket }: Given): string {
  return domain ?? page()?.hostname ?? (websocket ? new URL(websocket).hostname : '');
}

export async function findWebSocket(options: Given, domain: string): Promise<string> {
  const here = domain === defaultDomain(options);
  if (options.websocket && (here || !options.domain)) return options.websocket;
  const own = page();
  if (here && own) return new URL('/xmpp', own).href.replace(/^http/, 'ws');
  return (await import('../commands/all')).hostMeta(domain);
}
