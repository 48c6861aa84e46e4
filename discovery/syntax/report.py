from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """What stands against one line of a file; line 0 is the file as a whole."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.text}"


@dataclass(frozen=True, slots=True)
class SyntaxReport:
    """`paths` are the files that were looked at, `digest` is of the whole set they belong to."""

    target: str
    digest: str
    paths: tuple[str, ...]
    remarks: tuple[Remark, ...]

    @property
    def exit_status(self) -> int:
        """As a checker on the command line would end: 0 without a remark, else 1."""
        return 1 if self.remarks else 0
