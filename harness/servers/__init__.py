"""Database servers: where they come from, and those that the harness runs itself.

A server is the user's, given by a URL; or it is found as a program on the machine
and run privately, on a socket in a directory of its own; or it comes from a package.
"""

from harness.servers.kind import Given, Kind, Program, ServerError
from harness.servers.mysql import MYSQL
from harness.servers.postgresql import POSTGRESQL
from harness.servers.private import PrivateServer

__all__ = [
    "MYSQL",
    "POSTGRESQL",
    "Given",
    "Kind",
    "PrivateServer",
    "Program",
    "ServerError",
]
