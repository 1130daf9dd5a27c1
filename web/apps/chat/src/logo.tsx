// The sign of this server: the operator's logo, else ours, a magpie on its bridge.
import type { JSX } from 'solid-js';
import { branding } from './state/branding';

export function Logo(props: { readonly size: number }): JSX.Element {
  return <img class="logo" src={branding().logo ?? '/icons/icon.svg'} alt="" height={props.size} />;
}
