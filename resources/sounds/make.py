"""Makes the sounds of the floor: `python resources/sounds/make.py` writes the .wav files beside it.

Soft struck tones that fade, a few tenths of a second: warm is one small bell, hot a rising pair rung twice,
breach three falling knocks. 16 bit, one channel.
"""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path

RATE = 22_050
LOUD = 0.55

# When a note is struck (s), its pitch (Hz), how long it rings (s).
SOUNDS: dict[str, list[tuple[float, float, float]]] = {
    "warm": [(0.0, 659.26, 0.34), (0.0, 1318.51, 0.22)],
    "hot": [(0.0, 659.26, 0.16), (0.09, 987.77, 0.24), (0.30, 659.26, 0.16), (0.39, 987.77, 0.32)],
    "breach": [(0.0, 783.99, 0.16), (0.15, 622.25, 0.16), (0.30, 466.16, 0.36)],
}


def samples(notes: list[tuple[float, float, float]]) -> list[int]:
    """The sound as 16-bit numbers, its loudest at `LOUD` of what is possible."""
    length = max(start + ringing for start, _, ringing in notes)
    sound = [0.0] * math.ceil(length * RATE + 1)
    for start, pitch, ringing in notes:
        first = int(start * RATE)
        for step in range(int(ringing * RATE)):
            at = step / RATE
            attack = min(1.0, at / 0.006)
            fade = math.exp(-5.5 * at / ringing) * (1 - at / ringing)
            turn = 2 * math.pi * pitch * at
            # Two quiet overtones, gone sooner than the note, make it sound struck and not switched on.
            tone = math.sin(turn) + 0.28 * math.sin(2 * turn) * fade + 0.12 * math.sin(3.01 * turn) * fade
            sound[first + step] += attack * fade * tone
    peak = max(abs(value) for value in sound)
    return [round(value / peak * LOUD * 32_767) for value in sound]


def write(name: str, folder: Path) -> Path:
    """Write one sound and return its file."""
    numbers = samples(SOUNDS[name])
    path = folder / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, len(numbers), "NONE", "not compressed"))
        file.writeframes(struct.pack(f"<{len(numbers)}h", *numbers))
    return path


if __name__ == "__main__":
    for each in SOUNDS:
        write(each, Path(__file__).parent)
