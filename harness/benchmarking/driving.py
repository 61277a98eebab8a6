"""Driving pytest over the benchmarks, as somebody would by hand."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from harness.benchmarking.options import SEVERAL
from harness.benchmarking.rows import NAME, Stored, read
from harness.benchmarking.stand import Asked

_HERE = Path(__file__).parent
_PR_SET_PDEATHSIG = 1


def arguments(asked: Asked, output: Path) -> list[str]:
    """Return the command line of pytest."""
    selection = asked.selection
    return [
        str(_HERE / "bench_operations.py"),
        *("-p", "no:cacheprovider", "-p", "no:xdist", "-q"),
        f"--rootdir={_HERE}",
        *("-c", str(_HERE / "pytest.ini")),
        f"--benchmark-json={output / NAME}",
        "--benchmark-columns=median,min,max,iqr,outliers,rounds",
        *(
            f"--speed-{name}={value}"
            for name in SEVERAL
            for value in getattr(selection, f"{name}s")
        ),
        *(f"--speed-server={url}" for url in asked.servers),
        f"--speed-budget={asked.budget}",
        f"--speed-seed={asked.seed}",
        f"--speed-time-limit={asked.time_limit}",
        *([f"--speed-planted={asked.planted}"] if asked.planted else []),
        *(["--speed-again"] if asked.again else []),
        f"--speed-by-hand={asked.by_hand}",
    ]


def drive(asked: Asked, output: Path) -> tuple[int, Stored | None]:
    """Run the benchmarks; return pytest's exit code, and what is stored, if anything.

    `KeyboardInterrupt` once pytest has tidied up, and stored what it had.
    """
    output.mkdir(parents=True, exist_ok=True)
    (output / NAME).unlink(missing_ok=True)
    code = run_pytest([sys.executable, "-m", "pytest", *arguments(asked, output)])
    return code, stored_in(output)


def stored_in(output: Path) -> Stored | None:
    """Return what is stored in a folder; None if nothing is."""
    return read(output / NAME) if (output / NAME).exists() else None


def run_pytest(command: list[str]) -> int:
    """Run pytest where Ctrl-C does not reach it: it is told once, and waited for."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)  # Linux alone has it.

    def obey() -> None:
        """Listen to SIGINT, also under a shell that had it ignored, and when we die."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, signal.SIGINT)

    process = subprocess.Popen(
        command,
        start_new_session=True,
        preexec_fn=obey,  # noqa: PLW1509
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise


def repeated(asked: Asked, times: int, output: Path) -> Iterator[tuple[str, Stored]]:
    """Run the benchmarks anew so many times, with seeds that follow each other.

    Yields the folder of each, by its name in `output`, and what is stored in it; a
    repetition that stored nothing is left out.
    """
    for number in range(times):
        share = msgspec.structs.replace(
            asked, seed=asked.seed + number, budget=asked.budget / times
        )
        folder = f"repetition-{number + 1:02d}"
        _, stored = drive(share, output / folder)
        if stored is not None:
            yield folder, stored
