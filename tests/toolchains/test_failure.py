"""A failure is told in few words, without secrets, and with a remedy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.toolchains.failure import redact, remedy, summarise

WORDS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at https://a.example/simple/x/ now", "at https://a.example/… now"),
        ("`https://u:p@a.example:8080/s?t=1`", "`https://a.example:8080/…`"),
        ("(http://token@a.example/x)", "(http://a.example/…)"),
        ("https://u:p@ss@a.example", "https://a.example"),
        ("proxy u:p@p.example:3128", "proxy ***@p.example:3128"),
        ("file:///srv/wheels is gone", "file:///srv/wheels is gone"),
        ("tiny==1.0 at /srv/wheels", "tiny==1.0 at /srv/wheels"),
    ],
)
def test_only_the_host_of_an_address_is_told(text: str, expected: str) -> None:
    """Logins and paths may be secret; files of this machine are not."""
    assert expected == redact(text)


@given(user=WORDS, password=WORDS, token=WORDS)
def test_no_part_of_an_address_but_its_host_survives(
    user: str, password: str, token: str
) -> None:
    """Whatever the words are."""
    told = redact(f"error: <https://{user}:{password}@h.co/{token}/simple/?{token}>")

    assert "error: <https://h.co/…" == told


def test_a_summary_starts_at_the_error() -> None:
    """Warnings before it are left out, and so is what comes long after."""
    output = "warning: w\nerror: e\n  cause: c\n\nhint: h\n" + "more\n" * 9

    assert "e; cause: c; hint: h; more; more; more" == summarise(output)


def test_an_output_without_an_error_is_told_from_its_start() -> None:
    """It may be all that there is."""
    assert "killed; really" == summarise("killed\nreally\n")


def test_silence_is_told() -> None:
    """An empty reason would look like a defect of ours."""
    assert "the installer said nothing" == summarise("\n")


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("error: Failed to download `x`\n  cause: Hash mismatch for `x`", "lock"),
        ("cause: sqlalchemy==1.4.54 has no usable wheels", "another Python version"),
        ("error: Failed to download and build `x==1`", "C compiler"),
        ("error: Failed to fetch: https://h/", "check the network"),
        ("cause: invalid peer certificate: UnknownIssuer", "certificate settings"),
        ("cause: Because there are no versions of tiny and", "check the network"),
        ("hint: Packages … because the network was disabled", "check the network"),
        ("error: Failed to read `--find-links` directory", "UV_FIND_LINKS"),
        ("error: No interpreter found at path `/x`", "another Python interpreter"),
        ("cause: No space left on device (os error 28)", "make room"),
        ("error: anything", "delete the cache directory"),
        ("error: cannot compile connectors/interpreter.py", "delete the cache"),
    ],
)
def test_the_remedy_fits_what_uv_said(output: str, expected: str) -> None:
    """In the words of uv 0.13."""
    assert expected in remedy(output)
