// A message's text as DOM nodes: styling (XEP-0393), links and the marks of a search. Never markup from a string.
import { languageOf } from '@magpie/ui/text';
import { createMemo, For, Show, type JSX } from 'solid-js';
import { TextLink } from './text-link';
import { findLinks } from './rules/links';
import { parseStyling, type Block, type Span } from './rules/styling';
import { markWords } from './rules/words';
import { useChat } from './state';
import './rich-text.css';

/** Beyond this nobody reads bubbles; a plain text costs least. */
const styledUpTo = 20_000;

function Marked(props: { readonly text: string }): JSX.Element {
  const chat = useChat();
  return (
    <Show when={chat.marks().length} fallback={props.text}>
      <For each={markWords(props.text, chat.marks())}>{(part) => (part.hit ? <mark>{part.text}</mark> : part.text)}</For>
    </Show>
  );
}

function Plain(props: { readonly text: string }): JSX.Element {
  return (
    <For each={findLinks(props.text)}>
      {(piece) =>
        typeof piece === 'string' ? (
          <Marked text={piece} />
        ) : (
          <TextLink link={piece}>
            <Marked text={piece.text} />
          </TextLink>
        )
      }
    </For>
  );
}

function Spans(props: { readonly spans: readonly Span[] }): JSX.Element {
  return <For each={props.spans}>{drawSpan}</For>;
}

function drawSpan(span: Span): JSX.Element {
  switch (span.kind) {
    case 'text':
      return <Plain text={span.text} />;
    case 'code':
      return (
        <code>
          <Marked text={span.text} />
        </code>
      );
    case 'strong':
      return (
        <strong>
          <Spans spans={span.inner} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <Spans spans={span.inner} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Spans spans={span.inner} />
        </s>
      );
  }
}

function Blocks(props: { readonly blocks: readonly Block[] }): JSX.Element {
  return (
    <For each={props.blocks}>
      {(block, at) => {
        if (block.kind === 'pre')
          return (
            <figure class="code-block">
              <Show when={block.language}>
                <figcaption>{block.language}</figcaption>
              </Show>
              <pre tabindex="-1">
                <Marked text={block.text} />
              </pre>
            </figure>
          );
        if (block.kind === 'quote')
          return (
            <blockquote>
              <Blocks blocks={block.inner} />
            </blockquote>
          );
        const before = () => props.blocks[at() - 1];
        return (
          <>
            <Show when={before()?.kind === 'line'}>
              <br />
            </Show>
            <Spans spans={block.spans} />
          </>
        );
      }}
    </For>
  );
}

export function RichText(props: { readonly text: string }): JSX.Element {
  const blocks = createMemo<readonly Block[]>(() =>
    props.text.length > styledUpTo
      ? props.text.split('\n').map((line) => ({ kind: 'line', spans: [{ kind: 'text', text: line }] }))
      : parseStyling(props.text),
  );
  return (
    <span class="rich-text" dir="auto" lang={languageOf(props.text)}>
      <Blocks blocks={blocks()} />
    </span>
  );
}
