"""What the harness adds to a process that it times: measured, in every run."""

from __future__ import annotations

import os
import statistics
import subprocess
from pathlib import Path

from harness.driving import ColdDriver, Launch, Request
from harness.execution.conditions import ENVIRON_BYTES

_TIMES = 12


def added_seconds(python: str, directory: Path) -> float:
    """Return how much longer a process that does nothing works under the harness.

    The interpreter is started by hand and by the harness in turns. The result is the
    median of the differences, in seconds on a processor.
    """
    directory.mkdir(parents=True)
    script = directory / "nothing.py"
    script.write_text("")
    environ = {"PATH": os.defpath, "PYTHONHASHSEED": "0"}
    driver = ColdDriver(Launch(python=python))
    request = Request(
        script=str(script),
        argv=(),
        cwd=str(directory),
        environ=environ,
        stdout=str(directory / "stdout"),
        stderr=str(directory / "stderr"),
        time_limit=60.0,
        environ_bytes=ENVIRON_BYTES,
        unburdened=True,
    )
    return statistics.median(
        driver.run(request).cpu_seconds - _by_hand(python, script, environ)
        for _ in range(_TIMES)
    )


def _by_hand(python: str, script: Path, environ: dict[str, str]) -> float:
    process = subprocess.Popen([python, str(script)], env=environ)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime
