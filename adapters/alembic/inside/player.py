"""Plays an alembic repository revision by revision, through the tool's API.

Runs in the history's own environment, on Python 2.7 and later; `NoDowngrade` is given
by whoever runs it. The project's env.py is not run, unless the repository asks for it:
a bare one would connect and run the step, and so does `_bare`. Where it is run, it may
connect to the database of this replay only: see `_Guard`.
"""

import os
import re
import sys

import alembic
import sqlalchemy

# An env.py has imported an application's models, and scripts count on what that loads.
import sqlalchemy.orm
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

try:
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext, MigrationStep
except ImportError:
    from alembic.environment import EnvironmentContext
    from alembic.migration import MigrationContext

    try:
        from alembic.migration import MigrationStep
    except ImportError:
        raise ImportError(
            "alembic %s has no steps that can be taken one by one: they came with 0.7.0"
            % alembic.__version__
        )


class OtherDatabaseError(Exception):
    """The project's env.py would run the scripts elsewhere than it was asked to."""


class _Guard(object):
    """Stands between an env.py and alembic: it lets through one database, and no others.

    It is put on an environment, which alembic's proxies know by its very class. An
    env.py may swallow what is raised in it, so what was refused is kept.
    """

    def __init__(self, environment, place):
        self.refused = None
        self._place = place
        self._connected = False
        self._configure = environment.configure
        self._run_migrations = environment.run_migrations
        environment.configure = self.configure
        environment.run_migrations = self.run_migrations

    def configure(self, connection=None, *rest, **named):
        if connection is not None:
            self._check(connection)
            self._connected = True
        self._configure(connection, *rest, **named)

    def run_migrations(self, **named):
        if not self._connected:
            self._refuse("env.py gives no connection to run the migrations by")
        self._run_migrations(**named)

    def _check(self, connection):
        if _place(connection) != self._place:
            self._refuse(
                "env.py connects to %s, not to the database of this replay, and no "
                "migration was run there; hand over the replay's own with --env "
                "NAME={url}, NAME being the variable that env.py takes it from"
                % _called(connection)
            )

    def _refuse(self, words):
        self.refused = OtherDatabaseError(words)
        raise self.refused


_WHERE = {
    "sqlite": "PRAGMA database_list",
    "postgresql": "SELECT current_database(), "
    "CAST(EXTRACT(EPOCH FROM pg_postmaster_start_time()) AS text)",
    "mysql": "SELECT DATABASE(), @@hostname, @@port, @@datadir",
}


def _place(connection):
    """Return which database a connection leads to, as the database itself says it.

    A server may be reached by several addresses, and an address may be an alias.
    """
    name = _backend(connection)
    if name not in _WHERE:
        return name, repr(connection.engine.url)
    rows = _asked(connection, _WHERE[name])
    if name != "sqlite":
        return name, rows
    return name, os.path.realpath(_file(rows)) if _file(rows) else id(connection)


def _backend(connection):
    return connection.dialect.name.replace("mariadb", "mysql")


def _file(rows):
    return next(row[2] for row in rows if row[1] == "main")


def _asked(connection, question):
    """Ask past SQLAlchemy, which would begin a transaction that alembic leaves open."""
    driver = connection.connection
    cursor = driver.cursor()
    cursor.execute(question)
    rows = [tuple(getattr(row, "values", row.__iter__)()) for row in cursor.fetchall()]
    cursor.close()
    if not connection.in_transaction():
        driver.rollback()
    return rows


def _called(connection):
    """Return a database's name for people, without a password."""
    if _backend(connection) != "sqlite":
        return repr(connection.engine.url)
    return _file(_asked(connection, _WHERE["sqlite"])) or "a database in memory"


