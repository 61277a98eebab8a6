"""Runs inside the environment of somebody's history: keeps the process that plays it.

`keeping.py PROGRAM ARG...` runs a program and leaves as that did, by its exit code or its
signal. Whatever the program started ends with it, also what went into a session of its
own: the kernel hands such processes to this one (a subreaper, on Linux). It ends when the
harness does, or when it is told to by SIGTERM; SIGUSR1 is passed on.

Standard library only, for Python 2.7 and later.
"""

from __future__ import print_function

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


class Ending(BaseException):
    """This process was told to end, or the harness went away."""


def control(option, value):
    """Ask the kernel for something that other systems do not have."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
    except (AttributeError, OSError):
        return


def end(_signal, _frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Ending


def start(argv):
    """Run a program in a child that dies with this process."""
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    control(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        os.execv(argv[0], argv)
    finally:
        os._exit(127)


def wait_for(child):
    """Wait for a child, and bury whatever else ends meanwhile."""
    while True:
        try:
            ended, status = os.waitpid(-1, 0)
        except OSError:
            continue
        if ended == child:
            return status


def children():
    """Return the processes whose parent this one is; none where there is no /proc."""
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as file:
                    parent = file.read().rpartition(b")")[2].split()[1]
            except (IOError, OSError):
                continue
            if int(parent) == os.getpid():
                found.append(int(name))
    return found


def end_all():
    """End all children, and theirs, which are handed over as their parents die."""
    while True:
        for child in children():
            try:
                os.kill(child, signal.SIGKILL)
            except OSError:
                continue
        try:
            os.waitpid(-1, 0)
        except OSError:
            return


def leave(status):
    """End as the program ended."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status))


def main(argv):
    signal.signal(signal.SIGTERM, end)
    control(PR_SET_PDEATHSIG, signal.SIGTERM)
    control(PR_SET_CHILD_SUBREAPER, 1)
    try:
        child = start(argv)
        signal.signal(signal.SIGUSR1, lambda *_: os.kill(child, signal.SIGUSR1))
        for stream in (0, 1):
            os.close(stream)
        status = wait_for(child)
    except Ending:
        status = signal.SIGTERM
    end_all()
    leave(status)


if __name__ == "__main__":
    main(sys.argv[1:])
