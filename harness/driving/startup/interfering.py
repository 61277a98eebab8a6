"""Interferes with a process in the ways that a story asks for.

Runs inside a toolchain, on interpreters down to Python 2.7. What is asked for:

`missing`: a comma between names of modules that are not to be found.
`enforce`: `keys` has every connection to SQLite enforce foreign keys.
`kill_at`: the process ends (SIGKILL) when SQLite is about to do this in a table copy:
`fill` (the first row goes into a table), `drop` (a table is dropped), `dropped` (whatever
follows that). SQLite asks its authorizer before it runs a statement, so the moment is the
same in every run.
`kill_waiting`: the name of a driver's module and of a table, with a comma between. The
process ends (SIGKILL) when the server has a statement of it that needs what another
session holds: all rows of the table. That session ends with the process, so that the
server goes on with the statement for a client that is gone.
`work`: at its end, the process works for so many seconds more, as a processor has them.
"""

import os
import signal
import sys
import threading
import time

_CREATE_INDEX, _DROP_TABLE, _INSERT, _UPDATE, _ALTER_TABLE = 1, 11, 18, 23, 26
_OK = 0
_WAITING = {
    "psycopg2": "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'",
    "pymysql": "SELECT count(*) FROM information_schema.PROCESSLIST AS p "
    "LEFT JOIN information_schema.INNODB_TRX AS t ON t.trx_mysql_thread_id = p.ID "
    "WHERE p.DB = DATABASE() "
    "AND (t.trx_state = 'LOCK WAIT' OR p.STATE LIKE 'Waiting for %lock')",
}
_PAUSE = 0.2
"""Asked more often, InnoDB tells again what it told before."""


def install(hooks):
    """Do what `hooks`, a mapping of words, asks for."""
    if hooks.get("missing"):
        _take_away(hooks["missing"].split(","))
    if hooks.get("work"):
        _work_longer(float(hooks["work"]))
    if hooks.get("enforce") or hooks.get("kill_at"):
        _wrap_sqlite(hooks.get("enforce") == "keys", hooks.get("kill_at"))
    if hooks.get("kill_waiting"):
        _wrap_server(*hooks["kill_waiting"].split(","))


class _Missing(object):
    """A finder that does not find some modules, in the words of the real thing."""

    def __init__(self, names):
        self.names = names

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            raise ModuleNotFoundError("No module named %r" % name, name=name)

    def find_module(self, name, path=None):
        return self if name.split(".")[0] in self.names else None

    def load_module(self, name):
        raise ImportError("No module named %s" % name)


def _take_away(names):
    """Forget modules that a warm process has loaded, and find them no more."""
    for loaded in list(sys.modules):
        if loaded.split(".")[0] in names:
            del sys.modules[loaded]
    sys.meta_path.insert(0, _Missing(names))


def _work_longer(seconds):
    import atexit
    import time

    def work():
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass

    atexit.register(work)


def _wrap_sqlite(enforce, kill_at):
    import sqlite3

    plain = sqlite3.connect
    killer = _Killer(kill_at) if kill_at else None

    def connect(*arguments, **named):
        connection = plain(*arguments, **named)
        if enforce:
            connection.execute("PRAGMA foreign_keys = ON")
        if killer is not None:
            connection.set_authorizer(killer)
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = connect


class _Killer(object):
    """Is asked by SQLite about every action, and ends the process at one of them.

    One asks for all connections: a tool may drop over one and go on over another.
    """

    def __init__(self, moment):
        self.moment = moment
        self.dropped = False

    def __call__(self, action, name, *_):
        own = not (name or "").startswith("sqlite_")
        if self.moment == "fill":
            now = action == _INSERT and own
        elif self.moment == "drop":
            now = action == _DROP_TABLE
        else:
            follows = action in (_ALTER_TABLE, _CREATE_INDEX, _UPDATE) and own
            now = self.dropped and follows
        if now:
            os.kill(os.getpid(), signal.SIGKILL)
        self.dropped = self.dropped or action == _DROP_TABLE
        return _OK


def _wrap_server(driver, table):
    module = __import__(driver)
    plain = module.connect
    holding = []

    def connect(*arguments, **named):
        if not holding:
            holding.append(plain(*arguments, **named))
            _ask(holding[0], "SELECT * FROM %s FOR UPDATE" % table)
            watching = plain(*arguments, **named)
            watcher = threading.Thread(target=_watch, args=(watching, _WAITING[driver]))
            watcher.daemon = True
            watcher.start()
        return plain(*arguments, **named)

    module.connect = connect


def _watch(connection, question):
    """End the process when the server says that a session waits for another one."""
    while not _ask(connection, question)[0][0]:
        connection.rollback()
        time.sleep(_PAUSE)
    os.kill(os.getpid(), signal.SIGKILL)


def _ask(connection, question):
    cursor = connection.cursor()
    cursor.execute(question)
    return cursor.fetchall()
