// What is seen before the chats: log in, register, an invitation. `member`: somebody is logged in and opened an invitation.
import { Match, Switch, type JSX } from 'solid-js';
import { route } from '../router';
import { Frame } from './frame';
import { Invite, joining } from './invite';
import { Login } from './login';
import { MemberInvite } from './member-invite';
import { Register } from './register';

export default function Start(props: { readonly member: boolean }): JSX.Element {
  const invitation = () => {
    const at = route();
    return at.tab === 'invite' ? at.invitation : undefined;
  };
  const registering = () => {
    const at = route();
    return at.tab === 'start' && at.screen === 'register';
  };
  return (
    <Frame>
      <Switch fallback={<Login />}>
        <Match when={props.member && !joining() && invitation()} keyed>
          {(token) => <MemberInvite token={token} />}
        </Match>
        <Match when={invitation()} keyed>
          {(token) => <Invite token={token} />}
        </Match>
        <Match when={registering()}>
          <Register />
        </Match>
      </Switch>
    </Frame>
  );
}
