"""`baosong ledger`: the ledger of commissions as a workbook or as text, topics off the chat included."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from bot.cli.kit import Kit, OutFile, Tool
from domain.assignment_ledger import Counts, Ledger, Record, total
from domain.moment import from_ms, show_time
from domain.ranking import format_rate
from reports.ledger import write_ledger
from services import ledgers
from services.office import Office
from storage.engine import Tx

NOTHING = "台账里没有这样的约稿。"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--xlsx", type=OutFile, metavar="FILE.xlsx", help="write a workbook instead of printing")
    parser.add_argument("--period", default="", help="issued when, e.g. 本月 (default: this year and what is open)")
    parser.add_argument("--unit", default="", help="one unit only")
    parser.add_argument("--commission", default="", metavar="NUMBER", help="one commission only, e.g. 约18")
    parser.add_argument("--open", action="store_true", help="only what is not closed")


async def _run(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    ledger = await kit.store.read(_whole, kit.office, arguments, kit.clock.now())
    if not ledger.records:
        return 1, NOTHING
    if arguments.xlsx is None:
        return 0, "\n".join(_text(ledger))
    arguments.xlsx.content = await asyncio.to_thread(write_ledger, ledger)
    commissions = len({record.line.head.id for record in ledger.records})
    return 0, f"{arguments.xlsx.written}：约稿{commissions}件，{len(ledger.records)}行"


def _whole(tx: Tx, office: Office, arguments: argparse.Namespace, now: datetime) -> Ledger:
    asked = ledgers.select(
        tx, arguments.commission, arguments.unit, arguments.period, now, open_only=arguments.open
    )  # fmt: skip
    return ledgers.whole_ledger(tx, office, asked, now, chat=False)


def _text(ledger: Ledger) -> Iterator[str]:
    """A commission per block, a unit per line, the figures below."""
    yield f"{ledger.title}，截至 {from_ms(ledger.as_of_ms):%Y-%m-%d %H:%M}"
    for _, records in groupby(ledger.records, key=lambda record: record.line.head.id):
        of_one = list(records)
        head = of_one[0].line.head
        yield f"\n{head.number}《{head.topic}》{head.source.value} {head.way.value} {show_time(head.due_ms)} 截止"
        yield from (_line(record, ledger.as_of_ms) for record in of_one)
    everything = total(counts for _, counts in ledger.figures[1].rows)
    yield f"\n合计：{_figures(everything)}"
    for figures in ledger.figures:
        yield f"按{figures.heading}："
        yield from (f"  {word}：{_figures(counts)}" for word, counts in figures.rows)
    for missed in ledger.missed:
        grave = "（两次以上）" if missed.is_grave else ""
        yield f"{missed.unit}{missed.year}年未按时完成{len(missed.numbers)}次{grave}：{'、'.join(missed.numbers)}"


def _line(record: Record, now_ms: int) -> str:
    line = record.line
    state = line.outcome.value if line.outcome else line.stage.label
    parts = [record.unit, record.person, state, "超期" if line.is_overdue(now_ms) else ""]
    parts += [f"{show_time(line.answered_ms)} 报送" if line.answered_ms else "", "、".join(record.numbers)]
    return "  " + " ".join(filter(None, [*parts, record.adoption]))


def _figures(counts: Counts) -> str:
    rates = [format_rate(rate) for rate in (counts.completion, counts.punctuality, counts.hits)]
    return (
        f"下达{counts.issued} 报送{counts.delivered} 按时{counts.on_time} 采用{counts.adopted} 未销号{counts.open}"
        f" 超期未报{counts.missing} 完成率{rates[0]} 按时率{rates[1]} 采用率{rates[2]}"
    )


TOOLS = [Tool("ledger", "the ledger of commissions: print it, or write a workbook", _arguments, _run)]
