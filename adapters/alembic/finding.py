"""Where repositories of alembic lie, told by settings and by what folders hold."""

from __future__ import annotations

import configparser
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from adapters.reading import (
    UnreadableError,
    constants,
    is_folder,
    text_of,
    tree_of,
)
from harness.model.faults import FaultKind
from harness.model.history import Place, Trouble

TOOL = "alembic"
_SETTINGS = "alembic.ini"
_SECTION = "alembic"
_LOCATION = "script_location"
_SAYING = (
    _LOCATION,
    "version_locations",
    "path_separator",
    "version_path_separator",
    "recursive_version_locations",
    "sourceless",
)
_TRUE = {"true", "1", "yes", "on"}
_SEPARATORS = {"space": r"\s+", "newline": r"\n+", "os": os.pathsep, "": r",\s*|\s+"}
_CACHE = "__pycache__"
_NAMES_LOCATIONS = b"version_locations"


class Settings(msgspec.Struct, frozen=True):
    """What a settings file says, `%(here)s` and the like replaced."""

    file: Path
    script_location: str = ""
    version_locations: tuple[str, ...] = ()
    recursive: bool = False
    sourceless: bool = False
    trouble: Trouble | None = None


def find(files: Iterable[Path]) -> tuple[Place, ...]:
    """Return the repositories among files, those that settings name first."""
    files = sorted(files)
    places: dict[Path, Place] = {}
    for settings in (one for file in files for one in settings_in(file)):
        if _is_template(settings):
            continue
        place = _place_of(settings)
        places.setdefault(_key(place.directory), place)
    for folder in _environments(files):
        if _key(folder) not in places:
            _take_in(_unnamed(folder), places)
    if not places:
        places = {_key(p.directory): p for p in _bare(files)}
    return tuple(places.values())


def _is_template(settings: Settings) -> bool:
    """Tell whether an application fills in the location when it runs."""
    return bool(re.search(r"\{\w+\}", settings.script_location))


def _take_in(found: Place, places: dict[Path, Place]) -> None:
    """Add a repository; the settings above that lead nowhere are taken for its own."""
    for key, place in places.items():
        lost = place.troubles and not any(map(is_folder, place.versions))
        above = place.settings and place.settings.parent in found.directory.parents
        if lost and above:
            del places[key]
            found = msgspec.structs.replace(
                found, settings=place.settings, troubles=place.troubles
            )
            break
    places[_key(found.directory)] = found


def settings_in(file: Path) -> tuple[Settings, ...]:
    """Return what a file says of alembic, a section each; nothing if it is not for it."""
    if file.suffix == ".ini":
        return tuple(_in_ini(file))
    return tuple(_in_pyproject(file)) if file.name == "pyproject.toml" else ()


def settings_of(path: Path) -> Path | None:
    """Return the settings that a path is, or that lie in a folder; None without any."""
    file = path if path.suffix == ".ini" else path / _SETTINGS
    return file if file.is_file() else None


def folders_below(directory: Path) -> tuple[Path, ...]:
    """Return a folder and all folders in it that can hold scripts, links not followed."""
    found = []
    for root, names, _ in os.walk(directory):
        names[:] = sorted(
            n for n in names if n != "__pycache__" and not n.startswith(".")
        )
        found.append(Path(root))
    return tuple(found)


def _in_ini(file: Path) -> Iterator[Settings]:
    """Read the section [alembic], or all that `alembic --name` could be told instead."""
    here = str(file.parent).replace("%", "%%")
    parser = configparser.ConfigParser(defaults={"here": here})
    try:
        text = text_of(file)
        if not (_named(file) or b"script_location" in text):
            return
        parser.read_string(text.decode())
    except UnreadableError as error:
        if _named(file):
            yield _broken(file, f"cannot be read: {error}")
        return
    except (UnicodeDecodeError, configparser.Error) as error:
        words = str(error).splitlines()[0]
        yield _broken(file, f"is not an ini file that can be read: {words}")
        return
    saying = [name for name in parser.sections() if parser.has_option(name, _LOCATION)]
    for name in saying or [_SECTION]:
        if parser.has_section(name):
            yield _of_section(file, parser, name)
        elif _named(file):
            yield _broken(file, "has no section [alembic]")


