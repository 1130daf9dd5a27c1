// Desktop notifications and the sound.
import { Banner, ListRow, Switch } from '@magpie/ui';
import { createSignal, Show, type JSX } from 'solid-js';
import { askForNotifications } from '../state/notify';
import { preferences, setPreference } from '../state/preferences';
import { chime } from '../state/sound';
import { Card } from './card';
import { t } from './text';

const denied = () => 'Notification' in globalThis && Notification.permission === 'denied';

export function NotificationsSection(): JSX.Element {
  const [refused, setRefused] = createSignal(denied());
  const on = () => preferences.notifications && !refused();
  const turn = async (wanted: boolean) => {
    const allowed = wanted && (await askForNotifications());
    setPreference('notifications', allowed);
    setRefused(wanted && !allowed);
  };
  const sound = (wanted: boolean) => {
    setPreference('sound', wanted);
    if (wanted) void chime().catch(() => undefined);
  };
  return (
    <>
      <Show when={refused()}>
        <Banner kind="warning">{t('notificationsDenied')}</Banner>
      </Show>
      <Card note={t('mutedHint')}>
        <ListRow
          as="label"
          wrap
          title={t('desktopNotifications')}
          text={t('desktopNotificationsText')}
          end={<Switch checked={on()} onChange={(wanted) => void turn(wanted)} />}
        />
        <ListRow
          as="label"
          wrap
          title={t('notificationText')}
          text={t('notificationTextText')}
          end={
            <Switch
              checked={preferences.notificationText}
              disabled={!on()}
              onChange={(wanted) => setPreference('notificationText', wanted)}
            />
          }
        />
        <ListRow
          as="label"
          wrap
          title={t('sound')}
          text={t('soundText')}
          end={<Switch checked={preferences.sound} onChange={sound} />}
        />
      </Card>
    </>
  );
}
