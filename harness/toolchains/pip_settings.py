"""pip's settings, read as pip reads them: configuration files, then `PIP_` variables.

The files, their order and the meaning of `PIP_CONFIG_FILE` are those of
https://pip.pypa.io/en/stable/topics/configuration/.
"""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import platformdirs

_NAME = "pip.ini" if sys.platform == "win32" else "pip.conf"
_SECTIONS = ("global", "install")


class PipSettingsError(Exception):
    """A configuration file of pip that cannot be read; the message names the file."""


def pip_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of `pip install` by option name, such as `index-url`."""
    return _from_files(config_files(environ)) | _from_variables(environ)


def config_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the files that pip reads where they exist; a later one wins."""
    named = environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return ()
    if named and Path(named).exists():
        return (*_global_files(), Path(sys.prefix, _NAME), Path(named))
    return (*_global_files(), *_user_files(), Path(sys.prefix, _NAME))


def _global_files() -> tuple[Path, ...]:
    if sys.platform == "darwin":
        shared = platformdirs.site_data_dir("pip", appauthor=False, multipath=True)
    else:
        shared = platformdirs.site_config_dir("pip", appauthor=False, multipath=True)
    directories = [Path(part) for part in shared.split(os.pathsep)]
    if sys.platform not in {"darwin", "win32"}:
        directories.append(Path("/etc"))
    return tuple(directory / _NAME for directory in directories)


def _user_files() -> tuple[Path, ...]:
    legacy = "pip" if sys.platform == "win32" else ".pip"
    user = platformdirs.user_config_path("pip", appauthor=False, roaming=True)
    if sys.platform == "darwin" and not user.is_dir():
        user = Path.home() / ".config" / "pip"
    return (Path.home() / legacy / _NAME, user / _NAME)


def _from_files(paths: tuple[Path, ...]) -> dict[str, str]:
    by_section: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
    for path in paths:
        parser = _parse(path)
        for section, settings in by_section.items():
            if parser.has_section(section):
                settings.update(_named(dict(parser.items(section))))
    merged: dict[str, str] = {}
    for settings in by_section.values():
        merged.update(_filled(settings))
    return merged


def _from_variables(environ: Mapping[str, str]) -> dict[str, str]:
    prefix = "PIP_"
    found = {
        name.removeprefix(prefix): value
        for name, value in environ.items()
        if name.startswith(prefix)
    }
    return _filled(_named(found))


def _parse(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    try:
        if path.exists():
            parser.read_string(path.read_text(encoding="utf-8"))
    # The parser's own message quotes the line, which may hold a password.
    except (configparser.Error, UnicodeDecodeError):
        message = f"{path}, a configuration file of pip, is not well formed"
        raise PipSettingsError(message) from None
    except OSError as error:
        message = f"{path}, a configuration file of pip, cannot be read: {error}"
        raise PipSettingsError(message) from error
    return parser


def _named(settings: Mapping[str, str]) -> dict[str, str]:
    return {
        name.lower().replace("_", "-").removeprefix("--"): value
        for name, value in settings.items()
    }


def _filled(settings: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in settings.items() if value}
