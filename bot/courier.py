"""The way out: takes messages from the outbox, paces them, calls the channel, writes what became of each.

One lane per target keeps the order in each chat; lanes run beside each other. Settling a message and taking the next
one of the lane is one command, so a message costs one commit on its way out.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from bot.channels.base import Channel, Delivery, Pace
from bot.evidence import Evidence
from domain.errors import BaosongError
from domain.moment import Clock, from_ms, to_ms
from domain.speech import Outgoing
from services import cards, dispatch
from storage import audit, outbox, push
from storage.engine import Store, StoreFault, Topic, Tx
from storage.outbox import Parcel, Sending

logger = logging.getLogger("baosong.courier")

LOOK_AGAIN_SECONDS = 1.0
# With doubling waits the last try comes more than an hour after the first.
TRIES = 12
LONGEST_WAIT_MS = 3_600_000
TO_MANY = frozenset({push.KIND, "reminder", "nudge", "points", "scoreboard", "bulletin"})
"""Kinds that go to hundreds at once: they leave the burst to answers, so that whoever asks meanwhile does not wait."""
ORPHANED = "发送途中程序中断，结果不明"

Lane = tuple[str, str]

Artist = Callable[[str], Awaitable[Outgoing]]
"""Draws the document that `Outgoing.drawn` names. Raises BaosongError, saying why it cannot be drawn."""


async def nothing_to_draw(name: str) -> Outgoing:
    """The artist of a house without documents."""
    raise BaosongError(reason=f"不会画“{name}”。")


class Courier:
    """Runs until closed; `lanes` are the targets being served now."""

    def __init__(
        self, store: Store, clock: Clock, channels: Mapping[str, Channel], artist: Artist = nothing_to_draw
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._artist = artist
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._woken: set[Lane] = set()
        self._closed = False
        self._tasks: list[asyncio.Task[None]] = []
        self.evidence = Evidence(store, clock, channels)
        self.settled: Counter[str] = Counter()
        """How many messages ended how, by platform and state, for the metrics."""

    async def start(self) -> None:
        """Declare what a crash left half sent as unknown, then serve whatever is due."""
        await self._store.run(outbox.orphans_to_unknown, ORPHANED)
        self._store.listen("outbox", self._on_commit)
        self._tasks = [
            asyncio.create_task(self._look_again(), name="courier"),
            asyncio.create_task(self.evidence.run(), name="evidence"),
        ]

    async def close(self, seconds: float) -> None:
        """Let the calls under way end, for at most so long; the rest waits in the table."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        if self._lanes:
            await asyncio.wait(self._lanes.values(), timeout=seconds)

    @property
    def busy(self) -> bool:
        """Whether a message is on its way out."""
        return bool(self._lanes)

    def wake(self, platform: str, target: str) -> None:
        """Serve a target; if its lane is open already, it looks once more before it ends."""
        lane = (platform, target)
        if self._closed or platform not in self._channels:
            return
        if lane in self._lanes:
            self._woken.add(lane)
            return
        task = asyncio.create_task(self._serve(lane))
        self._lanes[lane] = task

    def _on_commit(self, topic: Topic) -> None:
        self.wake(str(topic[1]), str(topic[2]))

    async def _look_again(self) -> None:
        """Messages that wait for a time, or for a channel to come back, are found by looking."""
        while True:
            try:
                due = await self._due()
            except StoreFault as fault:
                logger.error("outbox cannot be read: %s", fault)
                due = []
            for platform, target in due:
                channel = self._channels.get(platform)
                if channel is not None and channel.up:
                    self.wake(platform, target)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _due(self) -> list[Lane]:
        now_ms = to_ms(self._clock.now())
        if await self._store.read(outbox.has_expired, now_ms):
            await self._store.run(outbox.drop_expired, now_ms)
        return await self._store.read(outbox.due_targets, now_ms)

    async def _serve(self, lane: Lane) -> None:
        platform, target = lane
        channel = self._channels[platform]
        try:
            parcel: Parcel | None = None
            delivery: Delivery | None = None
            while not (self._closed and parcel is None):
                if not channel.up and parcel is None:
                    return
                following = await self._store.run(
                    settle_and_take, platform, target, parcel, delivery, channel.pace, to_ms(self._clock.now()),
                    not self._closed,
                )  # fmt: skip
                if parcel is not None and delivery is not None:
                    self.settled[f"{platform} {delivery.state.name.lower()}"] += 1
                parcel, delivery = None, None
                if isinstance(following, int):
                    await asyncio.sleep(following / 1000)
                elif following is not None:
                    parcel = following
                    delivery = await self._deliver(channel, target, parcel.message)
                elif lane in self._woken:
                    self._woken.discard(lane)
                else:
                    return
        except StoreFault as fault:
            logger.error("outbox of %s cannot be written: %s", platform, fault)
        finally:
            self._lanes.pop(lane, None)
            if lane in self._woken:
                self._woken.discard(lane)
                self.wake(*lane)

    async def _deliver(self, channel: Channel, target: str, message: Outgoing) -> Delivery:
        """Send a message; what is still to be drawn is drawn now."""
        if message.drawn:
            try:
                message = await self._artist(message.drawn)
            except BaosongError as fault:
                return Delivery(Sending.REFUSED, error=str(fault))
        return await channel.send(target, message)


