"""Runs inside the environment of somebody's history: plays it step by step.

Standard library and SQLAlchemy only, for Python 2.7 and later. Talks JSON lines with the
harness over its standard input and output. What knows the tool is the file that the
first line names: its class `Player` is made with what the adapter said of the repository
and with a database's URL, and has

`steps()`: dictionaries with `id`, `script`, `message` and `parents`, in the tool's order;
`current()`: the ids at which the database is;
`up(id)` and `down(id)`: one step; `down` raises `NoDowngrade` where there is none;
`versions()`: of the tool and what it rests on;
`environment`: a file of the project that runs the scripts, if there is one.
"""

from __future__ import print_function

import json
import mmap
import os
import re
import signal
import struct
import sys
import time
import traceback
import warnings

LONGEST_STATEMENT = 20000
LONGEST_WORDS = 4000
LOCK_SECONDS = 30
READING = ("select", "pragma", "show", "explain", "describe", "set", "use", "with")
WRITING = {
    "select": re.compile(r"\binto\b", re.I),
    "with": re.compile(r"\b(insert|update|delete|merge)\b", re.I),
}
CATALOGUES = ("sqlite_", "pg_", "information_schema", "show ", "version(", "schema()")

monotonic = getattr(time, "monotonic", time.time)


class NoDowngrade(Exception):
    """The history has no way back over a step."""


class Board(object):
    """Where the harness reads which statement is under way, should this process end."""

    def __init__(self, path):
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 0)

    def show(self, statement):
        words = statement if isinstance(statement, bytes) else encoded(statement)
        words = words[: len(self.memory) - 4]
        self.memory[:4] = struct.pack(">I", 0)
        self.memory[4 : 4 + len(words)] = words
        self.memory[:4] = struct.pack(">I", len(words))


class Listener(object):
    """Hears every statement that SQLAlchemy sends.

    `verbatim`, it keeps statements whole, with the values that were bound and with
    those that set something for the session, and keeps what was asked of rows.
    """

    def __init__(self, verbatim, board):
        self.verbatim = verbatim
        self.board = board
        self.begin()

    def begin(self):
        self.changing = []
        self.questions = []
        self.reading = 0
        self.unheard = 0
        self.last = None
        self.since = None
        self.board.show("")

    def before(self, connection, cursor, statement, parameters, context, executemany):
        self.given_up()
        self.last = statement
        self.board.show(statement)
        self.since = monotonic()

    def after(self, connection, cursor, statement, parameters, context, executemany):
        seconds = monotonic() - (self.since or monotonic())
        self.last = None
        self.board.show("")
        if reads(statement):
            self.reading += 1
            if not (self.verbatim and sets_something(statement)):
                self.asked(statement)
                return
        rows = getattr(cursor, "rowcount", -1)
        words = text(statement).strip()
        self.unheard += len(words) > LONGEST_STATEMENT
        heard = {
            "text": words[:LONGEST_STATEMENT],
            "seconds": seconds,
            "rows": rows if isinstance(rows, int) else -1,
        }
        if self.verbatim:
            heard["text"] = words
            heard["bound"] = bound(parameters, executemany)
        self.changing.append(heard)

    def given_up(self):
        """Count a statement that failed: nobody says what it had done before."""
        self.unheard += self.last is not None and not reads(self.last)

    def asked(self, statement):
        said = " ".join(text(statement).split())
        about_rows = said.lower().startswith(("select", "with", "("))
        if self.verbatim and about_rows and not is_of_catalogue(said.lower()):
            self.questions.append(said[:LONGEST_STATEMENT])

    def listen(self):
        from sqlalchemy import event
        from sqlalchemy.engine import Engine
        from sqlalchemy.pool import Pool

        event.listen(Engine, "before_cursor_execute", self.before)
        event.listen(Engine, "after_cursor_execute", self.after)
        event.listen(Pool, "connect", limit_waiting)
        event.listen(Pool, "connect", self.overhear)

    def overhear(self, connection, _record):
        """Count what goes past SQLAlchemy, where the driver is written in Python."""
        send = getattr(connection, "query", None)
        if type(connection).__module__.split(".")[0] == "pymysql" and send is not None:

            def query(sql, *arguments, **options):
                self.unheard += self.last is None and not reads(text(sql))
                return send(sql, *arguments, **options)

            connection.query = query


