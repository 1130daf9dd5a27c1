// The camera, until it sees an invitation. What is found goes into the field; nothing is accepted by itself.
import { Banner } from '@magpie/ui';
import { Dialog } from '@magpie/ui/dialog';
import { createSignal, onCleanup, onMount, Show, type JSX } from 'solid-js';
import { useClient } from '../state/client';
import { codeReader } from './scan';
import { t } from './text';

export default function Scanner(props: {
  readonly onFound: (text: string) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const client = useClient();
  const [problem, setProblem] = createSignal<string>();
  let video: HTMLVideoElement | undefined;
  let stream: MediaStream | undefined;
  let ended = false;

  const look = async (): Promise<void> => {
    const reader = await codeReader();
    while (!ended && video) {
      const [code] = video.readyState >= 2 ? await reader.detect(video) : [];
      if (code && client.invitations.parse(code.rawValue)) {
        props.onFound(code.rawValue);
        return props.onClose();
      }
      if (code) setProblem(t('scanOther'));
      await new Promise((next) => requestAnimationFrame(next));
    }
  };
  const start = async (): Promise<void> => {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    if (ended || !video) return stop();
    video.srcObject = stream;
    await video.play();
    await look();
  };
  const stop = () => {
    ended = true;
    stream?.getTracks().forEach((track) => track.stop());
  };
  onMount(() => void start().catch(() => ended || setProblem(t('scanFailed'))));
  onCleanup(stop);
  return (
    <Dialog open onClose={props.onClose} title={t('scan')}>
      <video ref={video} class="people-camera" muted playsinline aria-label={t('scan')} />
      <Show when={problem()} fallback={<p class="people-note">{t('scanHelp')}</p>}>
        {(words) => <Banner kind="warning">{words()}</Banner>}
      </Show>
    </Dialog>
  );
}