def _of_section(file: Path, parser: configparser.ConfigParser, name: str) -> Settings:
    try:
        said = {
            key: parser.get(name, key)
            for key in _SAYING
            if parser.has_option(name, key)
        }
    except configparser.InterpolationError as error:
        return _broken(file, f"cannot be put together: {str(error).splitlines()[0]}")
    return _settings(file, said)


def _in_pyproject(file: Path) -> Iterator[Settings]:
    try:
        text = text_of(file)
        values = tomllib.loads(text.decode()).get("tool", {})
    except UnreadableError:
        return
    except ValueError as error:
        if b"[tool.alembic" in text:
            yield _broken(file, f"is not TOML: {str(error).splitlines()[0]}")
        return
    if isinstance(values, dict) and isinstance(values.get("alembic"), dict):
        yield _settings(file, values["alembic"])


def _settings(file: Path, values: Mapping[str, Any]) -> Settings:
    here = str(file.parent)
    raw = values.get("version_locations") or ""
    separator = values.get("path_separator") or values.get("version_path_separator")
    split = _SEPARATORS.get(str(separator or ""), str(separator or ""))
    locations = raw if isinstance(raw, list) else re.split(split, str(raw).strip())
    location = str(values.get("script_location") or "")
    return Settings(
        file=file,
        script_location=_filled(location, here),
        version_locations=tuple(_filled(str(name), here) for name in locations if name),
        recursive=str(values.get("recursive_version_locations")).lower() in _TRUE,
        sourceless=str(values.get("sourceless")).lower() in _TRUE,
        trouble=None if location else _no_location(file),
    )


def _filled(value: str, here: str) -> str:
    return re.sub(r"%%?\(here\)s?", lambda _: here, value)


def _place_of(settings: Settings) -> Place:
    if settings.trouble:
        folder = settings.file.parent
        if not settings.script_location and (folder / "env.py").is_file():
            # Flask-Migrate and others say it when they run: the settings lie inside.
            return _inside(folder, settings)
        return Place(
            tool=TOOL,
            directory=folder,
            versions=_versions_of(folder, settings),
            settings=settings.file,
            troubles=(settings.trouble,),
        )
    folder = located(settings.script_location, settings.file.parent)
    troubles: tuple[Trouble, ...] = ()
    if not is_folder(folder) and (settings.file.parent / "env.py").is_file():
        folder = settings.file.parent
    if not is_folder(folder):
        words = (
            f"names the script_location {settings.script_location}, which is no folder"
        )
        troubles = (_trouble(settings.file, words),)
    elif not os.path.lexists(folder / "env.py"):
        troubles = (_no_environment(folder),)
    versions = _versions_of(folder, settings)
    nested = settings.recursive or (
        not settings.version_locations and _names_locations(folder, settings.file)
    )
    return Place(
        tool=TOOL,
        directory=folder,
        versions=versions,
        settings=settings.file,
        nested=nested,
        troubles=(*troubles, *_compiled(settings, versions)),
    )


def _compiled(settings: Settings, versions: Iterable[Path]) -> Iterator[Trouble]:
    """Tell of scripts without their source, which alembic takes if it is told to."""
    if not settings.sourceless:
        return
    for folder in filter(is_folder, versions):
        files = tuple(file for file in _compiled_in(folder) if not _has_source(file))
        if files:
            words = (
                f"compiled, and without source: {len(files)}; `sourceless` has alembic "
                "take them, and nothing of them is read"
            )
            remedy = "assess a checkout that has their sources"
            yield Trouble(FaultKind.COMPILED, words, remedy, files)


