// Which addresses may be loaded or opened.

const HERE = /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/;

/** TLS (`https:`, `wss:`), or without it on this very machine; `scheme` is the one without TLS. */
export function safeUrl(text: string, scheme: 'http' | 'ws' = 'http'): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return protocol === `${scheme}s:` || (protocol === `${scheme}:` && HERE.test(hostname));
  } catch {
    return false;
  }
}
