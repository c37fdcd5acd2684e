"""Where the wire ends: each message is judged at the door and, if it is meant for us, queued to the writer in the
order of arrival.

Texts are handled in one transaction each and need no worker: the writer is the queue. A file must first be fetched
and read; until it has been taken in, whatever else the same person says in the same chat waits behind it, so that
"the file, then /撤回" means what it says. Memory is bounded: `room` holds the wire back when too much is in hand.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.channels.base import Channel, Fetched, FetchProblem, NamingLate, NotKept
from bot.channels.connected import until_up
from bot.door import Door, Judged, Verdict
from bot.pictures import fetch_pictures
from bot.refusals import (
    refuse_secret_file,
    say_fault,
    say_not_here,
    say_refused,
    say_to_register,
    say_too_long,
    storable,
)
from bot.router import (
    Desk,
    announce_file,
    is_reference,
    new_reference,
    receive,
    receive_file,
    receive_pictures,
    refuse_file,
)
from documents.worker import extract
from domain.document import Document
from domain.errors import BaosongError
from domain.moment import Clock
from domain.secrecy import Screen
from domain.speech import Incoming
from storage import inbox
from storage.engine import Store, StoreFault

logger = logging.getLogger("baosong.gateway")

IN_HAND = 2_000

FILES_AT_ONCE = 6
"""Files whose bytes are in memory at a time: on the last afternoon of a month everybody drops one."""

Person = tuple[str, str, str]
"""(platform, chat, account): whose messages are kept in order behind a file."""

Key = tuple[str, str, str]
"""(platform, bot, natural key): one message, however often it is delivered."""


@dataclass(frozen=True, slots=True)
class House:
    """What the gateway works with."""

    store: Store
    clock: Clock
    desk: Desk
    door: Door
    screen: Screen


class Gateway:
    """One for all channels; `accept` is called by the wire, in the event loop."""

    def __init__(self, house: House, channel_of: Callable[[str], Channel]) -> None:
        self._house = house
        self._channel_of = channel_of
        self._in_hand = 0
        self._space = asyncio.Event()
        self._space.set()
        self._behind: dict[Person, deque[Incoming]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._files = asyncio.Semaphore(FILES_AT_ONCE)
        self._closed = False
        self._kept: dict[Key, asyncio.Future[None]] = {}
        self.seen: Counter[str] = Counter()
        """How many messages met which verdict, for the metrics."""
        self.handled: Counter[str] = Counter()
        """How many messages came to which outcome (see `router.receive`), for the metrics."""

    async def room(self) -> None:
        """Wait until there is room for more; the wire calls it before reading on."""
        if not self._space.is_set():
            await self._space.wait()

    def accept(self, incoming: Incoming) -> None:
        """Take a message off the wire. After `close` nothing is taken any more."""
        if not self._closed:
            self._admit(storable(incoming))

    async def keep(self, incoming: Incoming) -> None:
        """Take a message and return once it is stored, or judged to leave no trace. Raises NotKept."""
        if self._closed:
            raise NotKept("the bot is stopping")
        key = _key(incoming)
        waiting = self._kept.get(key)
        if waiting is None:
            waiting = self._kept[key] = asyncio.get_running_loop().create_future()
            try:
                self._admit(storable(incoming))
            except StoreFault as fault:
                self._stored(incoming, fault)
        await asyncio.shield(waiting)

    def _stored(self, incoming: Incoming, error: BaseException | None = None) -> None:
        """Whoever waits in `keep` for this message may go on; what the database refused is to be brought again."""
        waiting = self._kept.pop(_key(incoming), None)
        if waiting is None or waiting.done():
            return
        if isinstance(error, StoreFault):
            waiting.set_exception(NotKept("the database failed"))
            waiting.exception()  # looked at: whoever waited may have given up meanwhile
        else:
            waiting.set_result(None)

    def _admit(self, incoming: Incoming) -> None:
        waiting = self._behind.get((incoming.platform, incoming.group, incoming.account))
        if waiting is None:
            self._judge(incoming)
        else:
            waiting.append(incoming)
            self._hold(1)

    def _judge(self, incoming: Incoming) -> None:
        judged = self._house.door(incoming)
        self.seen[judged.verdict.value] += 1
        now = self._house.clock.now()
        if judged.verdict is Verdict.TEXT:
            self._queue(self._house.store.submit(receive, self._house.desk, incoming, now), incoming)
        elif judged.verdict in (Verdict.FILE, Verdict.PICTURES):
            self._start_file(incoming)
        elif judged.verdict is Verdict.SECRET:
            self._refuse(incoming, judged)
        elif judged.verdict is Verdict.NOT_HERE:
            self._queue(self._house.store.submit(say_not_here, incoming, now), incoming)
        elif judged.verdict is Verdict.TO_REGISTER:
            self._queue(self._house.store.submit(say_to_register, incoming, now), incoming)
        elif judged.verdict is Verdict.TOO_LONG:
            self._queue(self._house.store.submit(say_too_long, incoming, now), incoming)
        else:
            self._stored(incoming)

    def _hold(self, change: int) -> None:
        self._in_hand += change
        if self._in_hand >= IN_HAND:
            self._space.clear()
        else:
            self._space.set()

    def _queue(self, future: asyncio.Future[Any], incoming: Incoming) -> None:
        self._hold(1)
        future.add_done_callback(partial(self._handled, incoming))

    def _handled(self, incoming: Incoming, future: asyncio.Future[Any]) -> None:
        self._hold(-1)
        if future.cancelled():
            self._stored(incoming, StoreFault("stopped"))
            return
        error = future.exception()
        self._stored(incoming, error)
        if error is not None:
            self._lost(incoming, error)
        else:
            self._count(future.result())

    def _lost(self, incoming: Incoming, error: BaseException) -> None:
        """A message that could not be handled at all: the sender is told, unless it is the database that fails."""
        reference = new_reference()
        logger.error("message lost, number %s", reference, exc_info=error)
        self.seen["lost"] += 1
        if not isinstance(error, StoreFault):
            told = self._house.store.submit(say_fault, incoming, reference, self._house.clock.now())
            self._hold(1)
            told.add_done_callback(self._told)

    def _told(self, future: asyncio.Future[bool]) -> None:
        """Nobody waits for the word about a fault; if it fails too, the first failure is in the log already."""
        self._hold(-1)
        if not future.cancelled():
            future.exception()

    def _count(self, outcome: str | None) -> None:
        """References of faults are as many as faults; they are counted under one name."""
        if outcome is not None:
            self.handled["fault" if is_reference(outcome) else outcome] += 1

    def _refuse(self, incoming: Incoming, judged: Judged) -> None:
        assert judged.hit is not None
        refused_to, now = self._house.desk.office.refused_to, self._house.clock.now()
        self._queue(self._house.store.submit(say_refused, incoming, judged.hit.name, refused_to, now), incoming)

    def _start_file(self, incoming: Incoming) -> None:
        key = (incoming.platform, incoming.group, incoming.account)
        self._behind[key] = deque()
        self._spawn(self._file_then_rest(incoming, key))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _file_then_rest(self, incoming: Incoming, key: Person) -> None:
        try:
            inbox_id = await self._house.store.run(announce_file, incoming, self._house.clock.now())
            self._stored(incoming)
            if inbox_id is not None:
                await self.take_file(incoming, inbox_id)
        except Exception as error:  # boundary: the sender of a file that met a fault of ours is told, not left waiting
            self._stored(incoming, error)
            self._lost(incoming, error)
        finally:
            for waiting in self._behind.pop(key, ()):
                self._hold(-1)
                self._admit(waiting)

    async def take_file(self, incoming: Incoming, inbox_id: int) -> None:
        """Fetch, read, screen and take in one announced file, or a text with its pictures; whatever goes wrong is said
        to the sender."""
        async with self._files:
            if incoming.file is None:
                await self._take_pictures(incoming, inbox_id)
            else:
                await self._take_file(incoming, inbox_id)

    async def _take_pictures(self, incoming: Incoming, inbox_id: int) -> None:
        pictures = await fetch_pictures(self._channel_of(incoming.platform), incoming)
        outcome = await self._house.store.run(
            receive_pictures, self._house.desk, incoming, inbox_id, pictures, self._house.clock.now()
        )
        self._count(outcome)

    async def _take_file(self, incoming: Incoming, inbox_id: int) -> None:
        file = incoming.file
        assert file is not None
        try:
            fetched = await self._fetch(incoming)
            if fetched.name:
                file = replace(file, name=fetched.name)
                incoming = storable(replace(incoming, file=file))
            document = await extract(fetched.data, file.name)
        except FetchProblem as problem:
            await self._refuse_file(incoming, inbox_id, problem.text)
            return
        except BaosongError as error:
            await self._refuse_file(incoming, inbox_id, str(error))
            return
        hit = self._house.screen.check(f"{fetched.name}\n{document.all_text}")
        if hit is not None:
            refused_to, now = self._house.desk.office.refused_to, self._house.clock.now()
            await self._house.store.run(refuse_secret_file, incoming, inbox_id, hit.name, refused_to, now)
            return
        await self._take_document(incoming, inbox_id, document, fetched.data)

    async def _fetch(self, incoming: Incoming) -> Fetched:
        channel = self._channel_of(incoming.platform)
        if isinstance(channel, NamingLate):
            return await channel.fetch_named(incoming)
        return Fetched(await channel.fetch(incoming))

    async def _take_document(self, incoming: Incoming, inbox_id: int, document: Document, data: bytes) -> None:
        outcome = await self._house.store.run(
            receive_file, self._house.desk, incoming, inbox_id, document, data, self._house.clock.now()
        )
        self._count(outcome)

    async def _refuse_file(self, incoming: Incoming, inbox_id: int, text: str) -> None:
        await self._house.store.run(refuse_file, incoming, inbox_id, text, self._house.clock.now())

    async def resume(self) -> None:
        """After a restart: take in the files that were announced before it, once their channel is up."""
        for waiting in await self._house.store.read(inbox.open_files):
            await until_up(self._channel_of(waiting.incoming.platform))
            await self.take_file(waiting.incoming, waiting.inbox_id)

    @property
    def in_hand(self) -> int:
        """How many messages wait for the writer or behind a file."""
        return self._in_hand

    @property
    def busy(self) -> bool:
        """Whether something is in hand: a message in the writer's queue, or a file on its way."""
        return bool(self._in_hand or self._tasks)

    async def close(self, seconds: float) -> None:
        """Take nothing more and finish what is in hand, for at most so long; files go on after the restart."""
        self._closed = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        waited = 0.0
        while self._in_hand and waited < seconds:
            await asyncio.sleep(0.01)
            waited += 0.01


def _key(incoming: Incoming) -> Key:
    return incoming.platform, incoming.bot_id, incoming.key
