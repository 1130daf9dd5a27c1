// A turning ring for waits of unknown length; under reduced motion it fades instead.
import type { JSX } from 'solid-js';
import { uiText } from './ui-text';
import './spinner.css';

export function Spinner(props: { readonly size?: number; readonly label?: string }): JSX.Element {
  return (
    <span class="ui-spinner" role="status" aria-label={props.label ?? uiText('loading')}>
      <svg width={props.size ?? 24} height={props.size ?? 24} viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9.5" class="ui-spinner-track" />
        <path d="M12 2.5a9.5 9.5 0 0 1 9.5 9.5" />
      </svg>
    </span>
  );
}
