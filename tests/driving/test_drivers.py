"""One specification for both drivers: a warm fork and a fresh process are the same."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from harness.databases import Backend
from harness.driving import ColdDriver, DriverError, ForkDriver, Launch
from harness.toolchains import interpreters

from .conftest import Bench, MakeBench, Seen

SCRIPTS = {
    "print": "print('hello')",
    "unicode": "print('schön →')",
    "unflushed": "import sys; sys.stdout.write('no newline')",
    "exit 3": "import sys; sys.exit(3)",
    "exit -1": "import sys; sys.exit(-1)",
    "exit none": "import sys; sys.exit(None)",
    "exit text": "import sys; sys.exit('in words')",
    "os._exit": "import os; os._exit(7)",
    "exception": "def f():\n    raise ValueError('x')\nf()",
    "chained": "try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e",
    "context": "try:\n    1/0\nexcept ZeroDivisionError:\n    raise KeyError('k')",
    "interrupt": "raise KeyboardInterrupt",
    "syntax error": "def f(:\n    pass",
    "atexit": "import atexit; atexit.register(print, 'bye'); print('hi')",
    "atexit after error": "import atexit; atexit.register(print, 'bye'); 1/0",
    "main guard": "if __name__ == '__main__':\n    print(__name__)",
    "argv": "import sys, os; print([os.path.basename(a) for a in sys.argv])",
    "path": "import sys, os; print(os.path.samefile(sys.path[0], os.path.dirname(__file__)))",
    "directory": "import os; print(os.path.samefile(os.getcwd(), os.path.dirname(__file__)))",
    "environment": "import os; print(sorted(k for k in os.environ))",
    "stdin": "import sys; print(repr(sys.stdin.read()))",
    "no terminal": "import sys; print(sys.stdout.isatty(), sys.stderr.isatty())",
    "logging": "import logging; logging.warning('w'); logging.getLogger('a').error('e')",
    "warning": "import warnings; warnings.warn('careful')",
    "thread": "import threading; threading.Thread(target=lambda: print('t')).start()",
    "child": "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1)'])",
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "terminated": "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    "main is the script": "import sys; x = 1; print(sys.modules['__main__'].x)",
    "closed stdout": "import sys; sys.stdout.close()",
    "many lines": "for i in range(20000): print('line', i)",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_both_drivers_see_the_same(make_bench: MakeBench, name: str) -> None:
    """Exit code, signal and both streams of a fork equal those of a fresh process."""
    warm, cold = make_bench(ForkDriver), make_bench(ColdDriver)

    seen = {
        bench: bench.run(SCRIPTS[name], "one", "two words") for bench in (warm, cold)
    }

    assert neutral(warm, seen[warm]) == neutral(cold, seen[cold])


def neutral(bench: Bench, seen: Seen) -> Seen:
    """Return what was seen without the directory it was seen in."""
    return Seen(
        *seen[:2], *(text.replace(str(bench.directory), "") for text in seen[2:])
    )


def test_one_command_leaves_nothing_to_the_next(bench: Bench) -> None:
    """Modules, variables and the environment of a command are gone with it."""
    leave = "import json, os; json.left = True; os.environ['LEFT'] = '1'"
    look = "import json, os; print(hasattr(json, 'left'), 'LEFT' in os.environ)"

    bench.run(leave)

    assert bench.run(look).stdout == "False False\n"


class TestTimeLimit:
    """Commands that do not end."""

    def test_it_is_killed_with_its_children(self, bench: Bench) -> None:
        """At the limit the command and what it started are gone."""
        text = """
            import subprocess, sys
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            print(child.pid, flush=True)
            child.wait()
        """
        seen = bench.run(textwrap.dedent(text), time_limit=1.0)

        assert bench.result is not None
        assert bench.result.timed_out
        assert (None, signal.SIGKILL) == (seen.exit_code, seen.signal)
        assert gone(int(seen.stdout))

    def test_the_next_command_runs(self, bench: Bench) -> None:
        """A hung command does not cost the driver."""
        bench.run("import time; time.sleep(60)", time_limit=0.3)

        assert bench.run("print('still here')").stdout == "still here\n"

    def test_what_a_command_leaves_running_is_killed(self, bench: Bench) -> None:
        """A child that outlives its command does not outlive the driver's answer."""
        text = """
            import subprocess, sys
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            print(child.pid)
        """
        seen = bench.run(textwrap.dedent(text))

        assert gone(int(seen.stdout))


