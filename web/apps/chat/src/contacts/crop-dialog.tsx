// Choosing the part of a picture that becomes the avatar: drag, wheel, slider or arrow keys; a canvas draws and cuts it.
import { Banner, Button } from '@magpie/ui';
import { Dialog } from '@magpie/ui/dialog';
import { createEffect, createSignal, onCleanup, Show, type JSX } from 'solid-js';
import { createAction } from './action';
import { cut, held, mostZoom, scaleOf, wholePicture, zoomed, type Framing } from './crop-frame';
import { t } from './text';

const view = 280;
const margin = 20;
const frame = view - 2 * margin;
/** Sharp at the largest place an avatar is shown, on a dense screen. */
const result = 320;

function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, framing: Framing): void {
  const dense = Math.min(3, devicePixelRatio || 1);
  canvas.width = canvas.height = view * dense;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.scale(dense, dense);
  const scale = scaleOf(picture, frame, framing.zoom);
  const [width, height] = [picture.width * scale, picture.height * scale];
  pen.drawImage(picture, view / 2 + framing.x - width / 2, view / 2 + framing.y - height / 2, width, height);
  pen.fillStyle = 'rgb(0 0 0 / 0.55)';
  pen.beginPath();
  pen.rect(0, 0, view, view);
  pen.arc(view / 2, view / 2, frame / 2, 0, 2 * Math.PI, true);
  pen.fill();
}

/** JPEG on white: transparent pictures have no dark holes, and nothing but pixels is left of the file. */
async function cutOut(picture: ImageBitmap, framing: Framing): Promise<Blob> {
  const canvas = new OffscreenCanvas(result, result);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  const { x, y, side } = cut(picture, frame, framing);
  pen.imageSmoothingQuality = 'high';
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, result, result);
  pen.drawImage(picture, x, y, side, side, 0, 0, result, result);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.88 });
}

const arrows: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function CropDialog(props: {
  readonly picture: ImageBitmap;
  readonly onDone: (cropped: Blob) => Promise<void>;
  readonly onClose: () => void;
}): JSX.Element {
  const action = createAction();
  const [framing, setFraming] = createSignal<Framing>(wholePicture);
  const [canvas, setCanvas] = createSignal<HTMLCanvasElement>();
  createEffect(() => {
    const ready = canvas();
    if (ready) draw(ready, props.picture, framing());
  });
  onCleanup(() => props.picture.close());
  const move = (x: number, y: number) =>
    setFraming((now) => held(props.picture, frame, { ...now, x: now.x + x, y: now.y + y }));
  const zoom = (to: number) => setFraming((now) => zoomed(props.picture, frame, now, to));
  const drag = (event: PointerEvent) => canvas()?.hasPointerCapture(event.pointerId) && move(event.movementX, event.movementY);
  const press = (event: KeyboardEvent) => {
    const by = arrows[event.key];
    if (!by) return;
    event.preventDefault();
    move(by[0] * 8, by[1] * 8);
  };
  const use = () =>
    action.run(async () => {
      await props.onDone(await cutOut(props.picture, framing()));
      props.onClose();
    });
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={t('cropTitle')}
      actions={
        <Button kind="primary" busy={action.busy()} onClick={() => void use()}>
          {t('usePhoto')}
        </Button>
      }
    >
      <div class="crop">
        <canvas
          ref={setCanvas}
          class="crop-view"
          width={view}
          height={view}
          tabindex="0"
          role="img"
          aria-label={t('cropArea')}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={drag}
          onKeyDown={press}
          onWheel={(event) => {
            event.preventDefault();
            zoom(framing().zoom * Math.exp(-event.deltaY / 400));
          }}
        />
        <label class="crop-zoom">
          <span>{t('zoom')}</span>
          <input
            type="range"
            min="1"
            max={mostZoom}
            step="0.01"
            value={framing().zoom}
            onInput={(event) => zoom(event.currentTarget.valueAsNumber)}
          />
        </label>
        <p class="people-note">{t('cropArea')}</p>
        <Show when={action.error()}>{(error) => <Banner kind="danger">{error()}</Banner>}</Show>
      </div>
    </Dialog>
  );
}
