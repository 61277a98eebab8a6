"""Running a tool's real command line inside a toolchain."""

from harness.driving.cold import ColdDriver, interpreted
from harness.driving.fork import ForkDriver
from harness.driving.request import Driver, DriverError, Launch, Request, Result

__all__ = [
    "ColdDriver",
    "Driver",
    "DriverError",
    "ForkDriver",
    "Launch",
    "Request",
    "Result",
    "interpreted",
]