def reads(statement):
    """Tell whether a statement only reads: one statement, by its words."""
    words = statement.lstrip("( \t\r\n").split(None, 1)
    first = words[0].lower() if words else ""
    if first not in READING or ";" in statement.rstrip("; \t\r\n"):
        return False
    writing = WRITING.get(first)
    return writing is None or not writing.search(statement)


def sets_something(statement):
    """Tell whether a statement that changes no table changes how later ones work."""
    said = statement.lstrip("( \t\r\n").lower()
    return said.startswith("set ") or (said.startswith("pragma") and "=" in said)


def is_of_catalogue(said):
    return " from " not in said or any(name in said for name in CATALOGUES)


def bound(parameters, several):
    """Return the sets of values of a statement, one for each time it was sent."""
    sets = list(parameters or ()) if several else [parameters or ()]
    return [values(one) for one in sets if one]


def values(one):
    if hasattr(one, "items"):
        return dict((text(name), plain(value)) for name, value in one.items())
    return [plain(value) for value in one]


def plain(value):
    """Return a value as JSON can hold it, with its kind where it is none of JSON's."""
    if type(value).__name__ == "Binary":
        value = getattr(value, "adapted", value)
    if isinstance(value, (bytes, bytearray, memoryview)) and bytes is not str:
        return {"kind": "bytes", "text": bytes(value).hex()}
    if isinstance(value, float) and value - value != 0:
        return {"kind": "float", "text": str(value)}  # JSON knows no infinity.
    if value is None or isinstance(value, (bool, int, float, type(""), str)):
        return value
    if hasattr(value, "isoformat"):
        return {"kind": type(value).__name__, "text": value.isoformat()}
    return {"kind": type(value).__name__, "text": text(str(value))}


def limit_waiting(connection, _record):
    """Have a session give up when another holds a lock, instead of waiting for ever."""
    module = type(connection).__module__.split(".")[0]
    if module == "psycopg2":
        said = ["SET lock_timeout = '%ds'" % LOCK_SECONDS]
    elif module in ("pymysql", "MySQLdb"):
        said = [
            "SET SESSION lock_wait_timeout = %d" % LOCK_SECONDS,
            "SET SESSION innodb_lock_wait_timeout = %d" % LOCK_SECONDS,
        ]
    else:
        return
    cursor = connection.cursor()
    for words in said:
        cursor.execute(words)
    cursor.close()
    connection.commit()


def text(value):
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value


def told(error, listener, script, environment=""):
    """Say what went wrong: the words, the line of the script, the statement.

    Where it was not the script, the words name the line of the file that runs it.
    """
    kind, value, trace = sys.exc_info()
    frames = traceback.extract_tb(trace)
    line, around = last_line(frames, script), last_line(frames, environment)
    original = getattr(error, "orig", None)
    words = said_by(original if original is not None else error)
    words = words.strip()[:LONGEST_WORDS] or kind.__name__
    if around and not line:
        words += " (%s, line %d)" % (environment, around)
    return {
        "kind": (type(original) if original is not None else kind).__name__,
        "words": words,
        "line": line,
        "statement": text(listener.last or getattr(error, "statement", None) or ""),
        "trace": text("".join(traceback.format_exception(kind, value, trace)))[
            -LONGEST_STATEMENT:
        ],
    }


def said_by(error):
    """Return an error's words; its class may be the script's own, and faulty."""
    try:
        return text(str(error))
    except Exception:
        return ""


