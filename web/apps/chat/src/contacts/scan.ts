// Whether this browser reads QR codes by itself, and the little of its interface that is used here.

export interface CodeReader {
  detect(picture: CanvasImageSource): Promise<readonly { readonly rawValue: string }[]>;
}

type CodeReaderClass = new (options: { readonly formats: readonly string[] }) => CodeReader;

const found = (): CodeReaderClass | undefined => (globalThis as { BarcodeDetector?: CodeReaderClass }).BarcodeDetector;

export const canScan = (): boolean => found() !== undefined && 'mediaDevices' in navigator;

export function codeReader(): CodeReader | undefined {
  const Reader = found();
  return Reader && new Reader({ formats: ['qr_code'] });
}
