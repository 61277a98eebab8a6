"""The one line, of all that a failing installer says, that tells what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NO_SOLUTION = re.compile(
    r"(?:cause: )?(Because .*?)(?:\n\s*\n|\n\s*hint:|\Z)", re.DOTALL
)
_CONCLUSION = re.compile(r",? we can conclude that your requirements are unsatisfiable")
_COMPILER = re.compile(r"^.*: (?:fatal )?error: .+$", re.MULTILINE)
_SETUP_COMMAND = re.compile(r"^\s*(error in .* setup command: .+)$", re.MULTILINE)
_EXCEPTION = re.compile(
    r"^\s*([A-Za-z_][\w.]*(?:Error|Exception|Exit|NotFound): .+)$", re.MULTILINE
)
_OF_PIP = re.compile(
    r"^ERROR: (?!Command errored out|Failed building|Could not build)(.+)$",
    re.MULTILINE,
)
_WRAPPERS = re.compile(
    r"^(?:subprocess\.CalledProcessError|(?:distutils|setuptools)\.\S*Error|SystemExit)\b"
)
_NOT_ITS_FAULT = re.compile(
    r"^\s*(?:error: |cause: )?(?:failed to fetch|request failed|error sending request"
    r"|could not acquire lock|timeout \("
    r"|.*connection broken by|.*could not fetch url|.*max retries exceeded"
    r"|.*\b(?:401|403|5\d\d) (?:client|server) error"
    r"|.*network connectivity is disabled|dns error|.*no space left on device"
    r"|.*disk quota exceeded|.*permission denied|.*read-only file system)",
    re.IGNORECASE | re.MULTILINE,
)


def telling_line(output: str) -> str:
    """Return what went wrong, in the words of whoever said so, on one line.

    Nested programs each report that the one below failed; the innermost counts.
    """
    return next((" ".join(said.split()) for said in _said(output)), "nothing was said")


def says_nothing_of_packages(output: str) -> bool:
    """Tell whether the network or the disk failed, and not what was installed."""
    return _NOT_ITS_FAULT.search(output) is not None


def _said(output: str) -> Iterator[str]:
    """Yield lines that may tell what is wrong, the best one first."""
    if found := _NO_SOLUTION.search(output):
        yield _CONCLUSION.sub("", found[1])
    yield from (found.group() for found in _COMPILER.finditer(output))
    yield from (found[1] for found in _SETUP_COMMAND.finditer(output))
    exceptions = [found[1] for found in _EXCEPTION.finditer(output)]
    yield from (one for one in reversed(exceptions) if not _WRAPPERS.match(one))
    yield from (found[1] for found in _OF_PIP.finditer(output))
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    yield from (line for line in lines if line.startswith("error"))
    yield from lines[:1]
