"""Python read as data."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.contract.parsing import literal


class _Waste:
    """Something that only the garbage collector ends, and that takes a moment."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        for _ in range(50):
            pass


@pytest.fixture
def unrest() -> Iterator[None]:
    """Let threads change places and the garbage collector run all the time."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(5)
    yield
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("unrest")
def test_threads_read_literals_at_the_same_time() -> None:
    """None of them is told of a depth that another one counted."""

    def read(number: int) -> tuple[str, str]:
        _Waste()
        return literal(f"('a', '{number}')")

    with ThreadPoolExecutor(4) as pool:
        read_by_all = list(pool.map(read, range(8000)))

    assert read_by_all == [("a", str(number)) for number in range(8000)]


def test_what_is_no_literal_is_refused() -> None:
    """A call is not run."""
    with pytest.raises(ValueError, match="malformed"):
        literal("exit()")
