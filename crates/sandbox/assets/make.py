#!/usr/bin/env python3
"""Makes the bundled sounds from lines.json: speech by espeak-ng, hold music by arithmetic. Needs nothing but Python and espeak-ng."""

import json
import math
import os
import struct
import subprocess
import wave

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "sounds")
RATE = 8000


def mu_law(sample):
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), 32635) + 0x84
    exponent = (magnitude >> 7).bit_length() - 1
    return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0F)) & 0xFF


def save(name, samples):
    """A mono mu-law WAV file."""
    data = bytes(mu_law(max(-32768, min(32767, round(s)))) for s in samples)
    padded = data + b"\0" * (len(data) & 1)
    fmt = struct.pack("<HHIIHHH", 7, 1, RATE, RATE, 1, 8, 0)
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"fact" + struct.pack("<II", 4, len(data))
    body += b"data" + struct.pack("<I", len(data)) + padded
    with open(os.path.join(OUT, name + ".wav"), "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", len(body)) + body)


def resample(samples, rate):
    """To 8 kHz through a windowed sinc."""
    if rate == RATE:
        return samples
    common = math.gcd(rate, RATE)
    up, down, half = RATE // common, rate // common, 40
    cutoff = 0.46 * RATE / rate
    kernels = []
    for phase in range(up):
        taps = []
        for tap in range(-half, half):
            x = tap - phase / up
            sinc = 2 * cutoff if abs(x) < 1e-9 else math.sin(2 * math.pi * cutoff * x) / (math.pi * x)
            taps.append(sinc * (0.5 + 0.5 * math.cos(math.pi * x / (half + 1))))
        kernels.append(taps)
    padded = [0.0] * half + samples + [0.0] * (half + 1)
    out = []
    for n in range(len(samples) * up // down):
        whole, phase = divmod(n * down, up)
        window = padded[whole : whole + 2 * half]
        out.append(sum(a * b for a, b in zip(window, kernels[phase])))
    return out


def trimmed(samples, quiet=200):
    loud = [i for i, s in enumerate(samples) if abs(s) > quiet]
    return samples[max(0, loud[0] - 400) : loud[-1] + 800] if loud else samples


def speech(text, voice, speed, pitch):
    path = os.path.join(OUT, "speech.tmp")
    subprocess.run(["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "-w", path, "--", text], check=True)
    with wave.open(path) as file:
        rate, raw = file.getframerate(), file.readframes(file.getnframes())
    os.remove(path)
    samples = trimmed(resample([float(s) for (s,) in struct.iter_unpack("<h", raw)], rate))
    peak = max(abs(s) for s in samples)
    return [s * 15000 / peak for s in samples]


def hold_music():
    """Eight soft chords of three seconds; what still sounds at the end goes on at the beginning, so that the loop has no seam."""
    chords = [
        (48, 60, 64, 67, 71), (45, 57, 60, 64, 67), (41, 57, 60, 65, 69), (43, 55, 59, 62, 67),
        (48, 60, 64, 67, 74), (52, 59, 64, 67, 71), (41, 57, 60, 64, 69), (43, 59, 62, 65, 69),
    ]
    length = len(chords) * 3 * RATE
    out = [0.0] * length

    def note(pitch, start, seconds, loud, soft):
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        for n in range(int(seconds * RATE)):
            t = n / RATE
            swell = min(1.0, t / soft) * math.exp(-2.2 * t / seconds) * min(1.0, (seconds - t) / 0.1)
            angle = 2 * math.pi * hertz * t
            sound = math.sin(angle) + 0.11 * math.sin(3 * angle) + 0.04 * math.sin(5 * angle)
            out[(start + n) % length] += loud * swell * sound

    for bar, (bass, *upper) in enumerate(chords):
        start = bar * 3 * RATE
        note(bass, start, 3.2, 1.0, 0.03)
        for pitch in upper:
            note(pitch, start, 4.0, 0.32, 0.5)
        for step, place in enumerate((0, 1, 2, 3, 2, 1)):
            note(upper[place] + 12, start + step * RATE // 2, 1.4, 0.42, 0.012)
    peak = max(abs(s) for s in out)
    return [s * 9000 / peak for s in out]


def main():
    os.makedirs(OUT, exist_ok=True)
    with open(os.path.join(HERE, "lines.json"), encoding="utf-8") as file:
        book = json.load(file)
    for persona in book["personas"]:
        for n, text in enumerate(persona["lines"], 1):
            save(f"{persona['name']}-{n}", speech(text, persona["voice"], persona["speed"], persona["pitch"]))
    for line in book["lines"]:
        save(line["name"], speech(line["text"], line["voice"], line["speed"], line["pitch"]))
    save("hold-music", hold_music())


if __name__ == "__main__":
    main()
