// What this is, which server it is at, and the operator's links.
import { LinkIcon, ListRow } from '@magpie/ui';
import { For, Show, type JSX } from 'solid-js';
import { Logo } from '../logo';
import { branding } from '../state/branding';
import { useClientStore } from '../state/client';
import { Card } from './card';
import { t } from './text';

const isWeb = (url: string) => /^(https?:\/\/|\/[^/])/i.test(url);

export function About(): JSX.Element {
  const account = useClientStore((client) => client.connection.account);
  const links = () => branding().links.filter((link) => isWeb(link.url));
  return (
    <>
      <Card note={t('openSource')}>
        <ListRow start={<Logo size={44} />} title={<strong>{branding().name}</strong>} text={t('clientName')} />
        <ListRow title={t('server')} end={account()?.domain ?? branding().domain} />
        <Show when={branding().version}>
          <ListRow title={t('version')} end={branding().version} />
        </Show>
      </Card>
      <Show when={links().length}>
        <Card title={t('links')}>
          <For each={links()}>{(link) => <ListRow href={link.url} start={<LinkIcon />} title={link.label} />}</For>
        </Card>
      </Show>
    </>
  );
}
