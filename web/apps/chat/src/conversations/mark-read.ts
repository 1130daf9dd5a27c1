// Reading without looking: everything up to the newest message counts as seen.
import type { Client, Conversation } from '@magpie/client';
import { toast } from '@magpie/ui';
import { errorText } from '../errors';

export async function markRead(client: Client, { jid, last, unread, marked }: Conversation): Promise<void> {
  try {
    if (marked) await client.conversations.setMarked(jid, false);
    if (unread && last) await client.messages.displayed(jid, last.id);
  } catch (error) {
    toast(errorText(error), { kind: 'danger' });
  }
}
