"""What is known of a kind of server, and in which order one is looked for."""

from __future__ import annotations

import os
import shutil
import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from harness.model.cell import Absence


class ServerError(Exception):
    """A server cannot be used; the message says what is wrong and what to do."""


class Given(msgspec.Struct, frozen=True):
    """A server of the user's; `source` says where its URL was given."""

    url: str
    source: str


class Program(msgspec.Struct, frozen=True):
    """A server that the harness can run itself.

    `binaries` is the directory of its programs, `source` says how it was found. One
    out of a package can be copied: `parts` of the directory `package` are all of it.
    """

    binaries: str
    source: str
    package: str = ""
    parts: tuple[str, ...] = ()

    def copied(self, to: Path) -> Program:
        """Copy the program to where everybody can reach it."""
        for part in self.parts:
            source = Path(self.package, part)
            if source.exists():
                shutil.copytree(source, to / part, symlinks=True)
        binaries = to / Path(self.binaries).relative_to(self.package)
        return msgspec.structs.replace(self, binaries=str(binaries))


class Kind(ABC):
    """A kind of server: how it is found, set up and run."""

    name: ClassVar[str]
    """The backend's name."""

    variable: ClassVar[str]
    """The environment variable that may hold the URL of a server."""

    dialects: ClassVar[tuple[str, ...]]
    """How the URLs of such servers may begin, up to a `+` or a colon."""

    accounts: ClassVar[tuple[str, ...]]
    """Whose rights a server takes on when root starts it, the first that exists."""

    remedy: ClassVar[str]
    """What to do where there is none."""

    settings: ClassVar[tuple[str, ...]]
    """Settings of a private server, for data that is thrown away afterwards."""

    socket: ClassVar[str]
    """The name of a private server's socket in its directory."""

    stop_signal: ClassVar[signal.Signals]
    """What ends a server at once whose data is no longer wanted."""

    def origin(
        self, urls: tuple[str, ...], environ: Mapping[str, str] = os.environ
    ) -> Given | Program | Absence:
        """Return where the server comes from: a URL first, then a program, or why not.

        `urls` are those that the user gave on the command line, for any kind.
        """
        for url in urls:
            if self.speaks(url):
                return Given(url, "given with --server")
        if environ.get(self.variable):
            url = environ[self.variable]
            if not self.speaks(url):
                message = (
                    f"{self.variable} does not hold a URL that begins with "
                    f"{' or '.join(f'{d}://' for d in self.dialects)}: mend or unset it"
                )
                raise ServerError(message)
            return Given(url, f"given with {self.variable}")
        return self.program(environ) or Absence(self.name, self.missing, self.remedy)

    def speaks(self, url: str) -> bool:
        """Tell whether a URL is one of a server of this kind."""
        scheme = url.partition("://")[0]
        return scheme.partition("+")[0] in self.dialects

    @property
    @abstractmethod
    def missing(self) -> str:
        """Say what was looked for and not found."""

    @abstractmethod
    def program(self, environ: Mapping[str, str] = os.environ) -> Program | None:
        """Look for a server on the machine, then among Python's packages."""

    @abstractmethod
    def version(self, program: Program) -> str:
        """Return what the program says of itself."""

    @abstractmethod
    def preparing(self, program: Program, directory: Path) -> tuple[str, ...]:
        """Return the command that makes an empty server in a directory."""

    @abstractmethod
    def serving(self, program: Program, directory: Path) -> tuple[str, ...]:
        """Return the command that runs the server on a socket in its directory."""
