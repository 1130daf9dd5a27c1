// Around the first-run screens: the operator's logo and name, one card, language, the operator's links.
import { locale, locales } from '@magpie/ui';
import { For, type JSX } from 'solid-js';
import { Logo } from '../logo';
import { branding } from '../state/branding';
import { setPreference } from '../state/preferences';
import { t } from './text';
import './start.css';

/** Only web addresses become links, whatever the configuration says. */
const isWeb = (url: string) => /^(https?:\/\/|\/[^/])/i.test(url);
const names = { 'zh-CN': '简体中文', en: 'English' } as const;

export function Frame(props: { readonly children: JSX.Element }): JSX.Element {
  return (
    <div class="start">
      <main class="start-column">
        <div class="start-brand">
          <Logo size={56} />
          <p>{branding().name}</p>
        </div>
        <div class="start-card">{props.children}</div>
      </main>
      <footer class="start-foot">
        <div class="start-languages" role="group" aria-label={t('language')}>
          <For each={locales}>
            {(each) => (
              <button type="button" lang={each} aria-pressed={locale() === each} onClick={() => setPreference('locale', each)}>
                {names[each]}
              </button>
            )}
          </For>
        </div>
        <For each={branding().links.filter((link) => isWeb(link.url))}>
          {(link) => (
            <a href={link.url} target="_blank" rel="noreferrer">
              {link.label}
            </a>
          )}
        </For>
      </footer>
    </div>
  );
}
