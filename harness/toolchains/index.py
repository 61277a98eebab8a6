"""Where uv and pip get files from: what the user told the one, and else the other.

Many users have told only pip about their index, proxy and certificates, and uv reads
none of that. What they told uv always wins, for pip as well.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

_TRUE = {"y", "yes", "t", "true", "on", "1"}


class UvSettings(NamedTuple):
    """Additional environment variables and command line options for uv."""

    environ: dict[str, str]
    options: tuple[str, ...]


class _Translation(NamedTuple):
    option: str
    variable: str
    convert: Callable[[str], str]
    unless: tuple[str, ...]
    """Variables that settle the matter when the user has set one of them."""


def _last(value: str) -> str:
    return value.rsplit(maxsplit=1)[-1]


def _spaced(value: str) -> str:
    return " ".join(value.split())


def _paths(value: str) -> str:
    return ",".join(_path(part) for part in value.split())


def _path(value: str) -> str:
    return str(Path(value).expanduser()) if value.startswith("~") else value


def _seconds(value: str) -> str:
    return value.partition(".")[0]


_SOURCES = (
    _Translation(
        "index-url", "UV_DEFAULT_INDEX", _last, ("UV_DEFAULT_INDEX", "UV_INDEX_URL")
    ),
    _Translation(
        "extra-index-url", "UV_INDEX", _spaced, ("UV_INDEX", "UV_EXTRA_INDEX_URL")
    ),
    _Translation("find-links", "UV_FIND_LINKS", _paths, ("UV_FIND_LINKS",)),
)
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS")
_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
_TIMEOUTS = ("UV_HTTP_TIMEOUT", "UV_REQUEST_TIMEOUT", "HTTP_TIMEOUT")
_TRANSPORT = (
    _Translation("cert", "SSL_CERT_FILE", _path, _CERTIFICATES),
    _Translation("client-cert", "SSL_CLIENT_CERT", _path, ("SSL_CLIENT_CERT",)),
    _Translation(
        "proxy",
        "ALL_PROXY",
        str,
        (*_PROXIES, *(name.lower() for name in _PROXIES)),
    ),
    _Translation("trusted-host", "UV_INSECURE_HOST", _spaced, ("UV_INSECURE_HOST",)),
    _Translation("default-timeout", "UV_HTTP_TIMEOUT", _seconds, _TIMEOUTS),
    _Translation("timeout", "UV_HTTP_TIMEOUT", _seconds, _TIMEOUTS),
    _Translation("retries", "UV_HTTP_RETRIES", str, ("UV_HTTP_RETRIES",)),
)
_SOURCE_KEYS = {"index", "index-url", "extra-index-url", "find-links", "no-index"}


def _url(index: str) -> str:
    """Return the address of an index that may have a name: `NAME=https://…`."""
    return re.sub(r"^[\w.-]+=(?=\w+:)", "", index)


def _urls(value: str) -> str:
    return " ".join(map(_url, value.split()))


# A later one wins, as it does for uv.
_FOR_PIP: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("UV_INDEX_URL", "index-url", str),
    ("UV_DEFAULT_INDEX", "index-url", _url),
    ("UV_EXTRA_INDEX_URL", "extra-index-url", _spaced),
    ("UV_INDEX", "extra-index-url", _urls),
    ("UV_FIND_LINKS", "find-links", lambda value: " ".join(value.split(","))),
    ("SSL_CERT_FILE", "cert", str),
    ("SSL_CLIENT_CERT", "client-cert", str),
    ("UV_INSECURE_HOST", "trusted-host", _spaced),
    ("UV_HTTP_TIMEOUT", "timeout", str),
    ("UV_HTTP_RETRIES", "retries", str),
)


def uv_settings(pip: Mapping[str, str], environ: Mapping[str, str]) -> UvSettings:
    """Translate pip's settings for uv, as far as uv has none of its own."""
    if uv_names_sources(environ):
        return UvSettings(_translate(_TRANSPORT, pip, environ), ())
    translated = _translate((*_SOURCES, *_TRANSPORT), pip, environ)
    chosen = any(name in environ for source in _SOURCES for name in source.unless)
    closed = pip.get("no-index", "").lower() in _TRUE and not chosen
    return UvSettings(translated, ("--no-index",) if closed else ())


def pip_sources(pip: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for a pip that is told where files come from, and no more.

    uv's variables are translated; its configuration files are for uv alone.
    """
    known = {t.option for t in (*_SOURCES, *_TRANSPORT)} | {"no-index"}
    told = {option: value for option, value in pip.items() if option in known}
    for variable, option, convert in _FOR_PIP:
        if value := environ.get(variable):
            told[option] = convert(value)
    if environ.get("UV_OFFLINE", "").lower() in _TRUE:
        told["no-index"] = "1"
    return {f"PIP_{option.upper().replace('-', '_')}": told[option] for option in told}


def uv_names_sources(environ: Mapping[str, str]) -> bool:
    """Say whether a configuration file of uv's says where packages come from."""
    return any(_names_sources(path) for path in _uv_files(environ) if path.is_file())


def _translate(
    translations: tuple[_Translation, ...],
    pip: Mapping[str, str],
    environ: Mapping[str, str],
) -> dict[str, str]:
    return {
        translation.variable: translation.convert(pip[translation.option])
        for translation in translations
        if translation.option in pip
        and not any(environ.get(name) for name in translation.unless)
    }


def _uv_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    if environ.get("UV_NO_CONFIG"):
        return ()
    if named := environ.get("UV_CONFIG_FILE"):
        return (Path(named),)
    home = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    shared = (environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep)
    places = (home, *map(Path, shared), Path("/etc"))
    return tuple(place / "uv" / "uv.toml" for place in places)


def _names_sources(path: Path) -> bool:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
        # uv reads the same file, and says itself what is wrong with it.
        return True
    pip = content.get("pip", {})
    return not _SOURCE_KEYS.isdisjoint(content.keys() | pip.keys())