def last_line(frames, file):
    """Return the line of a file that was reached last, 0 if none was."""
    name = os.path.splitext(file or "")[0]
    lines = [f[1] for f in frames if name and os.path.splitext(f[0])[0] == name]
    return lines[-1] if lines else 0


def perform(player, listener, request, scripts):
    """Do one step and say what became of it."""
    own = os.getpid()
    listener.begin()
    answer = {"missing": "", "error": None}
    begun = monotonic()
    try:
        getattr(player, request["do"])(request["id"])
    except NoDowngrade as error:
        answer["missing"] = text(str(error))
    except BaseException as error:
        answer["seconds"] = monotonic() - begun
        script = scripts.get(request["id"])
        answer["error"] = told(
            error, listener, script, getattr(player, "environment", "")
        )
    if os.getpid() != own:
        os._exit(0)  # The script forked, and this is the copy: it must not answer.
    answer.setdefault("seconds", monotonic() - begun)
    answer["changing"] = listener.changing
    answer["reading"] = listener.reading
    answer["questions"] = listener.questions
    listener.given_up()
    answer["unheard"] = listener.unheard
    return answer


def prepare(source, url):
    """Run what a user has run before the first step, with an engine."""
    if source:
        from sqlalchemy import create_engine
        from sqlalchemy.pool import NullPool

        engine = create_engine(url, poolclass=NullPool)
        exec(compile(source, "--before", "exec"), {"engine": engine})


def load(path):
    namespace = {"__name__": "player", "__file__": path, "NoDowngrade": NoDowngrade}
    with open(path) as file:
        exec(compile(file.read(), path, "exec"), namespace)
    return namespace["Player"]


def serve(requests, answers):
    setup = json.loads(requests.readline().decode("utf-8"))
    for place in reversed(setup["python_path"]):
        sys.path.insert(0, place)
    listener = Listener(setup.get("verbatim", False), Board(setup["board"]))
    begun = monotonic()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", UserWarning)
        hello, scripts, player = begin(setup, listener)
    mine = [w for w in heard if w.category is UserWarning]
    hello["warnings"] = [text(str(warning.message)) for warning in mine]
    hello["seconds"] = monotonic() - begun
    say(answers, hello)
    if player is None:
        return
    for line in iter(requests.readline, b""):
        request = json.loads(line.decode("utf-8"))
        say(answers, perform(player, listener, request, scripts))


def begin(setup, listener):
    """Load the history; return what is said of it, the scripts by id, and the player."""
    try:
        prepare(setup["before"], setup["url"])
        player = load(setup["player"])(setup["repository"], setup["url"])
        listener.listen()
        steps = player.steps()
        hello = {
            "steps": steps,
            "current": player.current(),
            "versions": dict(player.versions(), Python=sys.version.split()[0]),
        }
    except BaseException as error:
        return {"error": told(error, listener, None)}, {}, None
    return hello, dict((step["id"], step["script"]) for step in steps), player


def encoded(words):
    """Return text as UTF-8; halves of surrogate pairs, which it cannot hold, are lost."""
    return words.encode("utf-8", "replace")


def say(descriptor, value):
    # On Python 3 by way of UTF-8: a half of a surrogate pair is no JSON.
    words = encoded(json.dumps(value, ensure_ascii=bytes is str) + "\n")
    while words:
        words = words[os.write(descriptor, words) :]


def main():
    """Keep the harness's streams apart from those that a migration may write to."""
    requests, answers = os.fdopen(os.dup(0), "rb", 0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    sys.path.pop(0)
    tell_where(os.fdopen(os.dup(2), "w"))
    serve(requests, answers)


def tell_where(file):
    """Have this process say where it is when it crashes, or is asked by SIGUSR1."""
    try:
        import faulthandler
    except ImportError:
        signal.signal(signal.SIGUSR1, lambda _, f: traceback.print_stack(f, file=file))
        return
    faulthandler.enable(file, all_threads=False)
    faulthandler.register(signal.SIGUSR1, file, all_threads=False)


if __name__ == "__main__":
    main()
