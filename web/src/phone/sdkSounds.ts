//! The sounds of the SDK itself.

/** Our own files for every sound that the SDK knows: it would fetch them from the carrier's site and wait for them otherwise. */
const sound = (name: string) => new URL(`/sounds/${name}.wav`, location.origin).href
export const SOUNDS: Record<string, string> = {
  incoming: sound('silence'),
  outgoing: sound('silence'),
  disconnect: sound('disconnect'),
  dtmfs: sound('dtmf-s'),
  dtmfh: sound('dtmf-h'),
  ...Object.fromEntries(Array.from({ length: 10 }, (_, digit) => [`dtmf${digit}`, sound(`dtmf-${digit}`)])),
}
