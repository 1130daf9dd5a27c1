// A name somebody chose: isolated, so that its direction marks turn nothing around it, and in its own language's glyphs.
import type { JSX } from 'solid-js';
import { languageOf } from './text';

export function PersonName(props: { readonly name: string; readonly class?: string }): JSX.Element {
  return (
    <bdi class={props.class} lang={languageOf(props.name)}>
      {props.name}
    </bdi>
  );
}
