// XEP-0198: what was sent and not yet confirmed, what was received, and what is needed to resume.
import type { Element } from '../xml/element';

interface Sent {
  readonly stanza: Element;
  readonly stored: (() => void) | undefined;
}

/** One stream's counters. Lives on over a broken connection; `adopt` tells whether the server has kept its side. */
export class Management {
  private unconfirmed: Sent[] = [];
  /** Stanzas the server has confirmed, modulo 2^32. */
  private confirmed = 0;
  received = 0;

  constructor(
    /** Empty: it cannot be resumed. */
    public id: string,
  ) {}

  static fromEnabled(enabled: Element | undefined): Management | null {
    if (enabled?.name !== 'enabled') return null;
    const resumable = /^(1|true)$/.test(enabled.attr('resume'));
    return new Management(resumable ? enabled.attr('id') : '');
  }

  /** `stored` is called when the server has confirmed it: for our server, when it is on disk. */
  sent(stanza: Element, stored?: () => void): void {
    this.unconfirmed.push({ stanza, stored });
  }

  get waiting(): number {
    return this.unconfirmed.length;
  }

  gotStanza(): void {
    this.received = (this.received + 1) >>> 0;
  }

  /** False when the server confirms what was never sent: the two have lost count, and must begin anew. */
  confirm(h: number): boolean {
    const count = (h - this.confirmed) >>> 0;
    if (!Number.isInteger(h) || count > this.unconfirmed.length) {
      this.id = '';
      return false;
    }
    this.confirmed = h >>> 0;
    for (const { stored } of this.unconfirmed.splice(0, count)) stored?.();
    return true;
  }

  /** What to send again after a resumption. */
  get rest(): readonly Element[] {
    return this.unconfirmed.map((s) => s.stanza);
  }
}
