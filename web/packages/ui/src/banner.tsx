// A line across a pane that says something about all of it: offline, an error with what to do.
import { Show, type JSX } from 'solid-js';
import { AlertIcon, InfoIcon } from './icons';
import './banner.css';

export interface BannerProps {
  readonly kind?: 'info' | 'warning' | 'danger' | 'success';
  readonly children: JSX.Element;
  /** One button. */
  readonly action?: JSX.Element;
  /** Instead of the kind's own icon. */
  readonly icon?: JSX.Element;
}

export function Banner(props: BannerProps): JSX.Element {
  const grave = () => props.kind === 'danger' || props.kind === 'warning';
  return (
    <div class="ui-banner" data-kind={props.kind ?? 'info'} role={props.kind === 'danger' ? 'alert' : 'status'}>
      <Show
        when={props.icon}
        fallback={
          <Show when={grave()} fallback={<InfoIcon size={18} />}>
            <AlertIcon size={18} />
          </Show>
        }
      >
        {props.icon}
      </Show>
      <div class="ui-banner-text">{props.children}</div>
      {props.action}
    </div>
  );
}
