"""The same commands, timed by a program that knows nothing of the harness.

What a sample ran is run again as a person would, with the environment that a person would
have, and timed by `harness/driving/stopwatch.py`. Taking turns and putting back are as
for samples, so only the timer is another.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from harness.driving import Launch, Request, interpreted

_STOPWATCH = Path(__file__).parents[1] / "driving" / "stopwatch.py"


class Stopwatch:
    """A running stopwatch."""

    def __init__(self, asking: IO[str], answering: IO[str]) -> None:
        self._asking, self._answering = asking, answering

    def seconds(self, argv: Sequence[str], cwd: str, env: Mapping[str, str]) -> float:
        """Time a command; `RuntimeError` if it fails, as by hand it must not."""
        print(
            json.dumps({"argv": argv, "cwd": cwd, "env": dict(env)}),
            file=self._asking,
            flush=True,
        )
        code, seconds = json.loads(self._answering.readline() or "[null, 0]")
        if code != 0:
            message = f"by hand, {' '.join(argv)} ended with {code}"
            raise RuntimeError(message)
        return float(seconds)


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """Run the stopwatch; it ends with the block."""
    command = [sys.executable, "-I", "-S", str(_STOPWATCH)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        try:
            yield Stopwatch(process.stdin, process.stdout)
        except BaseException:
            process.kill()
            raise


def by_hand(
    watch: Stopwatch, launch: Launch, requests: Iterable[Request], helping: Path
) -> float:
    """Return the seconds of these commands, run one after the other.

    What the tool needs to start at all lies in the directory `helping` as the
    `sitecustomize` that a person would write.
    """
    environ_added = _help(launch, helping)
    return sum(
        watch.seconds(
            [*interpreted(launch.python, request.script), *request.argv],
            request.cwd,
            {**dict(launch.environ), **request.environ, **environ_added},
        )
        for request in requests
    )


def _help(launch: Launch, directory: Path) -> dict[str, str]:
    """Write what the tool needs to start; return the variable by which it is found."""
    if not launch.startup:
        return {}
    directory.mkdir(exist_ok=True)
    path = directory / "sitecustomize.py"
    if not path.exists():
        run = "exec(compile(open(path).read(), path, 'exec'), {'__name__': 'startup'})"
        path.write_text(f"for path in {list(launch.startup)!r}:\n    {run}\n")
    return {"PYTHONPATH": str(directory)}
