"""Of all that a failing installer says, one line tells what is wrong."""

from __future__ import annotations

import pytest

from harness.toolchains.telling import says_nothing_of_packages, telling_line

BUILD = """error: Failed to build `{package}`
  cause: The build backend returned an error
  cause: Call to `setuptools.build_meta:__legacy__.get_requires_for_build_wheel` failed (exit status: 1)

         [stderr]
{stderr}

hint: Build failures usually indicate a problem with the package or the build environment
"""
SETUP = "         error in SQLAlchemy setup command: use_2to3 is invalid."
TRACEBACK = """         Traceback (most recent call last):
           File "setup.py", line 3, in <module>
             from setuptools import setup, Extension, Feature
         ImportError: cannot import name 'Feature'"""
WRAPPED = f"""{TRACEBACK}
         The above exception was the direct cause of the following exception:
         Traceback (most recent call last):
         subprocess.CalledProcessError: Command '['python', 'setup.py']' returned 1"""
COMPILER = """         src/thing.c:12:10: fatal error: Python.h: No such file or directory
         compilation terminated.
         distutils.errors.CompileError: command 'gcc' failed"""
NO_SOLUTION = """error: No solution found when resolving dependencies
  cause: Because tool>=1.20 depends on sqlalchemy>=2.0 and you require tool==1.20, we can conclude that you require sqlalchemy>=2.0.
         And because you require sqlalchemy==0.8.*, we can conclude that your requirements are unsatisfiable.

hint: something
"""
OFFLINE = """error: Request failed after 3 retries in 10.1s
  cause: Failed to fetch: http://127.0.0.1:9/simple/tool/
  cause: tcp connect error
"""
OF_PIP = """WARNING: something of no weight
ERROR: Could not find a version that satisfies the requirement tool==9
ERROR: No matching distribution found for tool==9
"""
BUILT_BY_PIP = """    ERROR: Command errored out with exit status 1:
     command: /environment/bin/python -c 'import sys'
    Traceback (most recent call last):
      File "setup.py", line 3, in <module>
    ImportError: cannot import name 'Feature'
    ----------------------------------------
ERROR: Command errored out with exit status 1: /environment/bin/python -c 'import sys'
"""
UNREACHABLE_FOR_PIP = """WARNING: Retrying (Retry(total=0, connect=None, read=None, \
redirect=None, status=None)) after connection broken by 'NewConnectionError()': /simple/tool/
ERROR: Could not find a version that satisfies the requirement tool
"""
REFUSED_TO_PIP = """ERROR: HTTP error 502 while getting something
ERROR: 502 Server Error: no answer for url: http://127.0.0.1:9/tool/
"""
WAITED = """error: Failed to download and build `sqlalchemy==1.0.19`
  cause: Could not acquire lock
  cause: Timeout (300s) when waiting for lock
"""


@pytest.mark.parametrize(
    ("stderr", "line"),
    [
        (SETUP, "error in SQLAlchemy setup command: use_2to3 is invalid."),
        (TRACEBACK, "ImportError: cannot import name 'Feature'"),
        (WRAPPED, "ImportError: cannot import name 'Feature'"),
        (
            COMPILER,
            "src/thing.c:12:10: fatal error: Python.h: No such file or directory",
        ),
    ],
    ids=["setup.py", "traceback", "wrapped traceback", "compiler"],
)
def test_the_innermost_program_says_what_is_wrong(stderr: str, line: str) -> None:
    """Not the installer, which only tells that something below it failed."""
    output = BUILD.format(package="thing==1", stderr=stderr)

    assert line == telling_line(output)
    assert not says_nothing_of_packages(output)


def test_requirements_that_exclude_each_other_are_told_in_full() -> None:
    """Why there is no solution is one argument over several lines."""
    assert telling_line(NO_SOLUTION) == (
        "Because tool>=1.20 depends on sqlalchemy>=2.0 and you require tool==1.20, we can "
        "conclude that you require sqlalchemy>=2.0. And because you require "
        "sqlalchemy==0.8.*."
    )


def test_pip_is_understood_as_well() -> None:
    """It resolves for interpreters of old."""
    assert telling_line(OF_PIP).endswith("satisfies the requirement tool==9")
    assert telling_line(BUILT_BY_PIP) == "ImportError: cannot import name 'Feature'"
    assert not says_nothing_of_packages(OF_PIP + BUILT_BY_PIP)
    assert says_nothing_of_packages(UNREACHABLE_FOR_PIP)
    assert says_nothing_of_packages(REFUSED_TO_PIP)


@pytest.mark.parametrize("output", [OFFLINE, WAITED], ids=["network", "waiting"])
def test_a_failing_network_or_disk_says_nothing_of_the_packages(output: str) -> None:
    """Such a cell is not established, and tried again."""
    assert says_nothing_of_packages(output)
    assert telling_line(output).startswith("error: ")


def test_silence_is_told_as_such() -> None:
    """There is always a line."""
    assert telling_line("\n") == "nothing was said"
