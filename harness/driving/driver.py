"""Runs inside a toolchain: forks a warm process for every command of a tool.

Standard library only, for Python 2.7 and later. Talks JSON lines with the harness
over its standard input and output. `driver.py serve` is the server; `driver.py exec`
gives up the network and then becomes another program.

A forked child unwinds to the top of the interpreter before it runs the script. At the
end it does what Python does at exit (threads, `atexit`, flushing, the exit code) and
leaves without taking the interpreter apart: that would write to every page it shares
with the server, and cost more than many a command.

The stream objects of the server are those of its children, on other descriptors: a tool
may have kept them when it was imported.
"""

from __future__ import print_function

import ctypes
import gc
import io
import json
import os
import select
import signal
import sys
import time

PROTOCOL = 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG = 1
STARTUP = "MIGRATION_COMPARE_STARTUP"

monotonic = getattr(time, "monotonic", time.time)


class BecomeTool(BaseException):
    """Unwinds a forked child to the top, carrying the request."""

    def __init__(self, request):
        BaseException.__init__(self)
        self.request = request


def libc():
    return ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """Ask the kernel to end this process when its parent dies."""
    try:
        libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (AttributeError, OSError):
        return


def leave_network():
    """Move into a network namespace of its own; tell whether that was allowed."""
    uid, gid = os.getuid(), os.getgid()
    try:
        library = libc()
        if library.unshare(CLONE_NEWNET) == 0:
            return True
        if library.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            return False
    except (AttributeError, OSError):
        return False
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", "%d %d 1" % (uid, uid)),
        ("gid_map", "%d %d 1" % (gid, gid)),
    ):
        with open("/proc/self/" + name, "w") as file:
            file.write(text)
    return True


def run_startup(paths):
    """Run Python files, each in a namespace of its own."""
    for path in paths:
        if path:
            with open(path) as file:
                source = file.read()
            exec(
                compile(source, path, "exec"), {"__name__": "startup", "__file__": path}
            )


def serve():
    """Answer requests until the harness goes away; a child leaves by BecomeTool."""
    requests = os.fdopen(os.dup(0), "rb", 0)
    answers = os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    die_with_parent()
    wake_read, wake_write = os.pipe()
    for descriptor in (wake_read, wake_write):
        set_nonblocking(descriptor)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write)
    setup = json.loads(requests.readline().decode("utf-8"))
    run_startup(setup["startup"])
    for name in setup["imports"]:
        __import__(name)
    getattr(gc, "freeze", gc.collect)()
    say(answers, {"protocol": PROTOCOL, "python": sys.version.split()[0]})
    while True:
        line = requests.readline()
        if not line:
            return
        request = json.loads(line.decode("utf-8"))
        say(answers, attend(request, requests, wake_read, (answers, wake_write)))


def say(descriptor, value):
    text = (json.dumps(value) + "\n").encode("utf-8")
    while text:
        text = text[os.write(descriptor, text) :]


def set_nonblocking(descriptor):
    import fcntl

    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_NONBLOCK)


def attend(request, requests, wake_read, private):
    """Fork a child for a request and return what became of it."""
    network_read, network_write = os.pipe()
    begun = monotonic()
    child = os.fork()
    if child == 0:
        os.close(network_read)
        for descriptor in (requests.fileno(), wake_read) + private:
            os.close(descriptor)
        prepare_child(request, network_write)
        raise BecomeTool(request)
    os.close(network_write)
    usage, status, timed_out = wait_for(child, request, requests, wake_read, begun)
    seconds = monotonic() - begun
    end_group(child)
    with os.fdopen(network_read, "rb") as file:
        network = file.read().decode("ascii")
    return {
        "exit_code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        "timed_out": timed_out,
        "seconds": seconds,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "max_rss_kib": usage.ru_maxrss,
        "network": network or "open",
    }


def wait_for(child, request, requests, wake_read, begun):
    """Wait for a child, its time limit, or the end of the harness."""
    timed_out = False
    while True:
        pid, status, usage = os.wait4(child, os.WNOHANG)
        if pid:
            return usage, status, timed_out
        left = request["time_limit"] - (monotonic() - begun)
        if left <= 0:
            timed_out = True
            end_group(child)
            left = None
        try:
            ready, _, _ = select.select([requests, wake_read], [], [], left)
        except (OSError, select.error):
            continue
        if wake_read in ready:
            drain(wake_read)
        if requests in ready:
            end_group(child)
            os._exit(1)


