"""Tasks for tests: small, importable by workers, and as bad as can be."""

from __future__ import annotations

import math
import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.runs.execution.task import RunOfPoint


def runs_of(count: int, **values: Any) -> list[RunOfPoint]:
    return [
        RunOfPoint(f"point {number}", number % 3, 2**63 + number, {"x": float(number), **values})
        for number in range(count)
    ]


@dataclass(frozen=True)
class Sums:
    """Two numbers that depend on values and seed; takes a while."""

    seconds: float = 0.0
    outputs: tuple[str, ...] = ("sum", "luck")

    def __call__(self, values, seed, tick):
        until = time.monotonic() + self.seconds
        while time.monotonic() < until:
            tick()
            time.sleep(0.002)
        tick()
        return {"luck": random.Random(seed).random(), "sum": values["x"] * 3.0}


@dataclass(frozen=True)
class Mischief:
    """Does what the value `do` of a run says, and notes each attempt in a folder."""

    folder: str = ""
    outputs: tuple[str, ...] = ("x",)

    def __call__(self, values, seed, tick):
        if self.folder:
            with (Path(self.folder) / f"{values['x']:g}").open("a") as file:
                file.write("tried\n")
        getattr(self, values.get("do", "nothing"))(tick)
        if values.get("do") == "wrong":
            return {"y": 1.0, "z": 2.0}
        if values.get("do") == "text":
            return {"x": "no number"}
        return {"x": math.nan if values.get("do") == "nan" else values["x"]}

    def nothing(self, tick):
        pass

    wrong = text = nan = nothing

    def raises(self, tick):
        raise ValueError("this\n  is wrong")

    def leaves(self, tick):
        sys.exit(3)

    def says(self, tick):
        print("hello")
        os.write(1, b"hello\n")

    def reads(self, tick):
        assert sys.stdin.read() == ""

    def dies(self, tick):
        os.kill(os.getpid(), signal.SIGKILL)

    def exits(self, tick):
        os._exit(7)

    def forever(self, tick):
        while True:
            tick()
            time.sleep(0.005)

    def deaf(self, tick):
        while True:
            time.sleep(0.005)

    def stubborn(self, tick):
        while True:
            try:
                while True:
                    time.sleep(0.005)
            except BaseException:
                pass

    def eats(self, tick):
        eaten = []
        while True:
            eaten.append(bytearray(10**7))

    def eats_much(self, tick):
        bytearray(2**36)


@dataclass(frozen=True)
class Nothing:
    """The least that a run can be."""

    outputs: tuple[str, ...] = ("x",)

    def __call__(self, values, seed, tick):
        return {"x": values["x"]}


@dataclass(frozen=True)
class Unpicklable:
    outputs: tuple[str, ...] = ("x",)

    def __call__(self, values, seed, tick):
        return {"x": 1.0}

    def __reduce__(self):
        raise TypeError("not this one")
