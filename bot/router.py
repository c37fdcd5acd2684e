"""Who speaks, which command, may they: the one place that decides what a message becomes.

`receive` runs inside the writer, in one transaction with everything it causes: the inbox row, the change, the audit
line, the answer. A handler that fails is undone alone; the person is told, and the message counts as handled.
"""

from __future__ import annotations

import logging
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from bot import texts
from bot.commands import Answer, Call, Command, Reply, Vocabulary
from bot.words import Said, as_written, understand
from domain.document import Document
from domain.errors import BaosongError, NotAllowed
from domain.moment import to_ms
from domain.picture import NONE as NO_PICTURES
from domain.picture import Pictures
from domain.receipt import LONGEST, read_receipt
from domain.reference import is_marked
from domain.roster import Person
from domain.speech import Card, Incoming, Outgoing
from services import cards
from services.assignments import quoted
from services.mail import private_target
from services.office import Office
from storage import dialogue, inbox, roster
from storage.engine import StoreFault, Tx

logger = logging.getLogger("baosong.router")


CONFIRMED = frozenset({"确认", "确定", "提交"})
"""What a double tap says to a form that is closed already."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every message is judged by."""

    office: Office
    vocabulary: Vocabulary


def receive(tx: Tx, desk: Desk, incoming: Incoming, now: datetime) -> str:
    """Handle one text message; returns what became of it in a word ('' for a redelivery)."""
    inbox_id = inbox.record(tx, incoming, to_ms(now))
    if inbox_id is None:
        return ""
    person = roster.person_of_account(tx, incoming.platform, incoming.account, now.date())
    return _handle(tx, desk, incoming, person, now)


def announce_file(tx: Tx, incoming: Incoming, now: datetime) -> int | None:
    """Note a file that is to be fetched; None if it is here already (redelivery, or the other announcement)."""
    inbox_id = inbox.record(tx, incoming, to_ms(now), done=False)
    if inbox_id is None:
        return None
    named = incoming.file is not None and incoming.file.name
    if named and inbox.same_file_announced(tx, incoming, inbox_id):
        inbox.note_result(tx, inbox_id, "same file")
        return None
    return inbox_id


def receive_file(
    tx: Tx, desk: Desk, incoming: Incoming, inbox_id: int, document: Document, data: bytes, now: datetime
) -> str:
    """Take in a file that was fetched and read."""
    command = desk.vocabulary.file_command
    person = roster.person_of_account(tx, incoming.platform, incoming.account, now.date())
    if not inbox.is_open(tx, inbox_id) or command is None or incoming.file is None:
        return ""
    if person is None:
        outcome = _stranger(tx, incoming, now)
    elif not incoming.private and not command.open_to(person):
        outcome = "not for us"  # the office hands out files in the same groups
    else:
        call = Call(
            tx, now, desk.office, incoming, command, person, document.title, document.body, (incoming.file.name, data)
        )
        outcome = _run(call, command)
    inbox.note_result(tx, inbox_id, outcome)
    return outcome


def receive_pictures(tx: Tx, desk: Desk, incoming: Incoming, inbox_id: int, pictures: Pictures, now: datetime) -> str:
    """Handle a text whose pictures were fetched, or pictures alone."""
    if not inbox.is_open(tx, inbox_id):
        return ""
    person = roster.person_of_account(tx, incoming.platform, incoming.account, now.date())
    command = desk.vocabulary.file_command
    if person is not None and command is not None and not incoming.text.strip():
        outcome = _run(Call(tx, now, desk.office, incoming, command, person, "", "", pictures=pictures), command)
    else:
        outcome = _handle(tx, desk, incoming, person, now, pictures)
    inbox.note_result(tx, inbox_id, outcome)
    return outcome


def refuse_file(tx: Tx, incoming: Incoming, inbox_id: int, text: str, now: datetime) -> None:
    """A file that could not be taken in: the sender is told why, in the chat where it was sent."""
    if inbox.is_open(tx, inbox_id):
        _answer(tx, incoming, text, now)
        inbox.note_result(tx, inbox_id, "file refused")


def _handle(
    tx: Tx, desk: Desk, incoming: Incoming, person: Person | None, now: datetime, pictures: Pictures = NO_PICTURES
) -> str:
    said = understand(incoming.text, desk.vocabulary, addressed=incoming.private or incoming.addressed)
    if person is None:
        if said.command is None or not said.command.unbound:
            return _stranger(tx, incoming, now)
    else:
        form = _open_form(tx, desk, incoming, said)
        if form is not None:
            command, step = form
            call = Call(tx, now, desk.office, incoming, command, person, incoming.text, "")
            return _run(call, step)
        meant = _without_a_command(tx, desk.vocabulary, incoming, said)
        if meant is not None and meant.open_to(person):
            said = as_written(incoming.text, meant)
        elif meant is desk.vocabulary.receipt_command and meant is not None:
            return "not for us"  # the office says 收到 like everybody else
    if said.command is None:
        return _not_understood(tx, incoming, said, now)
    if incoming.tap is not None and person is not None and said.command.open_to(person):
        over = cards.tapped(tx, incoming.tap, person, now)
        if over:
            _deliver(tx, incoming, Reply(over, private=True), now)
            return "tap too late"
    call = Call(
        tx, now, desk.office, incoming, said.command, person, said.words, said.body, line=said.line, pictures=pictures
    )
    return _run(call, said.command)


