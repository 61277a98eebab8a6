"""Put on the path of fresh processes: does what the server does before a fork."""

import atexit
import os
import time

_BEGUN = getattr(time, "monotonic", time.time)()
_HERE = os.path.dirname(os.path.abspath(__file__))


def _run(path, namespace):
    with open(path) as file:
        exec(compile(file.read(), path, "exec"), namespace)


def _module(name):
    namespace = {"__name__": name}
    _run(os.path.join(_HERE, name + ".py"), namespace)
    return namespace


def _tell_peak(path):
    """Write the most memory that this process had, in KiB, at its end.

    What the kernel tells its parent begins with what the parent had when it was started.
    """
    with open("/proc/self/status") as status:
        peaks = [line.split()[1] for line in status if line.startswith("VmHWM:")]
    with open(path, "w") as file:
        file.write("".join(peaks))


def _prepare():
    watch = os.environ.pop("MIGRATION_COMPARE_WATCH", "")
    guard = os.environ.pop("MIGRATION_COMPARE_GUARD", "") == "1"
    startup = os.environ.pop("MIGRATION_COMPARE_STARTUP", "")
    hooks = os.environ.pop("MIGRATION_COMPARE_HOOKS", "")
    added = os.environ.pop("MIGRATION_COMPARE_PATH", None)
    peak = os.environ.pop("MIGRATION_COMPARE_PEAK", "")
    if added:
        os.environ["PYTHONPATH"] = added
    else:
        os.environ.pop("PYTHONPATH", None)
    if peak:
        atexit.register(_tell_peak, peak)
    if watch or guard:
        _module("watching")["install"](watch, guard)
    if hooks:
        asked = dict(pair.split("=", 1) for pair in hooks.split(";"))
        probe = asked.pop("probe", None)
        if probe:
            _module("probing")["install"](_BEGUN, probe)
        _module("interfering")["install"](asked)
    for path in startup.split(os.pathsep):
        if path:
            _run(path, {"__name__": "startup", "__file__": path})


_prepare()
