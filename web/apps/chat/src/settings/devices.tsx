// Where the account is logged in; each other device can be signed out.
import type { Device } from '@magpie/client';
import { ago, Banner, Button, DeviceIcon, ListRow, PhoneIcon, Spinner, toast } from '@magpie/ui';
import { Confirm } from '@magpie/ui/dialog';
import { createResource, createSignal, For, Show, type JSX } from 'solid-js';
import { codeOf, errorText } from '../errors';
import { useClient } from '../state/client';
import { Card } from './card';
import { t } from './text';

function DeviceRow(props: { readonly device: Device; readonly end?: JSX.Element }): JSX.Element {
  const mobile = () => /Android|iPhone|iPad|HarmonyOS/.test(props.device.name);
  const when = () => (props.device.online || props.device.current ? undefined : props.device.lastSeen);
  return (
    <ListRow
      wrap
      title={props.device.name || props.device.software}
      start={
        <Show when={mobile()} fallback={<DeviceIcon />}>
          <PhoneIcon />
        </Show>
      }
      text={
        <>
          {props.device.software}
          {props.device.software ? ' · ' : ''}
          <Show
            when={when()}
            fallback={
              <>
                <i class="settings-dot" />
                {t('onlineNow')}
              </>
            }
          >
            {(time) => t('lastActive', ago(time()))}
          </Show>
        </>
      }
      end={props.end}
    />
  );
}

export function DevicesSection(): JSX.Element {
  const client = useClient();
  const [devices, { refetch }] = createResource(() =>
    client.devices.list().then(
      (list) => ({ list }),
      (error: unknown) => ({ error }),
    ),
  );
  const [leaving, setLeaving] = createSignal<Device>();
  const list = () => {
    const seen = devices();
    return seen && 'list' in seen ? seen.list : undefined;
  };
  const failure = () => {
    const seen = devices();
    return seen && 'error' in seen ? seen.error : undefined;
  };
  const others = () => list()?.filter((device) => !device.current) ?? [];
  const revoke = async () => {
    const device = leaving();
    if (!device) return;
    await client.devices.revoke(device.id).then(
      () => toast(t('revoked')),
      (error: unknown) => toast(errorText(error), { kind: 'danger' }),
    );
    await refetch();
  };
  return (
    <Show
      when={list()}
      fallback={
        <Show
          when={failure()}
          fallback={
            <div class="settings-wait">
              <Spinner />
            </div>
          }
        >
          {(error) => <Banner kind={codeOf(error()) === 'unsupported' ? 'info' : 'danger'}>{errorText(error())}</Banner>}
        </Show>
      }
    >
      <Card title={t('thisDevice')}>
        <For each={list()?.filter((device) => device.current)}>{(device) => <DeviceRow device={device} />}</For>
      </Card>
      <Card title={t('otherDevices')}>
        <For each={others()} fallback={<p class="settings-block">{t('noOtherDevices')}</p>}>
          {(device) => (
            <DeviceRow device={device} end={<Button onClick={() => setLeaving(device)}>{t('signOutDevice')}</Button>} />
          )}
        </For>
      </Card>
      <Confirm
        open={leaving() !== undefined}
        onClose={() => setLeaving(undefined)}
        title={t('signOutDeviceTitle')}
        danger
        action={t('signOutDevice')}
        text={t('signOutDeviceText', leaving()?.name ?? '')}
        onConfirm={revoke}
      />
    </Show>
  );
}
