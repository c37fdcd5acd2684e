"""What is wrong with the file of a measure: where it stands, what was found, what is allowed, how to mend it."""

from __future__ import annotations

from domain.tables import TableFault


class MeasureFault(TableFault):
    """The file of a measure is wrong at `path`, on `line` if it is known."""

    def __init__(self, path: str, found: object, allowed: str, mend: str = "", line: int | None = None) -> None:
        super().__init__(path, found, allowed)
        self.mend, self.line = mend, line

    def __str__(self) -> str:
        where = f"第{self.line}行，" if self.line else ""
        how = f"。改法：{self.mend}" if self.mend else ""
        return f"{where}{super().__str__()}{how}"

    def at(self, line: int) -> MeasureFault:
        """The same fault with its line."""
        return MeasureFault(self.path, self.found, self.allowed, self.mend, line)
