// Mounting point of a conversation: head, messages and composer in the main pane, and what its third column shows.
import type { JSX } from 'solid-js';
import type { ChatPanel as Panel } from '../router';
import { Conversation } from './pane';
import { InfoPanel } from './info-panel';

/** Made anew for each conversation. */
export function ChatPane(props: { readonly jid: string }): JSX.Element {
  return <Conversation jid={props.jid} />;
}

export function ChatPanel(props: { readonly jid: string; readonly panel: Panel }): JSX.Element {
  return <InfoPanel jid={props.jid} />;
}
