"""A package index on this machine that keeps the first who asks waiting."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PATIENCE = 30.0


class SlowIndex(ThreadingHTTPServer):
    """Serves a directory of wheels; the first request waits for `release`."""

    daemon_threads = True

    def __init__(self, wheels: Path) -> None:
        """Listen, on any port that is free."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.wheels = wheels
        self._first = threading.Lock()
        self._asked = threading.Event()
        self._released = threading.Event()

    @property
    def url(self) -> str:
        """The address for UV_DEFAULT_INDEX."""
        return f"http://127.0.0.1:{self.server_address[1]}/simple"

    def wait_until_asked(self) -> None:
        """Wait until somebody is kept waiting."""
        assert self._asked.wait(PATIENCE), "nobody asked the index"

    def release(self) -> None:
        """Answer who has been kept waiting."""
        self._released.set()

    def keep_waiting(self) -> None:
        """Keep the first who comes here waiting until `release`, and nobody else."""
        if self._first.acquire(blocking=False):
            self._asked.set()
            self._released.wait(PATIENCE)


class _Handler(BaseHTTPRequestHandler):
    server: SlowIndex

    def do_GET(self) -> None:
        """Answer with a wheel, or with the links to those of a name."""
        self.wfile.write(self._begin())

    def do_HEAD(self) -> None:
        """Answer as to GET, without the content."""
        self._begin()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def _begin(self) -> bytes:
        self.server.keep_waiting()
        kind, content = self._content(self.path.rstrip("/").rpartition("/")[2])
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return content

    def _content(self, name: str) -> tuple[str, bytes]:
        wheels = self.server.wheels
        if name.endswith(".whl"):
            return "application/octet-stream", (wheels / name).read_bytes()
        links = "".join(map(_link, wheels.glob(f"{name}-*.whl")))
        return "text/html", links.encode()

    def handle(self) -> None:
        """Serve; a client may have been killed meanwhile, which is no news."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True


@contextmanager
def slow_index(wheels: Path) -> Iterator[SlowIndex]:
    """Serve wheels from an index on this machine, for a while."""
    with SlowIndex(wheels) as index:
        thread = threading.Thread(target=index.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield index
        finally:
            index.release()
            index.shutdown()
            thread.join()


def _link(wheel: Path) -> str:
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f'<a href="/files/{wheel.name}#sha256={digest}">{wheel.name}</a>'
