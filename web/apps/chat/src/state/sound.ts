// The sound of a new message, made from two sine tones: nothing to download.

let context: AudioContext | undefined;
let last = 0;

function tone(at: number, pitch: number): void {
  if (!context) return;
  const oscillator = new OscillatorNode(context, { type: 'sine', frequency: pitch });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.12, at + 0.012);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.28);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.3);
}

/** At most once in two seconds, however many messages come. Silent until the page was touched once: browsers want that. */
export function chime(): void {
  if (performance.now() - last < 2000) return;
  last = performance.now();
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume().catch(() => undefined);
  if (context.state !== 'running') return;
  tone(context.currentTime, 880);
  tone(context.currentTime + 0.09, 1174.7);
}
