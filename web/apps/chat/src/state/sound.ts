// The sound of a new message, made from two sine tones: nothing to download.

let context: AudioContext | undefined;
let last = -Infinity;

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
export async function chime(): Promise<void> {
  const now = performance.now();
  if (now - last < 2000) return;
  last = now;
  context ??= new AudioContext();
  // A new context runs a moment later, one of an untouched page not before the touch: by then the news is old.
  await context.resume();
  if (performance.now() - now > 1000) return;
  tone(context.currentTime, 880);
  tone(context.currentTime + 0.09, 1174.7);
}
