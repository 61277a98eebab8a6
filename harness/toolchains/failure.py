"""What is said when an environment cannot be built: the cause, and a remedy."""

from __future__ import annotations

import re
from typing import NamedTuple

_LONGEST = 6
_ADDRESS = re.compile(
    r"(?P<scheme>\b(?!file:)[a-z][a-z0-9+.-]*://)"
    r"(?:[^\s/`'\"]*@)?(?P<host>[^\s/?#@`'\"()]*)(?P<rest>[^\s`'\"()]*)",
    re.IGNORECASE,
)
_ERROR = re.compile(r"^(error|ERROR)(: )?")
_LOGIN = re.compile(r"[^\s/:@`'\"]+:[^\s/@`'\"]+@")


class ToolchainError(Exception):
    """A toolchain that cannot be built; `remedy` says what its user can do."""

    def __init__(
        self, toolchain: str, problem: str, remedy: str, output: str = ""
    ) -> None:
        """Say which toolchain, what is wrong in one sentence, and what to do.

        `output` is all that a program said, without secrets.
        """
        super().__init__(f"toolchain {toolchain} cannot be built: {problem}")
        self.toolchain = toolchain
        self.problem = problem
        self.remedy = remedy
        self.output = output


class _Cause(NamedTuple):
    words: str
    remedy: str


_INDEX = (
    "check the network, and the index and certificate settings of uv "
    "(UV_DEFAULT_INDEX, UV_INDEX, UV_FIND_LINKS, SSL_CERT_FILE) or of pip"
)
# The first cause whose words appear in the output of uv or pip is taken.
_CAUSES = (
    _Cause(
        r"hash mismatch|do not match the hashes",
        "a file differs from the one that the lock pins: ask another index, or resolve "
        "the lock again",
    ),
    _Cause(
        r"no trusted hash|must have a hash|hashes are required|versions pinned with ==",
        "the lock is not complete: resolve it again with "
        "`python -m harness.toolchains.lock`",
    ),
    _Cause(
        r"no usable wheels|failed building wheel|command errored out|subprocess-exited"
        r"|failed to (download and )?build|no wheels with a matching",
        "use another Python version, for which the index has wheels, or install a C "
        "compiler",
    ),
    _Cause(
        r"failed to fetch|request failed|error sending request|invalid .*certificate"
        r"|no matching distribution|could not fetch url|network was disabled"
        r"|was not found in|no versions? of|--find-links",
        _INDEX,
    ),
    _Cause(
        r"no interpreter found|failed to inspect python",
        "use another Python interpreter",
    ),
    _Cause(
        r"no space|permission denied|read-only|disk quota",
        "make room, or name another cache directory in MIGRATION_COMPARE_CACHE",
    ),
)
_ANYTHING_ELSE = "delete the cache directory and try again"


def redact(text: str) -> str:
    """Remove from a text what may be a secret: logins, and all of a URL but its host.

    Some indexes take a token in the path, so the path of a URL is a secret as well.
    """
    return _LOGIN.sub("***@", _ADDRESS.sub(_only_host, text))


def summarise(output: str) -> str:
    """Return the first lines of an output that say what went wrong, redacted."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    wrong = (i for i, line in enumerate(lines) if _ERROR.match(line))
    start = next(wrong, 0)
    telling = (redact(line) for line in lines[start : start + _LONGEST])
    return _ERROR.sub("", "; ".join(telling)) or "the installer said nothing"


def remedy(output: str) -> str:
    """Return what a user can do about a failure of uv or pip."""
    fitting = (c.remedy for c in _CAUSES if re.search(c.words, output, re.IGNORECASE))
    return next(fitting, _ANYTHING_ELSE)


def _only_host(match: re.Match[str]) -> str:
    rest = "/…" if match["rest"] else ""
    return f"{match['scheme']}{match['host']}{rest}"
