// The file of a message: a picture or video in its reserved place, a player for sound, a row for everything else.
import type { Message, MessageFile } from '@magpie/client';
import { Match, Switch, type JSX } from 'solid-js';
import { FileRow } from './file-row';
import { Picture } from './picture';
import { fileKind } from './summary';
import { Video } from './video';
import './attachment.css';

export function Attachment(props: { readonly message: Message; readonly file: MessageFile }): JSX.Element {
  const kind = () => fileKind(props.file);
  return (
    <Switch fallback={<FileRow message={props.message} file={props.file} />}>
      <Match when={kind() === 'image'}>
        <Picture message={props.message} file={props.file} />
      </Match>
      <Match when={kind() === 'video'}>
        <Video message={props.message} file={props.file} />
      </Match>
    </Switch>
  );
}