def _without_a_command(tx: Tx, vocabulary: Vocabulary, incoming: Incoming, said: Said) -> Command | None:
    """The command for what is said without one: a receipt, or an answer to a commission, marked or in a reply to it."""
    receipt, reply = vocabulary.receipt_command, vocabulary.reply_command
    if not said.explicit and said.command in (None, receipt) and read_receipt(incoming.text) is not None:
        return receipt
    if said.command is not None:
        return None
    if is_marked(incoming.text):
        return reply
    # A line alone is a question about it, or a promise; an item has a title and a text below.
    is_reply = incoming.quote and "\n" in incoming.text.strip() and len(incoming.text) > LONGEST
    if is_reply and quoted(tx, incoming) is not None:
        return reply
    return None


def _open_form(tx: Tx, desk: Desk, incoming: Incoming, said: Said) -> tuple[Command, Command] | None:
    """The form this message goes on with; a command typed meanwhile is a command, the form waits."""
    if (said.command is not None and said.explicit) or incoming.sign:
        return None
    open_form = dialogue.find(tx, incoming.platform, incoming.group, incoming.account)
    form = desk.vocabulary.forms.get(open_form.form) if open_form else None
    if form is None:
        return None
    step = Command(f"form:{form.name}", (), None, "", "", "", "", form.step)
    return step, step


def _run(call: Call, command: Command) -> str:
    """Run a handler in a savepoint of its own and answer with what it says, or with what went wrong."""
    try:
        if not command.open_to(call.asker):
            raise NotAllowed(action=f"/{command.label}")
        with call.tx.savepoint():
            answer = command.handler(call)
    except BaosongError as error:
        _answer(call.tx, call.incoming, str(error), call.now)
        return f"{command.name}: {type(error).__name__}"
    except StoreFault:
        raise
    except Exception:  # boundary: a fault of ours must neither silence the bot nor stop the writer
        reference = new_reference()
        logger.exception("fault %s in /%s", reference, command.name)
        _answer(call.tx, call.incoming, texts.FAULT.format(reference=reference), call.now)
        inbox.note_fault(call.tx, call.incoming, reference)
        return reference
    if call.incoming.pictures and not (command.takes_files and call.pictures):
        answer = _without_pictures(answer)
    _deliver(call.tx, call.incoming, answer, call.now)
    return command.name


def _without_pictures(answer: Answer) -> Answer:
    """Nobody may believe that a picture was taken which was not."""
    if answer is None:
        return texts.PICTURES_NOT_TAKEN.strip()
    reply = answer if isinstance(answer, Reply) else Reply(answer)
    return replace(reply, text=reply.text + texts.PICTURES_NOT_TAKEN)


def _deliver(tx: Tx, incoming: Incoming, answer: Answer, now: datetime) -> None:
    if answer is None:
        return
    reply = answer if isinstance(answer, Reply) else Reply(answer)
    if reply.private and not incoming.private:
        target = private_target(tx, incoming, now.date())
        if not target:
            _answer(tx, incoming, texts.WRITE_TO_ME_FIRST, now)
            return
        _put(tx, incoming, target, Outgoing(reply.text), "private answer", now, reply.card)
        _put(tx, incoming, incoming.target, Outgoing(texts.GOT_PRIVATELY, incoming.message_id), "answer", now)
    else:
        _answer(tx, incoming, reply.text, now, reply.card)


def _answer(tx: Tx, incoming: Incoming, text: str, now: datetime, card: Card | None = None) -> None:
    _put(tx, incoming, incoming.target, Outgoing(text, incoming.message_id), "answer", now, card)


def _put(
    tx: Tx, incoming: Incoming, target: str, message: Outgoing, kind: str, now: datetime, card: Card | None = None
) -> None:
    if target == incoming.target:
        source = "" if message.quote else incoming.message_id
        message = replace(message, source=source, way_back=incoming.way_back)
    dedup = f"{kind}:{incoming.platform}:{incoming.bot_id}:{incoming.key}"
    cards.put(tx, incoming.platform, target, message, card, dedup=dedup, kind=kind, now_ms=to_ms(now))


def _stranger(tx: Tx, incoming: Incoming, now: datetime) -> str:
    """Somebody the roster does not know is told once, in private, how to be bound; nothing else happens."""
    if not roster.told_before(tx, incoming.platform, incoming.account, "unbound", to_ms(now)):
        target = private_target(tx, incoming, now.date())
        if target:
            _put(tx, incoming, target, Outgoing(texts.UNBOUND), "unbound", now)
        else:
            _answer(tx, incoming, texts.UNBOUND, now)
    return "unbound"


def _not_understood(tx: Tx, incoming: Incoming, said: Said, now: datetime) -> str:
    if said.suggestion:
        _answer(tx, incoming, texts.UNKNOWN_COMMAND.format(word=said.attempted[:20], suggestion=said.suggestion), now)
    elif said.attempted and (incoming.private or incoming.addressed):
        _answer(tx, incoming, texts.UNKNOWN_WORD.format(word=said.attempted[:20]), now)
    elif incoming.private or incoming.addressed:
        again = incoming.text.strip().rstrip("。！!") in CONFIRMED
        _answer(tx, incoming, texts.NOTHING_TO_CONFIRM if again else texts.HINT, now)
    return "not understood"


def new_reference() -> str:
    """A short number people can read out: it stands in the answer and in the log."""
    return secrets.token_hex(4).upper()


_REFERENCE = re.compile("[0-9A-F]{8}")


def is_reference(outcome: str) -> bool:
    """Whether an outcome is the number of a fault."""
    return _REFERENCE.fullmatch(outcome) is not None
