// The state of a form that asks the server: its values, which field an error belongs to, and whether it is under way.
import type { ErrorCode } from '@magpie/client';
import { createSignal } from 'solid-js';
import { codeOf, errorText } from '../errors';

export type Faulty = 'user' | 'password' | 'form';

/** Errors that belong to a field; the rest stand above the button. */
const fields: Partial<Record<ErrorCode, Faulty>> = {
  'name-taken': 'user',
  'name-invalid': 'user',
  'name-reserved': 'user',
  'password-refused': 'password',
};

export function createForm() {
  const [busy, setBusy] = createSignal(false);
  const [fault, setFault] = createSignal<{ readonly at: Faulty; readonly text: string }>();
  return {
    busy,
    errorAt: (at: Faulty): string | undefined => (fault()?.at === at ? fault()?.text : undefined),
    fail: (at: Faulty, text: string) => setFault({ at, text }),
    clear: () => setFault(undefined),
    /** Runs the request once; a failure goes to its field. Resolves to whether it went well. */
    async run(request: () => Promise<unknown>): Promise<boolean> {
      if (busy()) return false;
      setFault(undefined);
      setBusy(true);
      try {
        await request();
        return true;
      } catch (error) {
        setFault({ at: fields[codeOf(error)] ?? 'form', text: errorText(error) });
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
