// All keys of the app.
import { For, type JSX } from 'solid-js';
import { commandKey } from '../layout/empty-pane';
import { Card } from './card';
import { t } from './text';

const alt = commandKey === '⌘' ? '⌥' : 'Alt';

export function Shortcuts(): JSX.Element {
  const groups = () => [
    {
      title: t('keysEverywhere'),
      keys: [
        [t('keyFind'), commandKey, 'K'],
        [t('keyNextChat'), alt, '↑', '↓'],
        [t('keyClose'), 'Esc'],
        [t('keyHelp'), '?'],
      ],
    },
    {
      title: t('keysChat'),
      keys: [
        [t('keySend'), 'Enter'],
        [t('keyNewLine'), 'Shift', 'Enter'],
        [t('keyEditLast'), '↑'],
        [t('keyReplyTo'), commandKey, '↑'],
        [t('keySearchChat'), commandKey, 'F'],
        [t('keyMenu'), 'Shift', 'F10'],
      ],
    },
  ];
  return (
    <For each={groups()}>
      {(group) => (
        <Card title={group.title}>
          <For each={group.keys}>
            {([what, ...keys]) => (
              <dl class="settings-keys">
                <dt>{what}</dt>
                <dd>
                  <For each={keys}>{(key) => <kbd>{key}</kbd>}</For>
                </dd>
              </dl>
            )}
          </For>
        </Card>
      )}
    </For>
  );
}
