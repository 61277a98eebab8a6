"""What is stored of a command line that names a server."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.execution.serving import without_password

_WORD = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@given(_WORD, _WORD)
def test_no_password_is_stored(user: str, password: str) -> None:
    """User, host and database stay; the password does not."""
    url = f"--server=postgresql://{user}:{password}@host:5432/database"

    assert f"--server=postgresql://{user}:***@host:5432/database" == without_password(
        url
    )


def test_other_words_stay_as_they_are() -> None:
    """A word without a password is told as it was typed."""
    assert "--scenario=a:b@c" == without_password("--scenario=a:b@c")
