"""A stage for dialogue tests: somebody says something, and everybody then sees what they see.

What is said goes the real way (door, router, plugin, store, outbox, courier); only the platform at the end is a list.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.channels.base import Delivery, FetchProblem, Intake, Pace
from bot.commands import VOCABULARY
from bot.courier import Courier
from bot.directory import Directory
from bot.door import make_door
from bot.drawing import Studio
from bot.gateway import Gateway, House
from bot.office import build_office, build_screen
from bot.router import Desk
from bot.settings import Settings
from domain.moment import ZONE, to_ms
from domain.speech import FileRef, Incoming, Outgoing
from storage.engine import Store
from storage.outbox import Sending
from tests.support import city
from tests.support.fresh import opened

MONDAY = datetime(2026, 11, 23, 9, 41, tzinfo=ZONE)
GROUP, OFFICE = city.SUBMIT_GROUP, city.OFFICE_GROUP


class HandClock:
    """A clock the test moves by hand."""

    def __init__(self, moment: datetime = MONDAY) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass(frozen=True)
class Heard:
    """One message of the bot as people see it: `to` is a group's number or a person's name."""

    to: str
    text: str
    quote: str = ""


class ListChannel:
    """A platform that writes down what it is told to send. `files` are the bytes behind a file id."""

    platform = "onebot"
    pace = Pace(0, 1, 0, 1)

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.files: dict[str, bytes] = {}
        self.sent: list[tuple[str, Outgoing]] = []
        self.next_delivery: list[Delivery] = []
        self.up = True

    def connect(self, intake: Intake) -> None:
        self.intake = intake

    async def send(self, target: str, message: Outgoing) -> Delivery:
        if self.next_delivery:
            return self.next_delivery.pop(0)
        kind, _, number = target.partition(":")
        to = number if kind == "g" else NAMES.get(number, number)
        self.heard.append(Heard(to, message.text, message.quote))
        self.sent.append((to, message))
        return Delivery(Sending.SENT, platform_id=str(len(self.heard)))

    async def fetch(self, incoming: Incoming) -> bytes:
        assert incoming.file is not None
        if incoming.file.file_id not in self.files:
            raise FetchProblem(f"文件《{incoming.file.name}》没有取到。")
        return self.files[incoming.file.file_id]

    async def find_sent(self, target: str, text: str, since_ms: int) -> str | None:
        return next((str(place) for place, heard in enumerate(self.heard, 1) if heard.text == text), None)


NAMES = {account: name for name, (_, _, account) in city.PEOPLE.items()}
ACCOUNTS = {name: account for account, name in NAMES.items()}


class Stage:
    """The house with one list channel; `say` returns what everybody heard because of it."""

    def __init__(self, store: Store, clock: HandClock, settings: Settings) -> None:
        self.store, self.clock, self.settings = store, clock, settings
        self.office = build_office(settings)
        self.channel = ListChannel()
        self.directory = Directory()
        screen = build_screen(settings)
        desk = Desk(self.office, VOCABULARY)
        house = House(store, clock, desk, make_door(self.directory, screen, VOCABULARY), screen)
        self.gateway = Gateway(house, lambda _: self.channel)
        self.courier = Courier(store, clock, {"onebot": self.channel}, Studio(store, clock, self.office).draw)
        self._said = 0

    async def open(self) -> None:
        await self.store.read(self.directory.fill, self.clock.now().date())
        self.directory.follow(self.store)
        await self.courier.start()

    async def close(self) -> None:
        await self.gateway.close(1)
        await self.courier.close(1)

    async def say(
        self, who: str, text: str, group: str = "", *, at_bot: bool = False, message_id: str = "", quote: str = ""
    ) -> list[Heard]:
        """Somebody (a name of the city, or any account number) says something in a group or in private."""
        return await self.hear(self.message(who, text, group, at_bot=at_bot, message_id=message_id, quote=quote))

    def message(
        self, who: str, text: str, group: str = "", *, at_bot: bool = False, message_id: str = "", quote: str = ""
    ) -> Incoming:
        self._said += 1
        number = message_id or str(5000 + self._said)
        account = ACCOUNTS.get(who, who)
        return Incoming(
            platform="onebot",
            bot_id="3001",
            key=f"m:{group}:{account}:{number}",
            group=group,
            account=account,
            name=who,
            message_id=number,
            at_ms=to_ms(self.clock.now()),
            text=text,
            addressed=at_bot,
            quote=quote,
        )

    async def drop_file(self, who: str, name: str, data: bytes, group: str = "", *, size: int = -1) -> list[Heard]:
        """Somebody drops a file."""
        said = self.message(who, "", group)
        file_id = f"/file-{said.message_id}"
        self.channel.files[file_id] = data
        ref = FileRef(name=name, size=len(data) if size < 0 else size, file_id=file_id)
        return await self.hear(replace(said, file=ref))

    async def hear(self, incoming: Incoming) -> list[Heard]:
        """Put a message on the wire and wait until all is quiet again."""
        before = len(self.channel.heard)
        self.gateway.accept(incoming)
        await self.quiet()
        return self.channel.heard[before:]

    async def quiet(self) -> None:
        """Wait until nothing is in hand: messages handled, files read, what is due sent."""
        for _ in range(2_000):
            await self.store.run(lambda tx: None)
            if not self.gateway.busy and not self.courier.busy:
                return
            await asyncio.sleep(0.005)
        raise AssertionError("the house did not come to rest")


@contextlib.asynccontextmanager
async def staged(folder: Path, moment: datetime = MONDAY, settings: Settings | None = None) -> AsyncIterator[Stage]:
    """A stage in a fresh SQLite file with the small city in it."""
    store = await opened(folder / "stage.db")
    stage = Stage(store, HandClock(moment), settings or Settings())
    await stage.open()
    try:
        yield stage
    finally:
        await stage.close()
        await store.close()
