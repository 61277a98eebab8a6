"""Keeps the file HEAD beside the revisions: one line, the newest revision.

head_file.py write [FILE]   name the revision in FILE, or else the head there is
head_file.py check          exit with 1 unless there is one head, and HEAD names it
"""

from __future__ import print_function

import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = os.path.join(HERE, "versions", "HEAD")


def heads():
    """Return the heads as alembic sees them."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", HERE)
    return ScriptDirectory.from_config(config).get_heads()


def read(path):
    """Return the text of a file."""
    with open(path) as file:
        return file.read()


def revision_in(file):
    """Return the revision id that a file declares."""
    declared = r"^revision\b.*= ['\"](.+)['\"]"
    return re.search(declared, read(file), re.MULTILINE).group(1)


def write(file=None):
    """Write HEAD."""
    found = [revision_in(file)] if file else heads()
    if len(found) != 1:
        sys.exit("HEAD not written: %d heads: %s" % (len(found), ", ".join(found)))
    with open(HEAD, "w") as named:
        named.write("%s\n" % found[0])


def check():
    """Compare HEAD with the history."""
    found = heads()
    if len(found) > 1:
        sys.exit("HEAD check failed: %d heads: %s" % (len(found), ", ".join(found)))
    newest = found[0] if found else "none"
    named = read(HEAD).strip() if os.path.exists(HEAD) else "none"
    if named != newest:
        wrong = "HEAD check failed: HEAD names %s, the newest is %s"
        sys.exit(wrong % (named, newest))
    print("HEAD names %s, the only head" % named)


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](*sys.argv[2:])
