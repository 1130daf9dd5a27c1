// The guard that every Enter goes through: a key that belongs to an input method never sends or submits.

let lastComposition = -1;

if (typeof document !== 'undefined') {
  // Safari fires the Enter that ends a composition after `compositionend`, with no mark on it.
  document.addEventListener(
    'compositionend',
    (event) => {
      lastComposition = event.timeStamp;
    },
    true,
  );
}

/** Whether an input method still has this key. */
export function composing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229 || (lastComposition >= 0 && event.timeStamp - lastComposition < 30);
}

/** A plain Enter of a person who is done typing. */
export function isEnter(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey && !composing(event);
}
