"""How projects test migrations, whichever tool they use."""

from __future__ import annotations

from harness.contract import TestingHabit

HOOKS = TestingHabit(
    name="hooks of a walk (`_pre_upgrade_ID`, `_check_ID`)",
    source="https://docs.openstack.org/oslo.db/latest/reference/api/"
    "oslo_db.sqlalchemy.test_migrations.html",
    one=r"def _(?:check|pre_upgrade|post_downgrade|prerun|postrun)_(?P<id>\w+)\(",
    all=r"\b_?walk_versions\(",
)
IN_SYNC = TestingHabit(
    name="models held against the end of the history (`ModelsMigrationsSync`)",
    source="https://docs.openstack.org/oslo.db/latest/reference/api/"
    "oslo_db.sqlalchemy.test_migrations.html",
    all=r"class \w+\([^)]*ModelsMigrationsSync",
)
