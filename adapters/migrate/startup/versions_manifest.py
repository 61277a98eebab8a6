"""The proposal of 2013 as a patch of sqlalchemy-migrate: a manifest of versions.

`versions.json` beside the scripts maps each version number to its list of files, one
version a line, the newest first. Where it is present it says which file belongs to
which version, and file names need no number. Runs on Python 2.7 as well.
"""

import collections
import json
import os

from migrate.exceptions import KnownError, ScriptError
from migrate.versioning import pathed, script
from migrate.versioning.version import Collection, VerNum, Version, str_to_filename

MANIFEST = "versions.json"
stock_init = Collection.__init__
stock_python_version = Collection.create_new_python_version
stock_sql_version = Collection.create_new_sql_version


def read(path):
    try:
        with open(path) as manifest:
            pairs = json.load(manifest, object_pairs_hook=tuple)
        return [(int(number), [str(name) for name in files]) for number, files in pairs]
    except (TypeError, ValueError) as error:
        raise ScriptError("%s cannot be read: %s" % (path, error))


def write(path, files_of):
    newest_first = sorted(files_of.items(), reverse=True)
    lines = [
        '  "%d": %s' % (number, json.dumps(files)) for number, files in newest_first
    ]
    with open(path, "w") as manifest:
        manifest.write("{\n%s\n}\n" % ",\n".join(lines))


def repeated(items):
    return sorted(
        item for item, times in collections.Counter(items).items() if times > 1
    )


def problems(entries, directory):
    listed = [name for _, files in entries for name in files]
    present = [
        name
        for name in os.listdir(directory)
        if name.endswith((".py", ".sql")) and name != "__init__.py"
    ]
    for number in sorted(number for number, _ in entries if number < 1):
        yield "version %d is below 1" % number
    for number in repeated(number for number, _ in entries):
        yield "version %d is there more than once" % number
    for name in repeated(listed):
        yield "%s is listed more than once" % name
    for name in sorted(set(listed) - set(present)):
        yield "%s is listed, but there is no such file" % name
    for name in sorted(set(present) - set(listed)):
        yield "%s is in the directory, but not listed" % name


def init(self, path):
    self.manifest = os.path.join(path, MANIFEST)
    if not os.path.exists(self.manifest):
        return stock_init(self, path)
    pathed.Pathed.__init__(self, path)
    entries = read(self.manifest)
    found = list(problems(entries, path))
    if found:
        raise ScriptError("%s: %s" % (self.manifest, "; ".join(found)))
    self.files_of = dict(entries)
    self.versions = dict(
        (VerNum(number), Version(number, path, files)) for number, files in entries
    )


def create(self, kind, names, description, options):
    if not description.strip():
        raise KnownError("With a manifest, a script is named by its description.")
    number = self._next_ver_num(options.pop("use_timestamp_numbering", False))
    for name in names:
        kind.create(self._version_path(name), **options)
    self.files_of[int(number)] = names
    write(self.manifest, self.files_of)
    self.versions[number] = Version(number, self.path, names)


def create_new_python_version(self, description, **options):
    if not os.path.exists(self.manifest):
        return stock_python_version(self, description, **options)
    names = ["%s.py" % str_to_filename(description)]
    create(self, script.PythonScript, names, description, options)


def create_new_sql_version(self, database, description, **options):
    if not os.path.exists(self.manifest):
        return stock_sql_version(self, database, description, **options)
    stem = "%s_%s" % (str_to_filename(description), database)
    names = ["%s_%s.sql" % (stem, operation) for operation in ("upgrade", "downgrade")]
    create(self, script.SqlScript, names, description, options)


Collection.__init__ = init
Collection.create_new_python_version = create_new_python_version
Collection.create_new_sql_version = create_new_sql_version
