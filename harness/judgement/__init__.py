"""From evidence to findings: pure functions, which run no tool and open no database."""

from harness.judgement.judge import judge

__all__ = ["judge"]
