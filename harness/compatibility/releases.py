"""The releases of a package, and their dates, as the user's package index tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from harness.model.compatibility import Release
from harness.toolchains.listing import NoReleasesError, files

if TYPE_CHECKING:
    from pypi_simple import DistributionPackage

_INSTALLABLE = {"sdist", "wheel"}


def releases(distribution: str) -> tuple[Release, ...]:
    """Return the final releases of a package, oldest first; pre-releases are left out.

    A release was uploaded when its first file was. Raises `NoReleasesError`.
    """
    found: dict[Version, list[DistributionPackage]] = {}
    for package in files(distribution):
        version = _final(package.version)
        if version is not None and package.package_type in _INSTALLABLE:
            found.setdefault(version, []).append(package)
    if not found:
        message = f"the package index has no release of {distribution}"
        raise NoReleasesError(message)
    return tuple(_release(found[version]) for version in sorted(found))


def _release(files: list[DistributionPackage]) -> Release:
    dates = sorted(f.upload_time for f in files if f.upload_time is not None)
    needs = (f.requires_python for f in files if f.requires_python)
    return Release(
        version=files[0].version or "",
        uploaded=dates[0].date().isoformat() if dates else "",
        requires_python=next(needs, ""),
    )


def _final(version: str | None) -> Version | None:
    try:
        parsed = Version(version or "")
    except InvalidVersion:
        return None
    return None if parsed.is_prerelease or parsed.is_devrelease else parsed
