"""An index for pip that has only what was uploaded up to a date.

pip of old knows no such limit. It is given an address on this machine instead, where the
lists of the user's indexes are found without what came later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from harness.toolchains.listing import NoReleasesError, files


@contextmanager
def dated_index(until: str, exempt: dict[str, str]) -> Iterator[str]:
    """Serve the index up to a date; `exempt` has later dates for some packages."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer with the list of one package."""
            name = self.path.strip("/")
            try:
                page = listing(name, exempt.get(name, until))
            except NoReleasesError as error:
                self.send_error(HTTPStatus.BAD_GATEWAY, str(error))
                return
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing: it would go to the user's terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def listing(name: str, until: str) -> str:
    """Return a package's page; what has no upload time is left out."""
    links = (
        f'<a href="{escape(_address(file.url, file.digests))}"'
        f' data-requires-python="{escape(file.requires_python or "")}">'
        f"{escape(file.filename)}</a><br>\n"
        for file in files(name)
        if file.upload_time is not None and file.upload_time.date().isoformat() <= until
    )
    return f"<!DOCTYPE html><html><body>\n{''.join(links)}</body></html>\n"


def _address(url: str, digests: dict[str, str]) -> str:
    digest = digests.get("sha256")
    return f"{url}#sha256={digest}" if digest else url
