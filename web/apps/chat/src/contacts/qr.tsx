// A QR code as one path, dark on white in both themes: cameras want it so.
import { createMemo, type JSX } from 'solid-js';
import { encodeQR } from 'qr';

const quiet = 2;

/** One rectangle for each run of dark modules. */
export function qrPath(text: string): { readonly size: number; readonly path: string } {
  const data = encodeQR(text, 'raw', { ecc: 'medium', border: quiet });
  let path = '';
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      path += `M${from} ${y}h${x - from + 1}v1H${from}z`;
    }
  });
  return { size: data.length, path };
}

export function QrCode(props: { readonly text: string; readonly label: string }): JSX.Element {
  const code = createMemo(() => qrPath(props.text));
  return (
    <svg
      class="people-qr"
      viewBox={`0 0 ${code().size} ${code().size}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={props.label}
    >
      <path d={code().path} />
    </svg>
  );
}