def drain(descriptor):
    try:
        while os.read(descriptor, 512):
            pass
    except (OSError, IOError):
        return


def end_group(child):
    try:
        os.killpg(child, signal.SIGKILL)
    except OSError:
        return


def prepare_child(request, network_write):
    """Make this process look like a fresh one that is about to run the script."""
    os.setsid()
    die_with_parent()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    network = "open"
    if not request["network"]:
        network = "namespace" if leave_network() else "guard"
    os.write(network_write, network.encode("ascii"))
    os.close(network_write)
    for number, path in ((1, request["stdout"]), (2, request["stderr"])):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(file, number)
        os.close(file)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environ"])
    if hasattr(time, "tzset"):
        time.tzset()
    sys.argv = [request["script"]] + request["argv"]
    sys.path[0] = os.path.dirname(request["script"])
    added = request["environ"].get("PYTHONPATH", "").split(os.pathsep)
    sys.path[1:1] = [path for path in added if path]
    gc.enable()
    observe(request["watch"], network == "guard")
    interfere(request["hooks"])


def interfere(hooks):
    """Do to this process what the story asks for, before the tool runs in it."""
    if hooks:
        startup_module("interfering")["install"](hooks)


def observe(watch, guard):
    """Record attempts to connect in a file, and refuse network ones if told to."""
    if watch or guard:
        startup_module("watching")["install"](watch, guard)


def startup_module(name):
    """Return the names of a file in `startup`, which is not on the path."""
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(here, "startup", name + ".py")
    namespace = {"__name__": name}
    with open(path) as file:
        exec(compile(file.read(), path, "exec"), namespace)
    return namespace


def become(request):
    """Run the script as `__main__` and leave with the exit code it asks for."""
    code = 0
    try:
        run_script(request["script"])
    except SystemExit as leaving:
        code = exit_code(leaving.code)
    except BaseException as error:
        show_exception()
        code = -signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1
    leave(code)


def run_script(path):
    import types

    module = types.ModuleType("__main__")
    module.__file__ = path
    module.__builtins__ = __builtins__
    sys.modules["__main__"] = module
    with io.open(path, "rb") as file:
        code = compile(file.read(), path, "exec")
    exec(code, module.__dict__)


def exit_code(asked):
    """Return the code of `sys.exit(asked)`, saying the words if it was given any."""
    if asked is None:
        return 0
    if isinstance(asked, int):
        return asked & 0xFF
    sys.stderr.write("%s\n" % (asked,))
    return 1


def leave(code):
    """Do what Python does at exit, and end the process; by a signal if negative."""
    threads = sys.modules.get("threading")
    if threads is not None and hasattr(threads, "_shutdown"):
        threads._shutdown()
    endings = sys.modules.get("atexit")
    if endings is not None:
        endings._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if not getattr(stream, "closed", True):
                stream.flush()
        except (IOError, OSError):
            code = code or 120
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def show_exception():
    """Print the exception as Python does, without the frames of this file."""
    kind, value, trace = sys.exc_info()
    own = os.path.abspath(__file__)
    while trace and os.path.abspath(trace.tb_frame.f_code.co_filename) == own:
        trace = trace.tb_next
    if sys.version_info[0] > 2:
        value = value.with_traceback(trace)
    sys.excepthook(kind, value, trace)


def launch(argv):
    """`exec DESCRIPTOR PROGRAM ARG...`: become a program without network.

    How the network was taken away is written to the descriptor.
    """
    report, program = int(argv[0]), argv[1:]
    die_with_parent()
    network = "namespace" if leave_network() else "guard"
    if network == "guard":
        os.environ["MIGRATION_COMPARE_GUARD"] = "1"
    os.write(report, network.encode("ascii"))
    os.close(report)
    os.execv(program[0], program)


def main():
    try:
        if sys.argv[1] == "serve":
            serve()
        else:
            launch(sys.argv[2:])
    except BecomeTool as child:
        request = child.request
    else:
        return
    become(request)


if __name__ == "__main__":
    main()
