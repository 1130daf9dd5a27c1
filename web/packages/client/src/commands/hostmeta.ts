// What host-meta says about a domain's WebSocket (0156).
import { ClientError } from '../api/base';

export async function hostMeta(domain: string): Promise<string> {
  const response = await fetch(`https://${domain}/.well-known/host-meta.json`).catch(() => null);
  const meta = response?.ok ? ((await response.json().catch(() => null)) as { links?: { rel?: string; href?: string }[] } | null) : null;
  const link = meta?.links?.find((l) => l.rel === 'urn:xmpp:alt-connections:websocket')?.href;
  if (!link?.startsWith('wss:')) throw new ClientError('unreachable', `${domain} names no WebSocket`);
  return link;
}
