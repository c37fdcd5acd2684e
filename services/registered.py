"""What was registered about an item, in words: an adoption, an instruction, that it was sent up."""

from __future__ import annotations

from datetime import date

from domain.adoption import ROUTE_NAMES
from domain.instruction import DEPUTY, leader_name
from domain.journal import LEVELS
from domain.measure import measure_on
from domain.ranking import format_points
from domain.upward import PLACE_NAMES
from services.items import journal_name
from services.office import Office
from storage.item import Happening


def in_words(what: Happening, office: Office) -> str:
    """`《每日要情》第128期单条（11-23）采用`, `市级领导批示（11-23）`, `报省单条（11-23）`; '' for a submission or a
    revocation."""
    day = f"（{what.day:%m-%d}）"
    if what.kind == "adoption":
        return used_in(what, office) + "采用"
    if what.kind == "instruction":
        return leader(what.rank, what.detail == DEPUTY, office, what.day) + f"批示{day}"
    if what.kind == "upward":
        return f"报{PLACE_NAMES.get(what.level, '上级')}{what.form}{day}"
    if what.kind == "acceptable":
        return f"符合要求未用{day}"
    return ""


def used_in(what: Happening, office: Office) -> str:
    """`《每日要情》第128期单条（11-23，直报，上级8分）`."""
    name = journal_name(what.journal, office.journals)
    return f"《{name}》第{what.issue}期{what.form}（{when_and_how(what)}）"


def when_and_how(what: Happening) -> str:
    """`11-23，直报，上级8分，改写60%`: the day of an adoption and what was said beside it."""
    said = [f"{what.day:%m-%d}", ROUTE_NAMES.get(what.route, "")]
    said += [f"上级{format_points(what.points)}分"] if what.points is not None else []
    said += [f"改写{what.share}%"] if what.share else []
    return "，".join(filter(None, said))


def leader(rank: str, deputy: bool, office: Office, day: date) -> str:
    """Whose instruction, under the measure of the day: 市级领导, 省级领导（非主要领导）."""
    return leader_name(rank, deputy, ranks_of(office, day))


def ranks_of(office: Office, day: date) -> dict[str, str]:
    """The ranks of leaders the measure of a day names itself beside the four levels, code → name."""
    measure = measure_on(day, office.measures)
    return {code: name for code, name in measure.ranks.items() if code not in LEVELS} if measure else {}
