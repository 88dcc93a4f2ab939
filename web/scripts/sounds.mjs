// Draws the phone's own sounds as small WAV files. Run it by hand after a change: `npm run sounds`.
import { writeFileSync } from 'node:fs'

const RATE = 16000

/** A tone of several partials with a soft attack and an exponential end. */
function strike(samples, at, seconds, partials, loudness, decay) {
  const start = Math.round(at * RATE)
  for (let i = 0; i < seconds * RATE; i += 1) {
    const t = i / RATE
    const envelope = Math.min(1, t / 0.008) * Math.exp(-t / decay) * Math.min(1, (seconds - t) / 0.02)
    let value = 0
    for (const [hertz, share] of partials) value += share * Math.sin(2 * Math.PI * hertz * t)
    if (start + i < samples.length) samples[start + i] += value * envelope * loudness
  }
}

function wav(name, seconds, draw) {
  const samples = new Float64Array(Math.round(seconds * RATE))
  draw(samples)
  const data = Buffer.alloc(44 + samples.length * 2)
  data.write('RIFF', 0)
  data.writeUInt32LE(36 + samples.length * 2, 4)
  data.write('WAVEfmt ', 8)
  data.writeUInt32LE(16, 16)
  data.writeUInt16LE(1, 20)
  data.writeUInt16LE(1, 22)
  data.writeUInt32LE(RATE, 24)
  data.writeUInt32LE(RATE * 2, 28)
  data.writeUInt16LE(2, 32)
  data.writeUInt16LE(16, 34)
  data.write('data', 36)
  data.writeUInt32LE(samples.length * 2, 40)
  samples.forEach((s, i) => {
    data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, s)) * 32767), 44 + i * 2)
  })
  writeFileSync(`public/sounds/${name}.wav`, data)
}

const bell = (hertz) => [
  [hertz, 0.7],
  [hertz * 2, 0.2],
  [hertz * 3.01, 0.1],
]

wav('silence', 0.05, () => {})
wav('ring', 2.4, (s) => {
  for (const at of [0, 0.42]) {
    strike(s, at, 0.9, bell(587.3), 0.5, 0.22)
    strike(s, at + 0.14, 0.9, bell(880), 0.42, 0.26)
  }
})
wav('knock', 1.2, (s) => strike(s, 0, 0.5, bell(660), 0.22, 0.12))
wav('connected', 0.4, (s) => {
  strike(s, 0, 0.2, bell(659.3), 0.25, 0.07)
  strike(s, 0.11, 0.28, bell(987.8), 0.25, 0.09)
})
wav('disconnect', 0.45, (s) => {
  strike(s, 0, 0.2, bell(587.3), 0.25, 0.07)
  strike(s, 0.13, 0.3, bell(392), 0.25, 0.1)
})

const ROWS = [697, 770, 852, 941]
const COLUMNS = [1209, 1336, 1477]
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 's', '0', 'h']
KEYS.forEach((key, i) => {
  const pair = [
    [ROWS[Math.floor(i / 3)], 0.5],
    [COLUMNS[i % 3], 0.5],
  ]
  wav(`dtmf-${key}`, 0.14, (s) => strike(s, 0, 0.14, pair, 0.35, 5))
})
