"""Put on the path of fresh processes: does what the server does before a fork."""

import os

_HERE = os.path.dirname(os.path.abspath(__file__))


def _run(path, namespace):
    with open(path) as file:
        exec(compile(file.read(), path, "exec"), namespace)


def _prepare():
    watch = os.environ.pop("MIGRATION_COMPARE_WATCH", "")
    guard = os.environ.pop("MIGRATION_COMPARE_GUARD", "") == "1"
    startup = os.environ.pop("MIGRATION_COMPARE_STARTUP", "")
    added = os.environ.pop("MIGRATION_COMPARE_PATH", None)
    if added:
        os.environ["PYTHONPATH"] = added
    else:
        os.environ.pop("PYTHONPATH", None)
    if watch or guard:
        namespace = {"__name__": "watching"}
        _run(os.path.join(_HERE, "watching.py"), namespace)
        namespace["install"](watch, guard)
    for path in startup.split(os.pathsep):
        if path:
            _run(path, {"__name__": "startup", "__file__": path})


_prepare()
