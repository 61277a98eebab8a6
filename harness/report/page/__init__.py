"""`comparison.html`: the report as one page that needs nothing but itself."""

from harness.report.page.page import NAME, page, picture, ratios_picture

__all__ = ["NAME", "page", "picture", "ratios_picture"]
