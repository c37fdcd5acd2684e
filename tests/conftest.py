"""What every test stands on: the office's own time zone and property tests that CI can repeat."""

from __future__ import annotations

import os
import shutil
import time

from hypothesis import HealthCheck, settings

# pytest reads this file before any test or room is imported, so all of them see the zone of the office;
# processes that tests start inherit it.
os.environ["TZ"] = "Asia/Shanghai"
time.tzset()

# Thousands of small databases: where there is a disk in memory with room, nobody waits for the real one.
_MEMORY, _ROOM = "/dev/shm", 4 * 1024**3
if os.path.isdir(_MEMORY) and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _MEMORY)

# No deadline: the machine is shared, and a slow example is not a wrong one.
settings.register_profile("desk", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
# CI repeats the same examples, so that a red run can be repeated at the desk.
settings.register_profile("ci", parent=settings.get_profile("desk"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
