"""One token per app: one refresh for all, across processes, and never a loop on a wrong secret."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.wecom import ActionFailed, MemoryTokenStore, NetworkError, TokenRefused
from bot.channels.wecom.token import TokenHolder


class Service:
    """Gives tokens, or an error."""

    def __init__(self) -> None:
        self.asked = 0
        self.error = 0
        self.same = False

    async def fetch(self) -> tuple[str, float]:
        self.asked += 1
        await asyncio.sleep(0)
        if self.error:
            raise ActionFailed(self.error, "invalid credential", "gettoken")
        return ("T" if self.same else f"T{self.asked}"), 7200


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = 1_000_000.0

    def __call__(self) -> float:
        return self.at


def _holder(service: Service, clock: Hand, store: MemoryTokenStore, secret: str = "s", agent: int = 1) -> TokenHolder:
    return TokenHolder(store, "ww1", agent, secret, service.fetch, clock)


async def test_twenty_callers_of_two_processes_cause_one_request() -> None:
    service, clock, store = Service(), Hand(), MemoryTokenStore()
    holders = [_holder(service, clock, store) for _ in range(2)]
    tokens = await asyncio.gather(*(holders[number % 2].get() for number in range(20)))
    assert {token.value for token in tokens} == {"T1"}
    assert service.asked == 1


async def test_a_stale_token_is_renewed_once_whoever_finds_it() -> None:
    service, clock, store = Service(), Hand(), MemoryTokenStore()
    holders = [_holder(service, clock, store) for _ in range(2)]
    stale = await holders[0].get()
    await holders[1].get()
    tokens = await asyncio.gather(*(holders[number % 2].get(stale) for number in range(20)))
    assert {token.value for token in tokens} == {"T2"}
    assert service.asked == 2


async def test_a_service_that_gives_the_same_token_again_is_not_asked_by_everybody() -> None:
    service, clock, store = Service(), Hand(), MemoryTokenStore()
    service.same = True
    holder = _holder(service, clock, store)
    stale = await holder.get()
    await asyncio.gather(*(holder.get(stale) for _ in range(20)))
    assert service.asked == 2


async def test_a_token_ends_a_little_before_the_service_says_so() -> None:
    service, clock, store = Service(), Hand(), MemoryTokenStore()
    holder = _holder(service, clock, store)
    await holder.get()
    clock.at += 7200 - 301
    await holder.get()
    assert service.asked == 1
    clock.at += 2
    assert (await holder.get()).value == "T2"


async def test_two_apps_of_a_company_never_share_a_token() -> None:
    service, clock, store = Service(), Hand(), MemoryTokenStore()
    one = await _holder(service, clock, store, "same-first-ten-1", 1).get()
    other = await _holder(service, clock, store, "same-first-ten-2", 2).get()
    assert one.value != other.value


async def test_a_wrong_secret_is_asked_for_ever_more_rarely_by_all_processes() -> None:
    service, clock, store = Service(), Hand(), MemoryTokenStore()
    service.error = 40001
    holders = [_holder(service, clock, store) for _ in range(2)]
    pauses = []
    for round_ in range(6):
        with pytest.raises(TokenRefused) as refused:
            await holders[round_ % 2].get()
        for holder in holders:
            with pytest.raises(TokenRefused):
                await holder.get()
        pauses.append(refused.value.retry_at - clock.at)
        clock.at = refused.value.retry_at
    assert pauses == [300, 600, 1200, 2400, 3600, 3600]
    assert service.asked == 6


async def test_an_address_that_is_blocked_waits_an_hour() -> None:
    service, clock, store = Service(), Hand(), MemoryTokenStore()
    service.error = 45009
    with pytest.raises(TokenRefused) as refused:
        await _holder(service, clock, store).get()
    assert refused.value.retry_at - clock.at == 3600


async def test_a_corrected_secret_is_tried_at_once() -> None:
    service, clock, store = Service(), Hand(), MemoryTokenStore()
    service.error = 40001
    with pytest.raises(TokenRefused):
        await _holder(service, clock, store, "wrong").get()
    service.error = 0
    assert (await _holder(service, clock, store, "right").get()).value == "T2"


async def test_other_errors_do_not_close_the_way() -> None:
    service, clock, store = Service(), Hand(), MemoryTokenStore()
    service.error = -1
    with pytest.raises(ActionFailed):
        await _holder(service, clock, store).get()
    service.error = 0
    assert (await _holder(service, clock, store).get()).value == "T2"


async def test_a_store_that_lost_everything_does_not_bring_back_a_stale_token() -> None:
    service, clock, store = Service(), Hand(), MemoryTokenStore()
    holder = _holder(service, clock, store)
    stale = await holder.get()
    store._records.clear()
    renewed = await holder.get(stale)
    assert renewed.serial > stale.serial


def test_neither_tokens_nor_digests_are_shown() -> None:
    from bot.channels.wecom import TokenRecord
    from bot.channels.wecom.token import Token

    assert "T1" not in repr(Token("T1", 1))
    assert "abc" not in repr(TokenRecord("T1", secret_mark="abc"))
    assert issubclass(TokenRefused, ActionFailed)
    assert not issubclass(TokenRefused, NetworkError)
