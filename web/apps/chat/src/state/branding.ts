// How the operator named and coloured this server. The last answer is kept, so that a reload starts in the right colours.
import { fetchBranding, type Branding } from '@magpie/client';
import { createSignal } from 'solid-js';

const key = 'magpie.branding';
const unbranded: Branding = {
  name: 'Magpie',
  logo: null,
  accent: null,
  accentDark: null,
  registration: 'closed',
  links: [],
  domain: location.hostname,
  websocket: null,
  version: '',
};

function kept(): Branding | undefined {
  try {
    const parsed = JSON.parse(localStorage.getItem(key) ?? '') as Branding;
    return typeof parsed.name === 'string' && typeof parsed.domain === 'string' && Array.isArray(parsed.links)
      ? { ...unbranded, ...parsed }
      : undefined;
  } catch {
    return undefined;
  }
}

const before = kept();
const [branding, setBranding] = createSignal<Branding>(before ?? unbranded);
export { branding };

/** Whether an earlier visit told: then nothing need wait for the server. */
export const isBrandingKept = before !== undefined;

/** Asks the server. Offline, what was kept stands. */
export async function loadBranding(): Promise<void> {
  try {
    const fresh = await fetchBranding();
    setBranding(fresh);
    localStorage.setItem(key, JSON.stringify(fresh));
  } catch {
    /* the connection tells people about the network; names and colours can wait */
  }
}
