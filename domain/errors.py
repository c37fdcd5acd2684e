"""Everything that can go wrong and is somebody's business to know.

    BaosongError                a text for people; nothing was changed
    ├── BadInput                the words could not be understood
    │   └── BadPeriod
    ├── NotAllowed              the roster does not give this right
    ├── NotFound                no such item, unit, person, journal ...
    ├── WrongState              the step is not allowed in the state the thing is in
    └── DocumentProblem         a file could not be taken in
        ├── DocumentTooBig
        ├── DocumentUnsupported
        ├── DocumentEncrypted
        ├── DocumentDamaged
        └── DocumentEmpty       no text in it (a scan, an empty page)

Each class carries a Chinese template that says what happened and what to do; `str(error)` is the text for people.
An error that is none of these is a fault of ours: it answers "没有办成，编号 X" and is logged with X.
"""

from __future__ import annotations


class BaosongError(Exception):
    """Base of all expected errors; `details` fill the template of the class."""

    template = "没有办成：{reason}"

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.template.format(**details))


class BadInput(BaosongError):
    """The words could not be understood; `reason` says what, and how to write it."""

    template = "{reason}"


class BadPeriod(BadInput):
    """A period that cannot be read, or that lies in the future."""


class NotAllowed(BaosongError):
    """The roster does not give this person the right."""

    template = "您没有“{action}”的权限。如有需要，请联系信息科。"


class NotFound(BaosongError):
    """The thing asked for does not exist (or is not theirs to see)."""

    template = "没有找到{what}。{hint}"

    def __init__(self, *, what: str, hint: str = "") -> None:
        super().__init__(what=what, hint=hint)


class WrongState(BaosongError):
    """The step is not allowed in this state; `possible` says what can be done instead."""

    template = "{what}现在是“{state}”，不能{action}。{possible}"

    def __init__(self, *, what: str, state: str, action: str, possible: str = "") -> None:
        super().__init__(what=what, state=state, action=action, possible=possible)


class DocumentProblem(BaosongError):
    """A file could not be taken in; nothing of it was kept."""

    template = "文件《{name}》没有收下：{reason}"


class DocumentTooBig(DocumentProblem):
    template = "文件《{name}》没有收下：太大了（上限 {limit}）。请精简后重发，或把正文直接发送。"


class DocumentUnsupported(DocumentProblem):
    template = "文件《{name}》没有收下：不认识的格式。可以发 .docx、.doc、.wps、.pdf、.txt。"


class DocumentEncrypted(DocumentProblem):
    template = "文件《{name}》没有收下：文件加了密码。请去掉密码后重发。"


class DocumentDamaged(DocumentProblem):
    template = "文件《{name}》没有收下：文件打不开，可能已损坏。请另存为 .docx 后重发。"


class DocumentEmpty(DocumentProblem):
    template = "文件《{name}》没有收下：里面没有文字（可能是扫描件或图片）。请发可编辑的 .docx。"
