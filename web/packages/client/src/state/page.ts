// What a page tells about its surroundings: network, visibility, being left.
import type { Unsubscribe } from '../api/base';
import type { Link } from './link';

/** Milliseconds a page may be hidden before the server is told that nobody looks. */
const HIDDEN = 10_000;

export function followPage(link: Link): Unsubscribe {
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const watched: [EventTarget, string, (event: Event) => void][] = [
    [window, 'online', () => link.check()],
    [window, 'offline', () => link.networkGone()],
    [window, 'pageshow', () => link.check()],
    [window, 'pagehide', (event) => (event as PageTransitionEvent).persisted || link.session?.close()],
    [document, 'resume', () => link.check()],
    [document, 'visibilitychange', () => {
      clearTimeout(hiding);
      if (document.hidden) hiding = setTimeout(() => link.setActive(false), HIDDEN);
      else {
        link.setActive(true);
        link.check();
      }
    }],
  ];
  const left = new AbortController();
  for (const [target, event, listener] of watched) target.addEventListener(event, listener, { signal: left.signal });
  return () => {
    clearTimeout(hiding);
    left.abort();
  };
}
