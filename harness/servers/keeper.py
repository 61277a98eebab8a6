"""Runs a server for as long as somebody holds this process's standard input open.

Standard library only, run as a file. However the harness ends, the kernel closes its
end of the pipe; then the server is ended and its directory removed. The server in its
turn dies with this process. What became of the server is the last line on stdout.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1
_GRACE = 5.0


def main() -> None:
    """Run the server that the JSON object in the first argument describes."""
    order = json.loads(sys.argv[1])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    with open(order["log"], "ab") as log:  # noqa: PTH123
        server = subprocess.Popen(
            order["argv"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=order["directory"],
            start_new_session=True,
            preexec_fn=lambda: _die_with_parent(order["signal"]),  # noqa: PLW1509
            **order["account"],
        )
    abandoned = threading.Event()
    watcher = threading.Thread(
        target=_wait_for_the_end, args=(server, order["signal"], abandoned), daemon=True
    )
    watcher.start()
    code = server.wait()
    if abandoned.is_set():
        shutil.rmtree(order["directory"], ignore_errors=True)
        return
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    print(how, flush=True)  # noqa: T201


def _wait_for_the_end(
    server: subprocess.Popen[bytes], ending: int, abandoned: threading.Event
) -> None:
    """End the server when nobody holds the other end of the pipe any more."""
    while os.read(0, 1):
        pass
    abandoned.set()
    server.send_signal(ending)
    try:
        server.wait(_GRACE)
    except subprocess.TimeoutExpired:
        server.kill()


def _die_with_parent(ending: int) -> None:
    """Have the kernel end the server with its keeper, where the kernel can.

    It runs after the change of account, which would undo it.
    """
    prctl = getattr(_LIBRARY, "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, ending)


_LIBRARY = ctypes.CDLL(None)

if __name__ == "__main__":
    main()