class TestKilling:
    """Ctrl-C, and the death of the harness."""

    def test_kill_ends_a_running_command(self, bench: Bench) -> None:
        """Another thread can end a command at once; the driver says interrupted."""
        threading.Timer(0.5, bench.driver.kill).start()

        with pytest.raises(DriverError, match="interrupted"):
            bench.run("import time; time.sleep(60)")

    @pytest.mark.parametrize("kind", ["ForkDriver", "ColdDriver"])
    @pytest.mark.parametrize("network", [True, False])
    def test_nothing_survives_the_harness(
        self, make_bench: MakeBench, kind: str, network: bool
    ) -> None:
        """When the harness is killed, a running command goes with it."""
        script = (
            "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
        )
        place = make_bench(ForkDriver)
        request = place.request(script)
        owner = f"""
            import sys
            from harness.driving import {kind}, Launch, Request
            Driver = {kind}(Launch(python=sys.executable))
            Driver.run(Request(script={request.script!r}, argv=(),
                cwd={request.cwd!r}, environ={{}}, stdout={request.stdout!r},
                stderr={request.stderr!r}, time_limit=60, network={network}))
        """
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(owner)])
        pid = int(eventually_read(place.directory / "pid"))
        process.kill()
        process.wait()

        assert gone(pid)


