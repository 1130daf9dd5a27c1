// Language, theme, accent, density of the chat list.
import { accents, CheckIcon, DownIcon, ListRow, Segmented, type AccentName, type Locale } from '@magpie/ui';
import { createUniqueId, For, type JSX } from 'solid-js';
import { branding } from '../state/branding';
import { preferences, setPreference } from '../state/preferences';
import { Card } from './card';
import { t } from './text';

function Accent(props: { readonly name: AccentName | null; readonly group: string }): JSX.Element {
  const colour = () => (props.name ? accents[props.name] : (branding().accent ?? accents.magpie));
  return (
    <label class="settings-accent">
      <input
        type="radio"
        class="ui-visually-hidden"
        name={props.group}
        checked={preferences.accent === props.name}
        aria-label={props.name ?? t('accentDefault')}
        onChange={() => setPreference('accent', props.name)}
      />
      <span style={{ 'background-color': colour() }}>
        <CheckIcon size={18} />
      </span>
    </label>
  );
}

function LanguageSelect(): JSX.Element {
  const choose = (value: string) =>
    setPreference('locale', value === 'zh-CN' || value === 'en' ? (value satisfies Locale) : null);
  return (
    <span class="settings-select">
      <select
        aria-label={t('language')}
        value={preferences.locale ?? 'system'}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="system">{t('languageSystem')}</option>
        <option value="zh-CN" lang="zh-CN">
          简体中文
        </option>
        <option value="en" lang="en">
          English
        </option>
      </select>
      <DownIcon size={16} />
    </span>
  );
}

export function Appearance(): JSX.Element {
  const group = createUniqueId();
  // Without an operator's colour the first accent is the default one already.
  const choices = (): readonly (AccentName | null)[] => {
    const names = Object.keys(accents) as AccentName[];
    return branding().accent ? [null, ...names] : [null, ...names.slice(1)];
  };
  return (
    <>
      <Card>
        <ListRow title={t('language')} end={<LanguageSelect />} />
      </Card>
      <Card>
        <ListRow
          title={t('theme')}
          end={
            <Segmented
              label={t('theme')}
              value={preferences.theme}
              onChange={(value) => setPreference('theme', value)}
              options={[
                { value: 'light', label: t('light') },
                { value: 'dark', label: t('dark') },
                { value: 'system', label: t('system') },
              ]}
            />
          }
        />
        <fieldset class="settings-block" aria-label={t('accent')}>
          <span aria-hidden="true">{t('accent')}</span>
          <div class="settings-accents">
            <For each={choices()}>{(name) => <Accent name={name} group={group} />}</For>
          </div>
        </fieldset>
        <ListRow
          title={t('density')}
          end={
            <Segmented
              label={t('density')}
              value={preferences.density}
              onChange={(value) => setPreference('density', value)}
              options={[
                { value: 'normal', label: t('densityNormal') },
                { value: 'compact', label: t('densityCompact') },
              ]}
            />
          }
        />
      </Card>
    </>
  );
}
