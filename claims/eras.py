"""The times for which every claim is answered."""

from __future__ import annotations

from harness.claims import Era

THEN = Era(
    name="then",
    title="the 2013 stack",
    toolchain="icehouse",
    until="2013-11-30",
)
NOW = Era(name="now", title="today", toolchain="common", newer="newest")
