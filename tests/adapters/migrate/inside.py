"""Runs the tool for the tests, inside its environment: loads it once, then forks.

A request is a line of JSON on standard input; the answer is the exit code on a line.
"""

import json
import os
import runpy
import sys
import traceback


def run(request):
    sys.stdout = open(request["stdout"], "w")
    sys.stderr = open(request["stderr"], "w")
    os.chdir(request["cwd"])
    sys.argv = [request["script"], *request["argv"]]
    sys.path[0] = os.path.dirname(request["script"])
    try:
        runpy.run_path(request["script"], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def main():
    for path in sys.argv[1:]:
        runpy.run_path(path)
    import migrate.versioning.shell  # noqa: F401

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(run(json.loads(line)))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(1, b"%d\n" % code)


main()
