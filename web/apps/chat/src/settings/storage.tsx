// What this device keeps, and taking everything along.
import { Button, bytes, ListRow, toast } from '@magpie/ui';
import { createResource, createSignal, type JSX } from 'solid-js';
import { errorText } from '../errors';
import { useClient } from '../state/client';
import { Card } from './card';
import { t } from './text';

/** Gives the browser a file to keep. */
function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download reads the address after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function StorageSection(): JSX.Element {
  const client = useClient();
  const [size, { refetch }] = createResource(() => client.cache.size().catch(() => 0));
  const [clearing, setClearing] = createSignal(false);
  const [progress, setProgress] = createSignal<readonly [number, number]>();
  const failed = (error: unknown) => toast(errorText(error), { kind: 'danger' });
  const clear = async () => {
    setClearing(true);
    await client.cache.clear().then(() => toast(t('cacheCleared')), failed);
    setClearing(false);
    await refetch();
  };
  const download = async () => {
    setProgress([0, 0]);
    const name = `${client.connection.account.get()?.jid ?? 'magpie'}-${new Date().toISOString().slice(0, 10)}.json`;
    await client.exportData((done, all) => setProgress([done, all])).then((blob) => save(blob, name), failed);
    setProgress(undefined);
  };
  const exporting = () => {
    const now = progress();
    return now ? t('exporting', now[0], now[1]) : t('exportText');
  };
  return (
    <Card>
      <ListRow
        wrap
        title={
          <>
            {t('cached')} · {bytes(size.latest ?? 0)}
          </>
        }
        text={t('cachedText')}
        end={
          <Button busy={clearing()} onClick={() => void clear()}>
            {t('clearCache')}
          </Button>
        }
      />
      <ListRow
        wrap
        title={t('exportData')}
        text={exporting()}
        end={
          <Button busy={progress() !== undefined} onClick={() => void download()}>
            {t('exportButton')}
          </Button>
        }
      />
    </Card>
  );
}
