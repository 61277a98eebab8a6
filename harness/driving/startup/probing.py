"""Records what a process does with its time, and what it tells a database.

Runs inside a toolchain, on interpreters down to Python 2.7, and imports nothing there
that an interpreter has not loaded anyway, so that the imports are the tool's. A file tells
it where to write, and which functions belong to which phase, as `module:attribute`; each
is wrapped as soon as its module is loaded.

Phases are a stack: a function's time is its own, without that of others that are marked.
What is neither marked nor an import is the base's: `imports` before the command's main
function is called, `rest` inside it, `exit` after it.

An import is one that had to be done, wherever in the process, with all that it loads. A
module below the working directory, such as a migration, belongs to what loads it.

Names of phases are those of `harness.model.anatomy.Phase`.

The drivers' connections are replaced by ones that tell of each statement: its text, its
seconds, and the phase in which it was run.
"""

import atexit
import os
import sys
import time
from _weakref import ref

_DRIVERS = ("sqlite3.dbapi2", "psycopg2", "pymysql")


def _clock():
    """Return a clock like that of the harness: Python 2.7 has none by itself."""
    if hasattr(time, "monotonic"):
        return time.monotonic
    import ctypes

    class Spec(ctypes.Structure):
        _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]

    told = Spec()
    ctypes.CDLL(None).clock_gettime(1, ctypes.byref(told))
    offset = told.seconds + told.nanoseconds * 1e-9 - time.time()
    return lambda: time.time() + offset


class Probe(object):
    """The stack of phases, what each took, and what was told to a database."""

    def __init__(self, begun, order):
        clock = _clock()
        # The time at the first line of all, which Python 2.7 took by another clock.
        passed = (time.monotonic if hasattr(time, "monotonic") else time.time)() - begun
        self.clock = clock
        self.begun = clock() - passed
        self.output = order[0]
        self.here = os.path.join(os.getcwd(), "")
        self.wanted = {}
        for line in order[1:]:
            phase, name = line.split("\t")
            module, attribute = name.split(":")
            self.wanted.setdefault(module, []).append((phase, attribute))
        self.base = "imports"
        self.main_called = False
        self.spent = {}
        self.stack = []
        self.since = clock()
        self.unknown = []
        self.found = []
        self.statements = []
        self.traced = []
        self.traces = False
        self.rows = 0
        self.connections = []

    def enter(self, phase):
        """Begin a phase inside the one that is going on."""
        self._book()
        self.stack.append([phase, 0.0])

    def leave(self, inherit=False):
        """End the innermost phase; its time may turn out to be that of the one around."""
        self._book()
        phase, seconds = self.stack.pop()
        if inherit and self.stack:
            self.stack[-1][1] += seconds
        else:
            self._spend(self.base if inherit else phase, seconds)

    def drop(self):
        """End the innermost phase and return its seconds, which are told elsewhere."""
        self._book()
        return self.stack.pop()[1]

    def phase(self):
        """Return the phase that is going on."""
        return self.stack[-1][0] if self.stack else self.base

    def turn(self, base):
        """Go on to the next part of the process."""
        self._book()
        self.base = base

    def _book(self):
        now = self.clock()
        if self.stack:
            self.stack[-1][1] += now - self.since
        else:
            self._spend(self.base, now - self.since)
        self.since = now

    def _spend(self, phase, seconds):
        self.spent[phase] = self.spent.get(phase, 0.0) + seconds

    def say(self, end_of_installing):
        """Write all that was recorded, into a file of this process's own.

        A second line says when that was written.
        """
        self._book()
        import json

        for reference in self.connections:
            connection = reference()
            if connection is not None:
                connection.count_rows()
        told = {
            "begun": self.begun,
            "probe": end_of_installing - self.begun,
            "spent": self.spent,
            "ended": self.since,
            "main_called": self.main_called,
            "unknown": sorted(self.unknown),
            "found": sorted(self.found),
            "statements": self.statements,
            "traced": self.traced if self.traces else None,
            "rows": self.rows if self.traces else None,
        }
        text = json.dumps(told)
        path = os.path.join(self.output, "%d.json" % os.getpid())
        with open(path, "w") as file:
            file.write("%s\n%r\n" % (text, self.clock()))


def install(begun, path):
    """Begin to record; `begun` is when the first line of ours ran."""
    with open(path) as file:
        order = file.read().splitlines()
    probe = Probe(begun, order)
    for driver in _DRIVERS:
        probe.wanted.setdefault(driver, []).append(("driver", driver))
    for name in list(probe.wanted):
        if name in sys.modules:
            _patch(probe, name)
    _watch_imports(probe)
    probe.since = probe.clock()
    atexit.register(probe.say, probe.since)


def _watch_imports(probe):
    if sys.version_info[0] == 2:
        _watch_every_import(probe)
        return
    bootstrap = sys.modules["_frozen_importlib"]
    plain = bootstrap._find_and_load

    def _find_and_load(name, import_):
        probe.enter("imports")
        try:
            return plain(name, import_)
        finally:
            probe.leave(_is_of_here(probe, name))
            if name in probe.wanted:
                _patch(probe, name)

    bootstrap._find_and_load = _find_and_load


def _watch_every_import(probe):
    import __builtin__

    plain = __builtin__.__import__

    def import_(name, *rest, **named):
        probe.enter("imports")
        try:
            return plain(name, *rest, **named)
        finally:
            probe.leave(_is_of_here(probe, name))
            # A module that is there may be loaded half, until all imports have ended.
            if "imports" not in [phase for phase, _ in probe.stack]:
                for wanted in list(probe.wanted):
                    _patch(probe, wanted)

    __builtin__.__import__ = import_


