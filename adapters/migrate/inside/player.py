"""Plays a sqlalchemy-migrate repository version by version, through the tool's API.

Runs in the history's own environment, on Python 2.7 and later; `NoDowngrade` is given
by whoever runs it. Scripts are imported by the tool when it runs them.
"""

from migrate.versioning import api
from migrate.versioning.repository import Repository
from migrate.versioning.schema import ControlledSchema
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool


class Player(object):
    def __init__(self, repository, url):
        if repository.get("own_environment"):
            raise ValueError("it has no env.py to run; leave out --own-environment")
        self._repository = Repository(repository["directory"])
        self._engine = create_engine(url, poolclass=NullPool)
        numbers = sorted(int(n) for n in self._repository.versions.versions)
        self._numbers = [number for number in numbers if number > 0]

    def steps(self):
        before = [""] + [str(number) for number in self._numbers]
        return [
            {
                "id": str(number),
                "script": self._script(number),
                "message": "",
                "parents": [parent] if parent else [],
            }
            for number, parent in zip(self._numbers, before)
        ]

    def current(self):
        try:
            found = int(self._schema().version)
        except api.exceptions.DatabaseNotControlledError:
            return []
        return [str(found)] if found in self._numbers else []

    def up(self, number):
        if not self._numbers or int(number) == self._numbers[0]:
            self._take_control(int(number) - 1)
        self._fresh(int(number), "upgrade")
        self._run(int(number))

    def down(self, number):
        module = getattr(self._fresh(int(number), "downgrade"), "module", None)
        if module is not None and not hasattr(module, "downgrade"):
            raise NoDowngrade("the script has no function downgrade")
        self._run(int(number) - 1)

    def versions(self):
        import pkg_resources
        import sqlalchemy

        tool = pkg_resources.get_distribution("sqlalchemy-migrate").version
        return {"sqlalchemy-migrate": tool, "SQLAlchemy": sqlalchemy.__version__}

    def _schema(self):
        return ControlledSchema(self._engine, self._repository)

    def _take_control(self, version):
        """Begin a number before the first one, which need not be 1."""
        try:
            self._schema()
        except api.exceptions.DatabaseNotControlledError:
            ControlledSchema.create(self._engine, self._repository, version)

    def _run(self, target):
        schema = self._schema()
        changes = schema.changeset(target)
        for version, change in changes:
            schema.runchange(version, change, changes.step)

    def _fresh(self, number, operation):
        """Have a script imported anew, as by every command of the tool."""
        script = self._repository.versions.version(number).script(
            self._engine.name, operation
        )
        vars(script).pop("_module", None)
        return script

    def _script(self, number):
        version = self._repository.versions.version(number)
        return str(version.script(self._engine.name, "upgrade").path)
