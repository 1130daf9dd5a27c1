// `GET /api/branding`: how the operator wants this server to look.
import { ClientError } from '../api/base';
import type { Branding } from '../api/client';

/** `base`: where the server is; default the page's own origin. */
export async function fetchBranding(base = ''): Promise<Branding> {
  const response = await fetch(`${base}/api/branding`).catch(() => null);
  if (!response?.ok) throw new ClientError(response ? 'server-error' : 'unreachable');
  const { links = [], ...given } = (await response.json()) as Branding;
  // What becomes a link must be one.
  return { ...given, links: links.filter((l) => /^(https?|mailto):/.test(l.url)) };
}
