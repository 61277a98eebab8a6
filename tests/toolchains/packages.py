"""Tiny wheels, made in a moment, and locks that pin them."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

from harness.model.toolchain import Toolchain

_WHEEL = """Wheel-Version: 1.0
Generator: tests
Root-Is-Purelib: true
Tag: {tag}
"""
_SCRIPTS = "[console_scripts]\n{name} = {name}:main\n"


def make_wheel(
    directory: Path,
    name: str = "tiny",
    version: str = "1.0",
    needs: str = "",
    tag: str = "py3-none-any",
) -> Path:
    """Make a wheel with one module, and a console script, of its name."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files = {
        f"{name}.py": "def main():\n    print('here')\n",
        f"{info}/METADATA": metadata + (f"Requires-Dist: {needs}\n" if needs else ""),
        f"{info}/WHEEL": _WHEEL.format(tag=tag),
        f"{info}/entry_points.txt": _SCRIPTS.format(name=name),
    }
    rows = [f"{path},{_record_hash(text)},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""])
    path = directory / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in files.items():
            archive.writestr(member, text)
    return path


def make_source(directory: Path, name: str, setup: str) -> Path:
    """Make a source distribution, version 1.0, that consists of a setup.py."""
    metadata = f"Metadata-Version: 1.0\nName: {name}\nVersion: 1.0\n"
    path = directory / f"{name}-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for member, text in (("setup.py", setup), ("PKG-INFO", metadata)):
            content = text.encode()
            info = tarfile.TarInfo(f"{name}-1.0/{member}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def lock_line(distribution: Path) -> str:
    """Return the line of a lock that pins a wheel or a source distribution."""
    name, version, *_ = distribution.name.removesuffix(".tar.gz").split("-")
    digest = hashlib.sha256(distribution.read_bytes()).hexdigest()
    return f"{name}=={version} --hash=sha256:{digest}\n"


def toolchain(lock: Path, name: str = "test") -> Toolchain:
    """Return a toolchain with a lock."""
    return Toolchain(name, str(lock), "for a test")


def _record_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256={base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"
