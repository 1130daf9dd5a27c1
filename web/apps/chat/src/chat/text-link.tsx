// A link in a message. The web opens in a new tab, people open in the app, other programs only after a question.
import { useContext, type JSX } from 'solid-js';
import { navigate, toContact } from '../router';
import type { Link } from './rules/links';
import { OddLinkContext } from './odd-link';
import { useChat } from './state';

export function TextLink(props: { readonly link: Link; readonly children: JSX.Element }): JSX.Element {
  const chat = useChat();
  const ask = useContext(OddLinkContext);
  const click = (event: MouseEvent) => {
    if (chat.selection()) return event.preventDefault();
    event.stopPropagation();
    if (props.link.kind === 'web') return;
    event.preventDefault();
    const person = props.link.kind === 'xmpp' ? chat.client.invitations.parse(props.link.href)?.jid : undefined;
    if (person) navigate(toContact(person));
    else ask?.(props.link.href);
  };
  return (
    <a href={props.link.href} target="_blank" rel="noopener noreferrer nofollow" onClick={click} onAuxClick={(event) => props.link.kind !== 'web' && event.preventDefault()}>
      {props.children}
    </a>
  );
}