class TestNetwork:
    """Taking the network away, and seeing who wanted it."""

    CONNECT = """
        import socket, sys
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
        print("connected")
    """

    def test_with_network_it_connects(self, bench: Bench) -> None:
        """Nothing is in the way by default."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = str(server.getsockname()[1])
            seen = bench.run(textwrap.dedent(self.CONNECT), port)

        assert bench.result is not None
        assert ("connected\n", "open") == (seen.stdout, bench.result.network)

    def test_without_network_it_does_not(self, bench: Bench, tmp_path: Path) -> None:
        """A listener on this machine cannot be reached, and the attempt is recorded."""
        watch = tmp_path / "attempts"
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = str(server.getsockname()[1])
            text = textwrap.dedent(self.CONNECT)
            seen = bench.run(text, port, network=False, watch=str(watch))

        assert bench.result is not None
        assert bench.result.network in {"namespace", "guard"}
        assert 1 == seen.exit_code
        attempts = [json.loads(line) for line in watch.read_text().splitlines()]
        assert {"kind": "socket.connect", "target": f"127.0.0.1:{port}"} in attempts

    def test_opened_databases_are_recorded(self, bench: Bench, tmp_path: Path) -> None:
        """A database file that is opened is an attempt as well."""
        watch = tmp_path / "attempts"
        bench.run("import sqlite3; sqlite3.connect('a.db')", watch=str(watch))

        (attempt,) = [json.loads(line) for line in watch.read_text().splitlines()]
        assert {"kind": "sqlite3.connect", "target": "a.db"} == attempt

    def test_servers_that_a_c_library_reaches_are_recorded(
        self, bench: Bench, tmp_path: Path
    ) -> None:
        """Python itself does not see libpq open a socket."""
        watch = tmp_path / "attempts"
        bench.run("import psycopg2; psycopg2.connect(host='/none')", watch=str(watch))

        attempts = [json.loads(line) for line in watch.read_text().splitlines()]
        assert [{"kind": "psycopg2.connect", "target": "/none"}] == attempts

    def test_a_server_on_a_socket_is_reached_without_network(
        self, bench: Bench, server: Backend, tmp_path: Path
    ) -> None:
        """A path is no network: what is taken away is the way to other machines."""
        server.create(tmp_path, "app")
        text = "import sys, sqlalchemy; sqlalchemy.create_engine(sys.argv[1]).connect()"
        seen = bench.run(text, server.url(tmp_path, "app"), network=False)
        server.drop(tmp_path, "app")

        assert (0, "") == (seen.exit_code, seen.stderr)

    def test_files_stay_writable_without_network(self, bench: Bench) -> None:
        """Taking the network away takes nothing else."""
        seen = bench.run("open('f', 'w').write('x'); print('done')", network=False)

        assert seen.stdout == "done\n"


class TestStartup:
    """Files that run before anything else."""

    @pytest.mark.parametrize("kind", [ForkDriver, ColdDriver])
    def test_startup_files_run_in_both_modes(
        self, make_bench: MakeBench, tmp_path: Path, kind: type[ForkDriver]
    ) -> None:
        """What a startup file changes is changed for the command."""
        file = tmp_path / "help.py"
        file.write_text("import inspect\ninspect.given_back = 'yes'\n")
        bench = make_bench(kind, startup=(str(file),))

        seen = bench.run("import inspect; print(inspect.given_back)")

        assert seen.stdout == "yes\n"

    def test_environment_shows_no_trace_of_it(self, bench: Bench) -> None:
        """A command and its children do not see how they were started."""
        text = "import os; print([k for k in os.environ if 'COMPARE' in k or k == 'PYTHONPATH'])"

        assert bench.run(text).stdout == "[]\n"

    def test_a_search_path_of_the_caller_is_kept(self, bench: Bench) -> None:
        """A PYTHONPATH in the request is honoured."""
        (bench.directory / "extra").mkdir()
        (bench.directory / "extra" / "found.py").write_text("print('found')")
        environ = {"PYTHONPATH": str(bench.directory / "extra")}

        assert bench.run("import found", environ=environ).stdout == "found\n"


class TestStart:
    """Whoever does not want to wait at the first command starts the driver before it."""

    def test_the_warm_process_is_there_before_a_command(
        self, make_bench: MakeBench
    ) -> None:
        """The first command runs in a child of it; another start changes nothing."""
        bench = make_bench(ForkDriver)
        before = set(psutil.Process().children())
        bench.driver.start()
        [warm] = set(psutil.Process().children()) - before
        bench.driver.start()

        assert bench.run("import os; print(os.getppid())").stdout == f"{warm.pid}\n"

    def test_what_keeps_it_from_starting_is_told(self, make_bench: MakeBench) -> None:
        """A module that cannot be imported is named in the error."""
        bench = make_bench(ForkDriver, imports=("no_such_module",))

        with pytest.raises(DriverError, match="no_such_module"):
            bench.driver.start()


class TestLostServer:
    """The warm process itself can fail."""

    def test_its_last_words_are_told(self, make_bench: MakeBench) -> None:
        """A module that cannot be imported is named in the error."""
        bench = make_bench(ForkDriver, imports=("no_such_module",))

        with pytest.raises(DriverError, match="no_such_module"):
            bench.run("print(1)")

    def test_a_new_one_is_started(self, make_bench: MakeBench) -> None:
        """After the server was lost, the next command starts another."""
        bench = make_bench(ForkDriver)
        text = "import os, signal; os.kill(os.getppid(), signal.SIGKILL)"
        with pytest.raises(DriverError, match="SIGKILL"):
            bench.run(text)

        assert bench.run("print('back')").stdout == "back\n"


def test_measurements_are_of_the_command(bench: Bench) -> None:
    """Processor time and memory are those of the command."""
    bench.run("x = bytearray(64 << 20); sum(range(3_000_000))")

    assert bench.result is not None
    assert bench.result.cpu_seconds > 0
    assert bench.result.max_rss_kib > 64 << 10


OLD = interpreters.find("2.7")


@pytest.mark.skipif(OLD is None, reason=interpreters.not_found("2.7")[0])
@pytest.mark.parametrize("kind", [ForkDriver, ColdDriver])
def test_python_2_is_driven(make_bench: MakeBench, kind: type[ForkDriver]) -> None:
    """The server runs in the oldest interpreter that a toolchain may have."""
    bench = make_bench(kind, python=str(OLD))

    seen = bench.run("import sys; print(sys.version_info[0]); sys.exit(4)")

    assert (4, "2\n") == (seen.exit_code, seen.stdout)


def test_launch_is_a_value() -> None:
    """Two equal launches share a driver, so they must be equal and hashable."""
    one, other = Launch(python="p", imports=("a",)), Launch(python="p", imports=("a",))
    assert {one} == {other}


def gone(pid: int) -> bool:
    """Wait for a process to end; zombies count as ended."""
    for _ in range(200):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def eventually_read(path: Path) -> str:
    """Wait for a file to have text."""
    for _ in range(200):
        if path.exists() and path.read_text():
            return path.read_text()
        time.sleep(0.05)
    message = f"{path} never appeared"
    raise TimeoutError(message)


@pytest.mark.parametrize("unburdened", [False, True])
def test_environments_are_filled_up_to_one_size(
    make_bench: MakeBench, *, unburdened: bool
) -> None:
    """However long a path is, the process starts with as many bytes."""
    bench = make_bench(ColdDriver)
    text = "print(len(open('/proc/self/environ', 'rb').read()))"

    sizes = {
        bench.run(
            text,
            environ={"PLACE": "x" * length},
            environ_bytes=5000,
            unburdened=unburdened,
        ).stdout
        for length in (10, 1000)
    }

    assert {"5000\n"} == sizes
