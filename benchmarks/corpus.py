"""The messages of a run: 50 groups of 20 members, unique Chinese texts of 20 to 800 characters."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

GROUPS = 50
MEMBERS = 20
SEED = 20261123
MARK = "/报送 "
SHORTEST, LONGEST = 20, 800

TextOf = Callable[[int], str]

# Common characters without those that a secrecy mark could be made of by chance.
_CHARACTERS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等电力里如水化高自二理起小物现实加量都两体制当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相"
    "全表间样与关各重新线正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果"
    "料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则"
    "任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花"
)


@dataclass(frozen=True, slots=True)
class Message:
    """One group message before it is put on the wire; `index` is its place in the order of sending."""

    index: int
    group_id: int
    user_id: int
    text: str

    @property
    def message_id(self) -> int:
        """The OneBot id; never 0."""
        return self.index + 1


def group_id(group: int) -> int:
    """The QQ number of group 0..49."""
    return 700_000_000 + group


def user_id(group: int, member: int) -> int:
    """The QQ number of member 0..19 of a group; nobody sits in two groups."""
    return 100_000_000 + group * 1_000 + member


def message(index: int, text_of: TextOf) -> Message:
    """Message `index` of a run: who sends it is drawn, but always the same for the same index."""
    draw = random.Random(f"{SEED}:who:{index}")
    group = draw.randrange(GROUPS)
    return Message(index, group_id(group), user_id(group, draw.randrange(MEMBERS)), text_of(index))


def messages(count: int, text_of: TextOf, first: int = 0) -> list[Message]:
    """`count` messages from index `first` on."""
    return [message(index, text_of) for index in range(first, first + count)]


def submission(index: int) -> str:
    """A whole submission, `/报送 标题` with the body below it; no two indexes share title or body."""
    draw = random.Random(f"{SEED}:text:{index}")
    size = draw.randint(SHORTEST, LONGEST)
    # The shortest text still leaves seven characters of body below mark, title and line break.
    title = _prose(draw, min(8 + index % 12, max(8, size - 20)))
    body = _prose(draw, max(7, size - len(MARK) - len(title) - 1))
    return f"{MARK}{title}\n{body}。"[:LONGEST]


def chatter(index: int) -> str:
    """What people say to each other in a group; nothing of it is for the bot."""
    draw = random.Random(f"{SEED}:chatter:{index}")
    return _prose(draw, draw.randint(SHORTEST, LONGEST))


def _prose(draw: random.Random, size: int) -> str:
    """`size` characters; a comma at every fourteenth place keeps it from being one word."""
    drawn = draw.choices(_CHARACTERS, k=size)
    drawn[13::14] = "，" * len(drawn[13::14])
    return "".join(drawn)
