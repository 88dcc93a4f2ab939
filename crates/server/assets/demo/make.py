#!/usr/bin/env python3
"""Makes what the agents of the demo's history say: espeak-ng's speech as 8 kHz, 16-bit, mono WAV files."""

import os
import struct
import subprocess
import sys
import tempfile
import wave

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../../sandbox/assets"))
from make import RATE, resample, trimmed  # noqa: E402

LINES = [
    "Thank you for calling. How can I help you today?",
    "I am sorry about that. Let me look it up for you, one moment, please.",
    "All right, I have found it, and I am taking care of it right now.",
    "That is done. You will get a confirmation by e-mail in a few minutes. Is there anything else?",
]

for number, line in enumerate(LINES, 1):
    with tempfile.TemporaryDirectory() as folder:
        spoken = os.path.join(folder, "spoken.wav")
        subprocess.run(["espeak-ng", "-v", "en-us+f4", "-s", "160", "-p", "45", "-w", spoken, line], check=True)
        with wave.open(spoken) as file:
            rate, frames = file.getframerate(), file.readframes(file.getnframes())
    samples = [float(s[0]) for s in struct.iter_unpack("<h", frames)]
    samples = trimmed(resample(samples, rate))
    with wave.open(os.path.join(HERE, f"agent-{number}.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(b"".join(struct.pack("<h", max(-32768, min(32767, round(s)))) for s in samples))
