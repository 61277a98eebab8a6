"""Records what a process tries to connect to, and can refuse the network.

Python 3.8 and later tell of connections through audit hooks; libraries in C that open
sockets themselves (libpq) are not seen there, so their Python entry is wrapped.
"""

import json
import os
import sys

_INTERNET = (2, 10, 30)


def install(watch, guard):
    """Record attempts in the file `watch`; with `guard`, refuse those to a network."""

    def note(kind, target):
        if watch:
            line = json.dumps({"kind": kind, "target": target}) + "\n"
            descriptor = os.open(watch, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.write(descriptor, line.encode("utf-8"))
            os.close(descriptor)

    def hook(event, arguments):
        if event == "sqlite3.connect":
            note(event, _text(arguments[0]))
        elif event == "socket.connect":
            note(event, _text(arguments[1]))
            if guard and getattr(arguments[0], "family", 0) in _INTERNET:
                raise OSError("the network is taken away: %s" % (arguments[1],))
        elif event == "socket.getaddrinfo":
            note(event, "%s:%s" % (_text(arguments[0]), _text(arguments[1])))
            if guard:
                raise OSError("the network is taken away: %s" % (arguments[0],))

    if hasattr(sys, "addaudithook"):
        sys.addaudithook(hook)
    else:
        _wrap_old(hook)
    _wrap_libpq(note, guard)


def _text(value):
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, tuple):
        return ":".join(str(part) for part in value[:2])
    return str(value)


def _wrap_libpq(note, guard):
    try:
        import psycopg2
    except ImportError:
        return
    connect = psycopg2.connect

    def wrapped(dsn=None, *rest, **named):
        place = named.get("host") or dsn or "the default place"
        note("psycopg2.connect", _text(place))
        if guard and dsn is None and not _text(place).startswith("/"):
            raise psycopg2.OperationalError("the network is taken away: %s" % (place,))
        return connect(dsn, *rest, **named)

    psycopg2.connect = wrapped


def _wrap_old(hook):
    import socket
    import sqlite3

    connect, resolve, opened = (
        socket.socket.connect,
        socket.getaddrinfo,
        sqlite3.connect,
    )

    def wrapped_connect(self, address):
        hook("socket.connect", (self, address))
        return connect(self, address)

    def wrapped_resolve(host, port, *rest, **named):
        hook("socket.getaddrinfo", (host, port))
        return resolve(host, port, *rest, **named)

    def wrapped_open(database, *rest, **named):
        hook("sqlite3.connect", (database,))
        return opened(database, *rest, **named)

    socket.socket.connect, socket.getaddrinfo = wrapped_connect, wrapped_resolve
    sqlite3.connect = sqlite3.dbapi2.connect = wrapped_open
