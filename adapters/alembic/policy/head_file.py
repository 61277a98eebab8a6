"""Keeps the file HEAD beside the revisions: one line, the newest revision.

head_file.py write [FILE]   name the revision in FILE, or else the head there is
head_file.py check          exit with 1 unless there is one head, and HEAD names it
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
HEAD = HERE / "versions" / "HEAD"


def heads():
    """Return the heads as alembic sees them."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(HERE))
    return ScriptDirectory.from_config(config).get_heads()


def revision_in(file):
    """Return the revision id that a file declares."""
    return re.search(
        r"^revision\b.*= ['\"](.+)['\"]", Path(file).read_text(), re.MULTILINE
    )[1]


def write(file=None):
    """Write HEAD."""
    found = [revision_in(file)] if file else heads()
    if len(found) != 1:
        sys.exit(f"HEAD not written: {len(found)} heads: {', '.join(found)}")
    HEAD.write_text(f"{found[0]}\n")


def check():
    """Compare HEAD with the history."""
    found = heads()
    if len(found) > 1:
        sys.exit(f"HEAD check failed: {len(found)} heads: {', '.join(found)}")
    newest = found[0] if found else "none"
    named = HEAD.read_text().strip() if HEAD.exists() else "none"
    if named != newest:
        sys.exit(f"HEAD check failed: HEAD names {named}, the newest is {newest}")
    print(f"HEAD names {named}, the only head")


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](*sys.argv[2:])