def _is_of_here(probe, name):
    """Tell whether a module lies below the working directory."""
    file = getattr(sys.modules.get(name), "__file__", None) or ""
    return os.path.abspath(file).startswith(probe.here)


def _patch(probe, name):
    module = sys.modules.get(name)
    if module is None:
        return
    for phase, attribute in probe.wanted.pop(name):
        if phase == "driver":
            _DRIVER_PATCHES[attribute](probe, module)
            continue
        if _wrap(probe, module, attribute, phase):
            probe.found.append("%s:%s" % (name, attribute))
        else:
            probe.unknown.append("%s:%s" % (name, attribute))


def _wrap(probe, module, attribute, phase):
    """Wrap a function, method or property; tell whether there is such a thing."""
    owner = module
    path = attribute.split(".")
    for part in path[:-1]:
        owner = getattr(owner, part, None)
    plain = getattr(owner, "__dict__", {}).get(path[-1])
    if plain is None:
        return False
    if isinstance(plain, (classmethod, staticmethod)):
        made = type(plain)(_timed(probe, plain.__func__, phase))
    elif hasattr(plain, "fget"):
        if isinstance(plain, property):
            made = property(_timed(probe, plain.fget, phase), plain.fset, plain.fdel)
        else:
            plain.fget = _timed(probe, plain.fget, phase)
            return True
    else:
        made = _timed(probe, plain, phase)
    setattr(owner, path[-1], made)
    return True


def _timed(probe, plain, phase):
    def run(*arguments, **named):
        if phase == "main":
            return _main(probe, plain, arguments, named)
        probe.enter(phase)
        try:
            result = plain(*arguments, **named)
        finally:
            probe.leave()
        if type(result).__name__ == "generator":
            return _stepped(probe, result, phase)
        return result

    for name in ("__module__", "__name__", "__doc__"):
        if hasattr(plain, name):
            setattr(run, name, getattr(plain, name))
    run.__wrapped__ = plain
    return run


def _stepped(probe, generator, phase):
    """Go through a generator; only what it does itself is the phase's time."""
    while True:
        probe.enter(phase)
        try:
            item = next(generator)
        except StopIteration:
            return
        finally:
            probe.leave()
        yield item


def _main(probe, plain, arguments, named):
    probe.main_called = True
    probe.turn("rest")
    try:
        return plain(*arguments, **named)
    finally:
        probe.turn("exit")


def _told(probe, text, run, *arguments):
    """Have a driver do something and keep what it was told, and how long it took."""
    phase = probe.phase()
    if phase == "statement":
        return run(*arguments)
    probe.enter("statement")
    try:
        return run(*arguments)
    finally:
        if isinstance(text, bytes) and not isinstance(text, str):
            text = text.decode("utf-8", "replace")
        probe.statements.append([str(text), probe.drop(), phase])


def _cursor(probe, plain):
    class Cursor(plain):
        def execute(self, sql, *rest, **named):
            run = super(Cursor, self).execute
            return _told(probe, sql, lambda: run(sql, *rest, **named))

        def executemany(self, sql, *rest, **named):
            run = super(Cursor, self).executemany
            return _told(probe, sql, lambda: run(sql, *rest, **named))

    return Cursor


def _connection(probe, plain):
    class Connection(plain):
        def commit(self):
            return _told(probe, "COMMIT", super(Connection, self).commit)

        def rollback(self):
            return _told(probe, "ROLLBACK", super(Connection, self).rollback)

    return Connection


def _patch_sqlite(probe, module):
    telling = _cursor(probe, module.Cursor)
    probe.traces = hasattr(module.Connection, "set_trace_callback")

    class Connection(_connection(probe, module.Connection)):
        counted = 0

        def cursor(self, factory=telling):
            return super(Connection, self).cursor(factory)

        def count_rows(self):
            probe.rows += self.total_changes - self.counted
            self.counted = self.total_changes

        def close(self):
            self.count_rows()
            return super(Connection, self).close()

    plain = module.connect

    def connect(*arguments, **named):
        named.setdefault("factory", Connection)
        probe.enter("connecting")
        try:
            made = plain(*arguments, **named)
        finally:
            probe.leave()
        if probe.traces:
            made.set_trace_callback(probe.traced.append)
        probe.connections.append(ref(made))
        return made

    module.connect = connect
    parent = sys.modules.get("sqlite3")
    if parent is not None:
        parent.connect = connect


def _patch_psycopg2(probe, module):
    extensions = sys.modules["psycopg2.extensions"]
    cursor = _cursor(probe, extensions.cursor)
    connection = _connection(probe, extensions.connection)
    plain = module.connect

    def connect(dsn=None, *rest, **named):
        named.setdefault("connection_factory", connection)
        named.setdefault("cursor_factory", cursor)
        probe.enter("connecting")
        try:
            return plain(dsn, *rest, **named)
        finally:
            probe.leave()

    module.connect = connect


def _patch_pymysql(probe, module):
    cursors = sys.modules["pymysql.cursors"]
    cursor = _cursor(probe, cursors.Cursor)
    connection = _connection(probe, module.connections.Connection)

    def connect(*arguments, **named):
        named.setdefault("cursorclass", cursor)
        probe.enter("connecting")
        try:
            return connection(*arguments, **named)
        finally:
            probe.leave()

    module.connect = module.Connect = module.Connection = connect


_DRIVER_PATCHES = {
    "sqlite3.dbapi2": _patch_sqlite,
    "psycopg2": _patch_psycopg2,
    "pymysql": _patch_pymysql,
}
