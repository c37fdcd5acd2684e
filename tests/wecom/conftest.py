"""The fake service and the two kinds of driver."""

from __future__ import annotations

import warnings
from collections.abc import AsyncGenerator, Generator

import pytest

from tests.wecom.desk import DRIVERS
from tests.wecom.fake import FakeService, serving


@pytest.fixture
async def service() -> AsyncGenerator[FakeService, None]:
    async with serving() as fake:
        yield fake


@pytest.fixture(params=sorted(DRIVERS))
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def what_nonebots_drivers_will_have_to_change() -> Generator[None, None, None]:
    """Its httpx driver hands over cookies with every request, its websockets driver reads `ConnectionClosed.code`."""
    with warnings.catch_warnings():
        for message in ("Setting per-request cookies", "ConnectionClosed.(code|reason) is deprecated"):
            warnings.filterwarnings("ignore", message=message, category=DeprecationWarning)
        yield
