"""Exit codes, and how errors become them.

0 the comparison ran, whatever it found about the tools;
1 a cell could not be established, or smoke did not catch something; `assess` found
  something wrong with a history;
2 bad arguments or bad input;
3 something differs or fails: an exploration found what was not known, two runs differ, or
  `run --fail-on-change` found that known differences changed, a step of a replay failed;
4 stored evidence is not as it was written;
130 interrupted.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import click

from harness.execution.known import KnownError
from harness.execution.plan import SelectionError
from harness.execution.registry import RegistryError
from harness.journal.digests import AlteredError
from harness.journal.files import JournalError, StorageError
from harness.replaying.place import ReplayError, ServerLost
from harness.servers import ServerError
from harness.workspaces.git import GitError

NOT_ESTABLISHED = 1
FOUND = 1
BAD_INPUT = 2
DIFFERENT = 3
ALTERED = 4
INTERRUPTED = 130

_BAD_INPUT = (
    ServerError,
    SelectionError,
    RegistryError,
    JournalError,
    KnownError,
    ReplayError,
)
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn our errors into a line on stderr and the exit code that is theirs."""
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    try:
        yield
    except AlteredError as error:
        fail(str(error), ALTERED)
    except ServerLost as error:
        fail(str(error), NOT_ESTABLISHED)
    except _BAD_INPUT as error:
        fail(str(error), BAD_INPUT)
    except BrokenPipeError:
        raise  # Nobody reads on, as with `| head`: click knows what to do.
    except (GitError, StorageError, OSError) as error:
        fail(str(error), NOT_ESTABLISHED)
    except KeyboardInterrupt:
        fail("interrupted", INTERRUPTED)


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong and leave with a code."""
    click.echo(f"Error: {message}", err=True)
    sys.exit(code)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Interrupt once: who presses Ctrl-C again must not keep us from tidying up."""
    for number in _ENDING:
        signal.signal(number, _already_ending)
    raise KeyboardInterrupt


def _already_ending(_signal: int, _frame: FrameType | None) -> None:
    """Do nothing."""
