"""Tables that choose a way and whose rows are not known, named where the ways are written."""

from collections.abc import Iterator

from discovery.translation.emission import Line, one_line
from discovery.translation.sending import SendingEstate
from discovery.translation.sending.desk import DEFAULT_WAY

UNREAD = "{place} {parameter} = {table}: the rows of this table are not known here. {so}"


def unread_tables(estate: SendingEstate, comment: str) -> Iterator[Line]:
    """A comment for each: it stands for no line of Postfix, for nothing of the table is carried over."""
    for each in estate.refusals:
        if each.reason.endswith(DEFAULT_WAY):
            origin = each.origin
            said = UNREAD.format(place=origin.place, parameter=origin.name, table=each.text, so=DEFAULT_WAY)
            yield Line(f"{comment} {one_line(said)}")