def _compiled_in(folder: Path) -> Iterator[Path]:
    places = (place for top in folders_below(folder) for place in (top, top / _CACHE))
    for place in filter(is_folder, places):
        yield from sorted(place.glob("*.py[co]"))


def _has_source(file: Path) -> bool:
    cached = file.parent.name == _CACHE
    folder = file.parent.parent if cached else file.parent
    name = file.name.partition(".")[0] if cached else file.stem
    return name == "__init__" or (folder / f"{name}.py").exists()


def _inside(folder: Path, settings: Settings) -> Place:
    return Place(
        tool=TOOL,
        directory=folder,
        versions=_versions_of(folder, settings),
        settings=settings.file,
        nested=settings.recursive or _names_locations(folder, settings.file),
    )


def _versions_of(folder: Path, settings: Settings) -> tuple[Path, ...]:
    if not settings.version_locations:
        return (folder / "versions",)
    here = settings.file.parent
    return tuple(located(name, here) for name in settings.version_locations)


def located(location: str, here: Path) -> Path:
    """Return the folder that a location names, `package:folder` included.

    A relative one begins where the command is run, which is usually where the settings
    lie; a package is looked for there and above.
    """
    package, colon, rest = location.partition(":")
    if colon and not Path(location).is_absolute():
        inner = Path(*package.split("."), rest)
        return next((b / inner for b in (here, *here.parents) if is_folder(b / inner)),
                    here / inner)  # fmt: skip
    candidates = [here / location, *(above / location for above in here.parents)]
    return next((folder for folder in candidates if is_folder(folder)), candidates[0])


def _names_locations(folder: Path, settings: Path) -> bool:
    """Tell whether the application's code near the settings names version locations."""
    near = {*settings.parent.glob("*.py"), folder / "env.py"}
    return any(holds(file, _NAMES_LOCATIONS) for file in sorted(near))


def _environments(files: Iterable[Path]) -> Iterator[Path]:
    for file in files:
        folder = file.parent
        if file.name == "env.py" and (
            is_folder(folder / "versions") or (folder / "script.py.mako").is_file()
        ):
            yield folder


def _unnamed(folder: Path) -> Place:
    versions = (folder / "versions",)
    return Place(tool=TOOL, directory=folder, versions=versions, nested=True)


def _bare(files: Iterable[Path]) -> Iterator[Place]:
    """Return a folder of scripts that has neither settings nor an env.py."""
    holding = {f.parent for f in files if f.suffix == ".py" and is_script(f)}
    tops = [f for f in holding if not any(p in holding for p in f.parents)]
    for folder in sorted(tops):
        yield Place(tool=TOOL, directory=folder, versions=(folder,), nested=True)


def is_script(file: Path) -> bool:
    """Tell whether a file assigns what a revision does, and not only speaks of it."""
    if not holds(file, b"\ndown_revision"):
        return False
    try:
        return "down_revision" in constants(tree_of(file).body)
    except UnreadableError:
        return False


def holds(file: Path, words: bytes) -> bool:
    """Tell whether a file can be read and has words in it."""
    try:
        return words in text_of(file)
    except UnreadableError:
        return False


def _named(file: Path) -> bool:
    return file.name == _SETTINGS


def _broken(file: Path, words: str) -> Settings:
    return Settings(file, trouble=_trouble(file, words))


def _no_location(file: Path) -> Trouble:
    return _trouble(file, "does not say script_location")


def _trouble(file: Path, words: str) -> Trouble:
    remedy = "write script_location = FOLDER under [alembic], and make the folder"
    return Trouble(FaultKind.SETTINGS, words, remedy, (file,))


def _no_environment(folder: Path) -> Trouble:
    words = "has no env.py, which every command that meets a database runs"
    remedy = "write one, as `alembic init` does in a new folder"
    return Trouble(FaultKind.SETTINGS, words, remedy, (folder,))


def _key(folder: Path) -> Path:
    # Not resolve(): that fails on links that go round in circles.
    return Path(os.path.realpath(folder))
