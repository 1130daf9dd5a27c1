// Who sees what. The server obeys these, not only this app.
import { ListRow, RightIcon, Segmented, Switch, toast } from '@magpie/ui';
import type { PrivacySettings } from '@magpie/client';
import { Show, type JSX } from 'solid-js';
import { errorText } from '../errors';
import { href } from '../router';
import { useClient, useClientStore } from '../state/client';
import { Card } from './card';
import { t } from './text';

export function PrivacySection(): JSX.Element {
  const client = useClient();
  const settings = useClientStore((known) => known.privacy.settings);
  const features = useClientStore((known) => known.connection.features);
  const blocked = useClientStore((known) => known.contacts.blocked);
  const change = (part: Partial<PrivacySettings>) =>
    client.privacy.set(part).catch((error: unknown) => toast(errorText(error), { kind: 'danger' }));
  return (
    <>
      <Show
        when={settings()}
        fallback={
          <Card>
            <p class="settings-block">{t(features().privacy ? 'waiting' : 'unsupported')}</p>
          </Card>
        }
      >
        {(now) => (
          <>
            <Card note={t('lastSeenText')}>
              <ListRow
                wrap
                title={t('lastSeen')}
                end={
                  <Segmented
                    label={t('lastSeen')}
                    value={now().lastSeen}
                    onChange={(lastSeen) => void change({ lastSeen })}
                    options={[
                      { value: 'contacts', label: t('contactsOnly') },
                      { value: 'nobody', label: t('nobody') },
                    ]}
                  />
                }
              />
            </Card>
            <Card>
              <ListRow
                as="label"
                wrap
                title={t('readReceipts')}
                text={t('readReceiptsText')}
                end={<Switch checked={now().readReceipts} onChange={(readReceipts) => void change({ readReceipts })} />}
              />
              <ListRow
                as="label"
                wrap
                title={t('searchable')}
                text={t('searchableText')}
                end={<Switch checked={now().searchable} onChange={(searchable) => void change({ searchable })} />}
              />
            </Card>
          </>
        )}
      </Show>
      <Show when={features().blocking}>
        <Card>
          <ListRow
            href={href({ tab: 'contacts', jid: null, view: 'blocked' })}
            title={t('blocked')}
            text={t('blockedCount', blocked().length)}
            end={<RightIcon size={16} />}
          />
        </Card>
      </Show>
    </>
  );
}
