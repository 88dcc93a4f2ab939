//! Sound as numbers: WAV files written and read, pitches found in them.
import { writeFileSync } from 'node:fs'

const RATE = 48_000

/** A pitch of a quarter of a second, a quarter of silence, over and over: noise suppression would remove a steady one. */
export function writePulse(path: string, hertz: number, milliseconds = 250): void {
  const pulse = (RATE * milliseconds) / 1000
  write(path, (i) => (i % (2 * pulse) < pulse ? Math.sin((2 * Math.PI * hertz * i) / RATE) * 0.5 : 0))
}

/** A microphone that is switched off. */
export function writeSilence(path: string): void {
  write(path, () => 0)
}

function write(path: string, sample: (frame: number) => number): void {
  const frames = RATE * 4
  const data = Buffer.alloc(44 + frames * 2)
  data.write('RIFF', 0)
  data.writeUInt32LE(36 + frames * 2, 4)
  data.write('WAVEfmt ', 8)
  data.writeUInt32LE(16, 16)
  data.writeUInt16LE(1, 20)
  data.writeUInt16LE(1, 22)
  data.writeUInt32LE(RATE, 24)
  data.writeUInt32LE(RATE * 2, 28)
  data.writeUInt16LE(2, 32)
  data.writeUInt16LE(16, 34)
  data.write('data', 36)
  data.writeUInt32LE(frames * 2, 40)
  for (let i = 0; i < frames; i += 1) {
    data.writeInt16LE(Math.round(sample(i) * 32767), 44 + i * 2)
  }
  writeFileSync(path, data)
}

export interface Wav {
  rate: number
  channels: Float64Array[]
  seconds: number
}

/** Reads 16-bit PCM and 8-bit µ-law files. */
export function readWav(file: Buffer): Wav {
  let at = 12
  let format = { tag: 1, channels: 1, rate: 8000, bits: 16 }
  while (at + 8 <= file.length) {
    const name = file.toString('latin1', at, at + 4)
    const size = file.readUInt32LE(at + 4)
    const body = at + 8
    if (name === 'fmt ') {
      format = {
        tag: file.readUInt16LE(body),
        channels: file.readUInt16LE(body + 2),
        rate: file.readUInt32LE(body + 4),
        bits: file.readUInt16LE(body + 14),
      }
    }
    if (name === 'data') return samples(file.subarray(body, Math.min(file.length, body + size)), format)
    at = body + size + (size % 2)
  }
  throw new Error('a WAV file without data')
}

function samples(data: Buffer, format: { tag: number; channels: number; rate: number; bits: number }): Wav {
  const width = format.bits / 8
  const frames = Math.floor(data.length / width / format.channels)
  const channels = Array.from({ length: format.channels }, () => new Float64Array(frames))
  for (let frame = 0; frame < frames; frame += 1) {
    channels.forEach((channel, index) => {
      const offset = (frame * format.channels + index) * width
      channel[frame] = format.bits === 16 ? data.readInt16LE(offset) / 32768 : mulaw(data.readUInt8(offset))
    })
  }
  return { rate: format.rate, channels, seconds: frames / format.rate }
}

function mulaw(byte: number): number {
  const inverted = ~byte & 0xff
  const magnitude = (((inverted & 0x0f) << 3) + 0x84) << ((inverted & 0x70) >> 4)
  return ((inverted & 0x80 ? -1 : 1) * (magnitude - 0x84)) / 32768
}

/** How strong a pitch is: the median of the loudest third of its windows, so that a click does not count. */
export function strength(channel: Float64Array, rate: number, hertz: number): number {
  const size = Math.floor(rate / 10)
  const windows: number[] = []
  for (let start = 0; start + size <= channel.length; start += size) {
    windows.push(goertzel(channel.subarray(start, start + size), rate, hertz))
  }
  windows.sort((a, b) => b - a)
  return windows[Math.floor(windows.length / 6)] ?? 0
}

function goertzel(window: Float64Array, rate: number, hertz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / rate)
  let before = 0
  let last = 0
  for (const value of window) {
    const next = value + coefficient * last - before
    before = last
    last = next
  }
  const power = last * last + before * before - coefficient * last * before
  return (Math.sqrt(Math.max(0, power)) * 2) / window.length
}
