// The privacy settings, which the server keeps to (urn:magpie:privacy:0).
import type { Privacy, PrivacySettings } from '../api/contacts';
import { Value } from '../base/store';
import type { Core, Module } from '../state/core';

export class PrivacyBoard implements Module, Pick<Privacy, 'settings'> {
  readonly settings = new Value<PrivacySettings | null>(null);

  constructor(private readonly core: Core) {
    core.shared.watch('settings', (changes) => changes.forEach(([key, value]) => key === 'privacy' && this.settings.set((value as PrivacySettings | undefined) ?? null)));
  }

  async load(): Promise<void> {
    this.settings.set((await this.core.shared.get<PrivacySettings>('settings', 'privacy')) ?? null);
  }

  async fresh(): Promise<void> {
    if (this.core.features.get().privacy) await (await import('../commands/all')).privacy.ask(this.core);
  }

  reset(): void {
    this.settings.set(null);
  }
}
