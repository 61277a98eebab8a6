"""The files of a package, as the user's package indexes list them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from harness.toolchains.failure import redact
from harness.toolchains.installer import user_settings

if TYPE_CHECKING:
    from pypi_simple import DistributionPackage

_LOCATIONS = (
    ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    ("UV_INDEX", "UV_EXTRA_INDEX_URL"),
)
_PATIENCE = 30.0


class NoReleasesError(Exception):
    """The index does not tell the releases of a package; the message says why."""


def files(distribution: str) -> Iterable[DistributionPackage]:
    """Yield the files that any of the user's indexes has, without yanked ones.

    Raises `NoReleasesError` if an index does not answer.
    """
    # Loading it takes longer than all else that the command line loads.
    import pypi_simple  # noqa: PLC0415
    import requests  # noqa: PLC0415

    settings = user_settings(distribution, os.environ).environ
    environ = {**settings, **{k: v for k, v in os.environ.items() if v}}
    with requests.Session() as session:
        session.verify = environ.get("SSL_CERT_FILE", True)
        for index in _indexes(environ, pypi_simple.PYPI_SIMPLE_ENDPOINT):
            client = pypi_simple.PyPISimple(f"{index.rstrip('/')}/", session=session)
            try:
                page = client.get_project_page(distribution, timeout=_PATIENCE)
            except pypi_simple.NoSuchProjectError:
                continue
            except (OSError, pypi_simple.UnsupportedRepoVersionError) as error:
                message = f"the package index does not answer: {redact(str(error))}"
                raise NoReleasesError(message) from error
            yield from (package for package in page.packages if not package.is_yanked)


def _indexes(environ: dict[str, str], default: str) -> tuple[str, ...]:
    """Return the addresses of the user's indexes, the main one first.

    Those that are directories of this machine cannot be asked for dates.
    """
    main, more = (
        next((environ[name] for name in names if name in environ), "")
        for names in _LOCATIONS
    )
    # uv allows an index to be called something: `name=address`.
    named = (main or default, *more.split())
    addresses = (one.partition("=")[2] if _has_name(one) else one for one in named)
    return tuple(one for one in addresses if one.startswith(("http:", "https:")))


def _has_name(index: str) -> bool:
    return "=" in index.partition("://")[0]
