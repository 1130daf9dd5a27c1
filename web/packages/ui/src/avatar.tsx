// A person's or room's round picture, or initials on their own colour, with an optional presence dot.
import { createEffect, createSignal, onCleanup, Show, type JSX } from 'solid-js';
import { avatarGround, initials } from './avatar-text';
import { languageOf } from './text';
import { uiText } from './ui-text';
import './avatar.css';

export interface AvatarProps {
  readonly name: string;
  /** What the colour comes from: the address. */
  readonly seed: string;
  readonly picture?: Blob | null | undefined;
  /** Pixels; default 44. */
  readonly size?: 24 | 32 | 36 | 40 | 44 | 64 | 96;
  readonly presence?: 'online' | 'away' | 'busy' | 'offline' | undefined;
}

/** Decorative: the name always stands beside it. Only presence is told to screen readers. */
export function Avatar(props: AvatarProps): JSX.Element {
  const [address, setAddress] = createSignal<string>();
  createEffect(() => {
    const picture = props.picture;
    if (!picture) return;
    const url = URL.createObjectURL(picture);
    setAddress(url);
    onCleanup(() => {
      URL.revokeObjectURL(url);
      setAddress(undefined);
    });
  });
  const presence = () => (props.presence && props.presence !== 'offline' ? props.presence : undefined);
  return (
    <span class="ui-avatar" data-size={props.size ?? 44}>
      <Show
        when={address()}
        fallback={
          <span
            class="ui-avatar-initials"
            aria-hidden="true"
            lang={languageOf(props.name)}
            style={{ 'background-color': avatarGround(props.seed) }}
          >
            {initials(props.name)}
          </span>
        }
      >
        {(url) => <img src={url()} alt="" draggable={false} onError={() => setAddress(undefined)} />}
      </Show>
      <Show when={presence()}>
        {(status) => <span class="ui-avatar-presence" data-status={status()} role="img" aria-label={uiText(status())} />}
      </Show>
    </span>
  );
}