def settle_and_take(
    tx: Tx, platform: str, target: str, sent: Parcel | None, delivery: Delivery | None, pace: Pace, now_ms: int,
    more: bool,
) -> Parcel | int | None:  # fmt: skip
    """Write what became of a message and mark the target's next as sending.

    Returns the next message, the milliseconds to wait if the pace does not allow it yet, or None if nothing is due.
    """
    if sent is not None and delivery is not None:
        settle(tx, sent, delivery, now_ms)
    if not more:
        return None
    if pace.target_interval_ms or pace.all_interval_ms:
        kind = outbox.due_kind(tx, platform, target, now_ms)
        if kind is None:
            return None
        wait = _spend(tx, platform, target, pace, now_ms, 1 if kind in TO_MANY else pace.all_burst)
        if wait:
            return wait
    return outbox.take(tx, platform, target, now_ms)


def _spend(tx: Tx, platform: str, target: str, pace: Pace, now_ms: int, burst: int) -> int:
    """The milliseconds to wait for a slot of the chat and of the platform; 0 if both were free and are taken."""
    if pace.target_interval_ms:
        wait = outbox.pace(tx, platform, target, now_ms, pace.target_interval_ms, pace.target_burst)
        if wait:
            return wait
    if pace.all_interval_ms:
        return outbox.pace(tx, platform, "", now_ms, pace.all_interval_ms, burst)
    return 0


def settle(tx: Tx, sent: Parcel, delivery: Delivery, now_ms: int) -> None:
    """Write one delivery. What certainly did not go out is tried again, later and later, and in the end is dead.

    What only waits for its turn waits as long as it has to; what else waits for the same person goes with it.
    """
    if delivery.state is Sending.PENDING and not delivery.tried:
        outbox.merge(tx, sent, now_ms)
        outbox.postpone(tx, sent.id, now_ms + delivery.retry_ms, delivery.error, tried=False)
        return
    if delivery.state is Sending.PENDING and sent.attempts < TRIES:
        wait = max(delivery.retry_ms, min(1000 * 2**sent.attempts, LONGEST_WAIT_MS))
        outbox.postpone(tx, sent.id, now_ms + wait, delivery.error)
        return
    state = Sending.DEAD if delivery.state is Sending.PENDING else delivery.state
    outbox.settle(tx, sent.id, state, now_ms, platform_id=delivery.platform_id, error=delivery.error)
    if delivery.handle and sent.message.card is not None:
        cards.sent(tx, sent.message.card.key, delivery.handle, delivery.until_ms, now_ms)
    if state in (Sending.DEAD, Sending.REFUSED):
        audit.write(tx, now_ms, "courier", f"outbox {state.name.lower()}", f"outbox:{sent.id}", delivery.error)
        dispatch.alarm(tx, sent, state, delivery.error, from_ms(now_ms))
