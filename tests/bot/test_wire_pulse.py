"""Whether an endpoint is there, from its connection, its heartbeats and its silence."""

from __future__ import annotations

import pytest

from bot.channels.onebot.pulse import Pulse
from domain.moment import to_ms
from tests.support.stage import HandClock

MESSAGE = {"post_type": "message"}


def beat(*, online: bool = True, interval: object = 30_000) -> dict[str, object]:
    return {"meta_event_type": "heartbeat", "interval": interval, "status": {"online": online, "good": True}}


class Watch:
    """A pulse whose time passes by hand."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.seconds = 1000.0
        self.pulse = Pulse(self.clock, lambda: self.seconds)

    def wait(self, seconds: float) -> None:
        self.seconds += seconds
        self.clock.forward(seconds=seconds)

    @property
    def now_ms(self) -> int:
        return to_ms(self.clock.now())


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_without_a_connection_nobody_is_there(watch: Watch) -> None:
    assert watch.pulse.trouble == "没有连接"
    watch.pulse.opened()
    assert watch.pulse.trouble == ""
    watch.pulse.closed()
    assert watch.pulse.trouble == "没有连接"


def test_an_endpoint_that_never_beats_is_not_missed(watch: Watch) -> None:
    watch.pulse.opened()
    watch.wait(86_400)
    assert watch.pulse.trouble == ""


def test_three_missed_beats_are_a_silence_and_any_frame_ends_it(watch: Watch) -> None:
    watch.pulse.opened()
    watch.pulse.frame(beat())
    watch.wait(90)
    assert watch.pulse.trouble == ""
    watch.wait(1)
    assert "3 个心跳周期" in watch.pulse.trouble
    watch.pulse.frame(MESSAGE)
    assert watch.pulse.trouble == ""


@pytest.mark.parametrize("interval", [0, -1, "30000", None, True])
def test_a_beat_without_an_interval_still_counts_as_a_frame(watch: Watch, interval: object) -> None:
    watch.pulse.opened()
    watch.pulse.frame(beat(interval=interval if interval is not True else 0))
    watch.wait(3600)
    assert watch.pulse.trouble == ""


def test_an_account_that_is_logged_out_is_not_there_however_it_beats(watch: Watch) -> None:
    watch.pulse.opened()
    watch.pulse.frame(beat(online=False))
    assert watch.pulse.trouble == "QQ 已掉线"
    watch.pulse.frame(MESSAGE)
    assert watch.pulse.trouble == "QQ 已掉线"
    watch.pulse.frame(beat())
    assert watch.pulse.trouble == ""


def test_a_gap_begins_when_the_endpoint_was_last_heard_and_is_told_once(watch: Watch) -> None:
    watch.pulse.opened()
    assert watch.pulse.take_gap() == 0
    watch.wait(10)
    watch.pulse.frame(beat())
    heard = watch.now_ms
    watch.wait(600)
    watch.pulse.closed()
    watch.pulse.opened()
    assert watch.pulse.take_gap() == heard
    assert watch.pulse.take_gap() is None


def test_of_two_gaps_that_nobody_looked_at_the_first_is_told(watch: Watch) -> None:
    watch.pulse.resume_from(watch.now_ms - 5_000)
    began = watch.now_ms - 5_000
    for _ in range(2):
        watch.pulse.opened()
        watch.wait(60)
        watch.pulse.closed()
    assert watch.pulse.take_gap() == began


def test_while_logged_out_an_endpoint_is_not_heard(watch: Watch) -> None:
    watch.pulse.opened()
    watch.pulse.take_gap()
    heard = watch.now_ms
    watch.wait(30)
    watch.pulse.frame(beat(online=False))
    watch.wait(30)
    watch.pulse.frame(beat())
    assert watch.pulse.take_gap() == heard
