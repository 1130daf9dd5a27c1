// The SDK's client in Solid's context, and the few of its stores that many screens read.
import type { Client } from '@magpie/client';
import { createContext, useContext, type Accessor, type JSX } from 'solid-js';
import { fromStore } from './signal';

const ClientContext = createContext<Client>();

export function ClientProvider(props: { readonly client: Client; readonly children: JSX.Element }): JSX.Element {
  return <ClientContext.Provider value={props.client}>{props.children}</ClientContext.Provider>;
}

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error('used outside ClientProvider');
  return client;
}

/** A store of the client as a signal: `useClientStore((client) => client.connection.state)`. */
export function useClientStore<T>(
  pick: (client: Client) => { get(): T; subscribe(listener: (value: T) => void): () => void },
): Accessor<T> {
  return fromStore(pick(useClient()));
}