class Player(object):
    def __init__(self, repository, url):
        self._url = url
        self._engine = create_engine(url, poolclass=NullPool)
        self._own = repository.get("own_environment", False)
        self._run = None, {}
        settings = repository.get("settings") or repository.get("beside")
        self._config = Config(settings or None)
        self._config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        if repository.get("settings"):
            self._script = _where_it_lies(repository["settings"], self._config)
        else:
            directory = repository["directory"]
            places = repository["versions"]
            self._config.set_main_option(
                "script_location", directory.replace("%", "%%")
            )
            _prepend(self._config)
            self._script = ScriptDirectory(directory, version_locations=places)

        if self._own and not os.path.exists(self.environment):
            raise ValueError("it has no env.py to run; leave out --own-environment")
        if self._own:
            with self._engine.connect() as connection:
                self._place = _place(connection)

    @property
    def environment(self):
        """The file of the project that runs the scripts, where it is its own."""
        return os.path.join(self._script.dir, "env.py") if self._own else ""

    def steps(self):
        ordered = self._script._upgrade_revs("heads", ())
        return [
            {
                "id": step.revision.revision,
                "script": os.path.abspath(step.revision.path),
                "message": step.revision.doc or "",
                "parents": _before(step.revision),
            }
            for step in ordered
        ]

    def current(self):
        with self._engine.connect() as connection:
            return list(MigrationContext.configure(connection).get_current_heads())

    def up(self, revision):
        self._step(revision, MigrationStep.upgrade_from_script, "up")

    def down(self, revision):
        module = self._script.get_revision(revision).module
        if not hasattr(module, "downgrade"):
            raise NoDowngrade("the script has no function downgrade")
        try:
            self._step(revision, MigrationStep.downgrade_from_script, "down")
        except NotImplementedError as error:
            raise NoDowngrade("its downgrade raises NotImplementedError: %s" % error)

    def stamp(self, revision):
        """Say where a database is, as the command `stamp` does."""
        self._within(lambda heads, _: self._script._stamp_revs(revision, heads))

    def versions(self):
        return {"alembic": alembic.__version__, "SQLAlchemy": sqlalchemy.__version__}

    def _step(self, revision, made, direction):
        script = self._script.get_revision(revision)
        step = made(self._script.revision_map, script)
        self._within(lambda _, context: self._in_one_run(context, direction, [step]))

    def _in_one_run(self, context, direction, steps):
        """Have steps of one direction share what a run over several remembers.

        That is which types of PostgreSQL it has made, and need not make again.
        """
        if self._run[0] != direction:
            self._run = direction, {}
        if hasattr(context.impl, "memo"):
            context.impl.memo = self._run[1]
        return steps

    def _within(self, steps):
        with EnvironmentContext(self._config, self._script, fn=steps) as environment:
            if self._own:
                self._guarded(environment)
            else:
                self._bare(environment)

    def _guarded(self, environment):
        guard = _Guard(environment, self._place)
        self._script.run_env()
        if guard.refused:
            raise guard.refused

    def _bare(self, environment):
        batch = self._engine.dialect.name == "sqlite"
        with self._engine.connect() as connection:
            environment.configure(
                connection=connection, target_metadata=None, render_as_batch=batch
            )
            with environment.begin_transaction():
                environment.run_migrations()


def _where_it_lies(settings, config):
    """Load the scripts: what the settings name is seen from the settings' folder."""
    stands = os.getcwd()
    os.chdir(os.path.dirname(os.path.abspath(settings)))
    try:
        place = config.get_main_option("script_location") or ""
        if ":" not in place:
            place = os.path.abspath(place)
            config.set_main_option("script_location", place.replace("%", "%%"))
        script = ScriptDirectory.from_config(config)
        script.get_heads()
        sys.path[:] = [os.path.abspath(entry) for entry in sys.path]
    finally:
        os.chdir(stands)
    return script


def _prepend(config):
    """Put on the path what settings name for it, as seen from where they lie."""
    named = config.get_main_option("prepend_sys_path") or ""
    here = os.path.dirname(os.path.abspath(config.config_file_name or ""))
    places = [name for name in re.split(r"[\s,:]+", named) if name]
    sys.path[:0] = [os.path.join(here, name) for name in places]


def _before(revision):
    """Return the parents of a revision, and what it depends on."""
    everything = getattr(revision, "_all_down_revisions", None)
    return _several(revision.down_revision if everything is None else everything)


def _several(value):
    if value is None:
        return []
    return list(value) if isinstance(value, (tuple, list, set, frozenset)) else [value]
