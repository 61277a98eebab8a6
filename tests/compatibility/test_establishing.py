"""From requirements to an environment, or to a reason that is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.compatibility import establishing
from harness.compatibility.establishing import Order, Refusal, establish
from harness.model.compatibility import Phase
from harness.model.toolchain import Building, Environment
from harness.toolchains import CACHE_VARIABLE
from harness.toolchains.interpreter import probe
from tests.toolchains.conftest import no_settings, wheelhouse
from tests.toolchains.packages import make_wheel

__all__ = ["no_settings", "wheelhouse"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wheelhouse: Path) -> Path:
    """Have a cache of one's own, and an index with `tiny` 1.0 only."""
    make_wheel(wheelhouse)
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def order(*requirements: str) -> Order:
    """Return an order for the running interpreter."""
    return Order("tiny", requirements, Building(), probe())


def refuse(*_arguments: object) -> str:
    """Stand where something must not be done again."""
    pytest.fail("it was done again")


def test_an_environment_holds_what_was_asked_for_and_is_used_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time, nothing is resolved and nothing is built."""
    first = establish(order("tiny==1.0"))
    monkeypatch.setattr(establishing, "resolve", refuse)
    second = establish(order("tiny==1.0"))

    assert isinstance(first, Environment)
    assert isinstance(second, Environment)
    assert ["tiny"] == [one.name for one in first.distributions]
    assert (False, True) == (first.reused, second.reused)


def test_what_cannot_be_resolved_is_a_result_and_kept(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says which requirement has no answer."""
    first = establish(order("tiny==9"))
    monkeypatch.setattr(establishing, "resolve", refuse)

    assert isinstance(first, Refusal)
    assert (Phase.RESOLVE, True) == (first.phase, first.certain)
    assert "tiny==9" in first.words
    assert first == establish(order("tiny==9"))


def test_an_index_that_does_not_answer_says_nothing_and_is_not_kept(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the index answers, so does the matrix."""
    with monkeypatch.context() as broken:
        broken.delenv("PIP_NO_INDEX")
        broken.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
        broken.setenv("UV_HTTP_RETRIES", "0")
        unreachable = establish(order("tiny==1.0"))

    assert isinstance(unreachable, Refusal)
    assert not unreachable.certain
    assert isinstance(establish(order("tiny==1.0")), Environment)
