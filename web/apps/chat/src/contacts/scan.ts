// Reads QR codes: the browser itself where it can, else a decoder that comes when it is asked for.

export interface CodeReader {
  detect(picture: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

interface CodeReaderClass {
  new (options: { readonly formats: readonly ['qr_code'] }): CodeReader;
  getSupportedFormats(): Promise<readonly string[]>;
}

/** Only pages that came safely may ask for a camera. */
export const canScan = (): boolean => 'mediaDevices' in navigator;

export async function codeReader(): Promise<CodeReader> {
  const own = (globalThis as { BarcodeDetector?: CodeReaderClass }).BarcodeDetector;
  const reads = (await own?.getSupportedFormats().catch((): readonly string[] => []))?.includes('qr_code');
  const Reader = own && reads ? own : (await import('qr/decode.js')).BarcodeDetector;
  return new Reader({ formats: ['qr_code'] });
}
