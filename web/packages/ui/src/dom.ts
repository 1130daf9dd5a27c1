// Solid's DOM runtime under Trusted Types. The compiler is told to import from here instead of `solid-js/web` (vite config),
// so the only strings that ever become markup are the templates it compiled itself: the policy never leaves this module, there
// is no default policy, and any other `innerHTML` on the page throws.
import { template as solidTemplate } from 'solid-js/web';

export * from 'solid-js/web';

interface Policy {
  createHTML(html: string): string;
}

interface Factory {
  createPolicy(name: string, rules: Policy): Policy;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy('magpie', { createHTML: (html) => html });

/** Called by compiled components only, with the constant markup of their elements. */
export function template(html: string, ...kind: [boolean?, boolean?, boolean?]): () => Element {
  const make = solidTemplate as (html: string, ...kind: [boolean?, boolean?, boolean?]) => () => Element;
  return make(policy ? policy.createHTML(html) : html, ...kind);
}
