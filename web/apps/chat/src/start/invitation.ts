// Asks the server what an invitation is worth.
import type { InvitationInfo } from '@magpie/client';
import { createResource, type Resource } from 'solid-js';
import { useClient } from '../state/client';

export type Looked = { readonly info: InvitationInfo } | { readonly error: unknown };

/** Never throws: a failure is a value, so that the screen can say it and offer another try. */
export function lookAtInvitation(token: string): readonly [Resource<Looked>, () => void] {
  const client = useClient();
  const [looked, { refetch }] = createResource<Looked>(() =>
    client.invitations.look(token).then(
      (info) => ({ info }),
      (error: unknown) => ({ error }),
    ),
  );
  return [looked, () => void refetch()];
}
