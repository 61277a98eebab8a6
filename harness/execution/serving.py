"""The servers of a run: which there are, and running those that cells need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from harness.databases import BACKENDS, backend_named, use_servers
from harness.execution.plan import Offered
from harness.servers import ServerError

_PASSWORD = re.compile(r"(://[^/@:]*:)[^/@]*@")


def without_password(word: str) -> str:
    """Return a word of the command line as it may be published."""
    return _PASSWORD.sub(r"\1***@", word)


def offered(urls: tuple[str, ...] = ()) -> Offered:
    """Return the backends by name: None where there is one, else why not.

    `urls` are servers of the user's, to be used from now on; `ServerError` if one is
    of no kind that is known.
    """
    use_servers(urls)
    return {name: backend.absence for name, backend in BACKENDS.items()}


@contextmanager
def serving(
    names: Iterable[str], directory: Path, note: Callable[[str], None]
) -> Iterator[dict[str, str]]:
    """Run the servers of some backends; give those that do not run, with the reason.

    A server that cannot be run is the concern of its own cells only.
    """
    broken: dict[str, str] = {}
    with ExitStack() as running:
        for name in dict.fromkeys(names):
            try:
                running.enter_context(backend_named(name).running(directory, note))
            except ServerError as error:
                broken[name] = str(error)
                note(broken[name])
        yield broken
