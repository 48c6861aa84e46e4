"""What people wrote of a component stays as they wrote it, also where the portal says the same words itself."""

import pytest

from reports.sheets.desk import Desk
from reports.sheets.phrases import say_component
from reports.sheets.today import dossiers
from reports.sheets.words import Words

SPANISH = Words("es")


@pytest.mark.parametrize(
    ("detail", "printed"),
    [
        (
            [
                "Milter",
                "Unknown",
                "1,204 lines",
                "source: customer",
                "owner: Team",
                "Cutover",
                "on the target: Custom Lua",
            ],
            ["Milter", "Unknown", "1.204 líneas", "responsable: Team", "Cutover", "en el destino: Custom Lua"],
        ),
        (
            ["Milter", "12 lines", "source: customer", "nobody is named as its owner", "Training held"],
            ["12 líneas", "no se nombra responsable", "Training held"],
        ),
        (
            ["Milter", "Team", "source: customer", "owner: Jo Park", "on the target: Lua"],
            ["Team", "responsable: Jo Park", "en el destino: Lua"],
        ),
        (["Milter", "Team"], ["Team"]),
    ],
)
def test_a_language_and_a_note_stay_and_the_words_of_the_portal_are_spanish(detail, printed):
    said = say_component(SPANISH, detail)

    assert len(said) == len(detail)
    assert [words for words in printed if words not in said] == []
    assert say_component(Words(), detail) == detail


def test_the_page_of_the_programs_prints_the_note_as_it_was_written():
    row = {"host": "mx1", "name": "tagger", "detail": [], "upload": 0, "place": "dossier D-01"}
    row["detail"] = ["Milter", "source: customer", "nobody is named as its owner", "Training held"]
    desk = Desk({"estate": {"components": [row]}, "basis": {}}, {}, SPANISH)

    cells = [cell.text for block in dossiers(desk) for line in getattr(block, "rows", ()) for cell in line]

    assert [text for text in cells if "Training held" in text and "no se nombra responsable" in text]
    assert not [text for text in cells if "Formación" in text]
