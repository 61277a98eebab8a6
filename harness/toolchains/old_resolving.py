"""Resolves requirements for interpreters that uv does not resolve for: pip does it there.

pip resolves and downloads; the files that it chose are the lock.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
from packaging.requirements import Requirement
from packaging.utils import parse_sdist_filename, parse_wheel_filename

from harness.model.toolchain import Building
from harness.toolchains import old_python
from harness.toolchains.building import build
from harness.toolchains.dated_index import dated_index
from harness.toolchains.installer import late_builders

_DOWNLOAD = (
    *("-m", "pip", "--no-input", "--no-color", "--no-cache-dir", "--quiet", "download"),
    # With what is there, since what is fetched for building alone is not in a lock.
    "--no-build-isolation",
    # The one that says so where there is no answer; newer releases of pip have no other.
    "--use-feature=2020-resolver",
)
# What an environment has while it is filled.
_SEEDS = {"pip", "setuptools", "wheel"}
_QUESTION = """
import json
from setuptools import build_meta
backend = getattr(build_meta, "__legacy__", build_meta)
print(json.dumps(backend.get_requires_for_build_wheel()))
"""


def resolve(
    name: str, requirements: tuple[str, ...], building: Building, python: Path
) -> str:
    """Return a lock of the requirements for an old interpreter.

    What source distributions ask to be built with is in it as well. Raises
    ToolchainError, with all that was said.
    """
    helper = build(old_python.HELPER)
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        directory = Path(place)
        root = directory / "environment"
        old_python.make(name, Path(helper.python), str(python), root)
        environ = old_python.pip_environ(name, os.environ)
        environ.pop("PIP_REQUIRE_HASHES")
        if building.until:
            exempt = dict(late_builders(building))
            index = stack.enter_context(dated_index(building.until, exempt))
            environ = _only_from(index, environ)
        pip = _Pip(name, root / "bin" / "python", environ, directory)
        chosen = pip.download(requirements, building.constraints)
        asked = tuple(dict.fromkeys(one for file in chosen for one in pip.needs(file)))
        lock = dict(map(_entry, chosen))
        if asked:
            pinned = tuple(f"{one}=={version}" for one, (version, _) in lock.items())
            lock |= dict(map(_entry, pip.download(asked, pinned)))
        return "".join(_line(one, *entry) for one, entry in lock.items())


class _Pip(msgspec.Struct, frozen=True):
    """pip in an environment of its own, and where it may put things."""

    name: str
    python: Path
    environ: dict[str, str]
    directory: Path

    def download(
        self, requirements: tuple[str, ...], constraints: tuple[str, ...]
    ) -> tuple[Path, ...]:
        """Resolve, and return the files of what was chosen."""
        place = Path(tempfile.mkdtemp(dir=self.directory))
        held_back = place.with_suffix(".txt")
        held_back.write_text("\n".join(constraints), encoding="utf-8")
        # Also for what a setup.py of old fetches by itself.
        environ = self.environ | {"PIP_CONSTRAINT": str(held_back)}
        command = (*_DOWNLOAD, "--dest", str(place), *requirements)
        old_python.run(self.name, self.python, command, environ)
        return tuple(sorted(place.iterdir()))

    def needs(self, file: Path) -> Iterator[str]:
        """Yield what a file has to be built with, besides what is always there."""
        if file.suffix == ".whl":
            return
        with tempfile.TemporaryDirectory(dir=self.directory) as place:
            shutil.unpack_archive(file, place, filter="data")
            (source,) = Path(place).iterdir()
            for one in (*_declared(source), *self._asked(source)):
                if Requirement(one).name.lower() not in _SEEDS:
                    yield one

    def _asked(self, source: Path) -> tuple[str, ...]:
        if not (source / "setup.py").exists():
            return ()
        command = ("-c", _QUESTION)
        said = old_python.run(self.name, self.python, command, self.environ, source)
        return msgspec.json.decode(said.splitlines()[-1], type=tuple[str, ...])


def _declared(source: Path) -> tuple[str, ...]:
    """Return what `pyproject.toml` says that the source is built with."""
    project = source / "pyproject.toml"
    if not project.exists():
        return ()
    said = tomllib.loads(project.read_text(encoding="utf-8"))
    return tuple(said.get("build-system", {}).get("requires", ()))


def _only_from(index: str, environ: dict[str, str]) -> dict[str, str]:
    """Return the settings with one index, which no proxy stands before."""
    places = {"PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_PROXY"}
    kept = {name: value for name, value in environ.items() if name not in places}
    if proxy := environ.get("PIP_PROXY"):
        kept |= {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy}
    spared = ",".join(filter(None, (environ.get("NO_PROXY"), "127.0.0.1")))
    return kept | {"PIP_INDEX_URL": index, "NO_PROXY": spared, "no_proxy": spared}


def _entry(file: Path) -> tuple[str, tuple[str, str]]:
    """Return the name, the version and the digest of a file that pip chose."""
    parse = parse_wheel_filename if file.suffix == ".whl" else parse_sdist_filename
    name, version, *_ = parse(file.name)
    return name, (str(version), hashlib.sha256(file.read_bytes()).hexdigest())


def _line(name: str, version: str, digest: str) -> str:
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"
