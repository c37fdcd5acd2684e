"""The ranks of leaders whose notes count (批示)."""

from __future__ import annotations

RANK_NAMES = {"county": "县级领导", "city": "市级领导", "province": "省级领导", "state": "国家级领导"}
"""The ranks every measure has; a file may add its own under `[ranks]`, or call these otherwise."""
