// What people are called: one's own remark, else their nickname, else the name in their address.
import type { Jid } from '../api/base';
import { localOf } from '../base/jid';

export class Names {
  private readonly remarks = new Map<Jid, string>();
  private readonly nicknames = new Map<Jid, string>();
  private readonly watchers: ((jid: Jid) => void)[] = [];

  of(jid: Jid): string {
    return this.remarks.get(jid) || this.nicknames.get(jid) || localOf(jid) || jid;
  }

  watch(watcher: (jid: Jid) => void): void {
    this.watchers.push(watcher);
  }

  setRemark(jid: Jid, name: string | null): void {
    this.change(this.remarks, jid, name);
  }

  setNickname(jid: Jid, name: string | null): void {
    this.change(this.nicknames, jid, name);
  }

  reset(): void {
    this.remarks.clear();
    this.nicknames.clear();
  }

  private change(names: Map<Jid, string>, jid: Jid, name: string | null): void {
    const before = this.of(jid);
    if (name) names.set(jid, name);
    else names.delete(jid);
    if (this.of(jid) !== before) for (const watcher of this.watchers) watcher(jid);
  }
}
