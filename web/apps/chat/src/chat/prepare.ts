// Makes chosen files ready: pictures are drawn anew, smaller and without EXIF; videos are asked for their size and length.
import type { FileDraft } from '@magpie/client';
import { fileKind } from './summary';

/** Pixels of the long side: sharp on large screens, a few hundred KB. */
const longest = 2560;
const quality = 0.85;
/** Bytes of a PNG that is kept one. */
const sharpUpTo = 1_000_000;

function hasTransparency(context: CanvasRenderingContext2D, width: number, height: number): boolean {
  const { data } = context.getImageData(0, 0, width, height);
  for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 255) < 250) return true;
  return false;
}

const encode = (canvas: HTMLCanvasElement, type: string) =>
  new Promise<Blob>((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no bytes'))), type, quality),
  );

const withEnding = (name: string, ending: string) => `${name.replace(/\.[^.]{1,5}$/, '')}.${ending}`;

/** A new picture from the pixels alone: camera, place and time that were in the file are gone. */
async function redraw(file: File): Promise<FileDraft> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const size = { width: canvas.width, height: canvas.height };
  const clear = file.type !== 'image/jpeg' && hasTransparency(context, size.width, size.height);
  // Screenshots: letters stay sharp where that costs little.
  const exact = file.type === 'image/png' || clear ? await encode(canvas, 'image/png') : undefined;
  if (exact && (clear || exact.size <= sharpUpTo)) return { blob: exact, name: withEnding(file.name, 'png'), ...size };
  return { blob: await encode(canvas, 'image/jpeg'), name: withEnding(file.name, 'jpg'), ...size };
}

async function sizeOf(file: File): Promise<FileDraft> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  bitmap.close();
  return { blob: file, name: file.name, width, height };
}

/** What the first bytes tell; a file that cannot be played is sent without. */
function measureVideo(file: File): Promise<FileDraft> {
  const video = document.createElement('video');
  const url = URL.createObjectURL(file);
  return new Promise<FileDraft>((resolve) => {
    const plain = () => resolve({ blob: file, name: file.name });
    video.onloadedmetadata = () => {
      const { videoWidth: width, videoHeight: height, duration } = video;
      if (!width || !height) return plain();
      const length = Number.isFinite(duration) ? { duration: Math.round(duration) } : {};
      resolve({ blob: file, name: file.name, width, height, ...length });
    };
    video.onerror = plain;
    video.preload = 'metadata';
    video.src = url;
  }).finally(() => URL.revokeObjectURL(url));
}

/** `asFile`: the bytes as they are. A GIF keeps its movement; it has no EXIF. */
export async function prepare(file: File, asFile: boolean): Promise<FileDraft> {
  const kind = fileKind(file);
  const plain: FileDraft = { blob: file, name: file.name };
  if (kind === 'video') return measureVideo(file);
  if (kind !== 'image') return plain;
  try {
    return asFile || file.type === 'image/gif' ? await sizeOf(file) : await redraw(file);
  } catch {
    // Not a picture after all: it goes as the file it is.
    return { blob: new Blob([file], { type: 'application/octet-stream' }), name: file.name };
  }
}
