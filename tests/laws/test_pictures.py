"""The pictures of the guides: each is there, is small, is shown somewhere, and says in words what is seen."""

import re

from PIL import Image

from tests.laws.pictures import AT_MOST, DOCS, FOLDER, PICTURES, WRITTEN, shown_in
from tests.laws.sources import ROOT, name_of, over, project_files

GUIDES = ("consultant", "customer", "sales")
SENTENCE = re.compile(r"[A-Z].{60,}\.")


README = ROOT / "README.md"
EVERYWHERE = [each for path in (README, *WRITTEN) for each in shown_in(path)]


def test_every_file_is_a_picture_with_a_name_and_every_name_has_its_file():
    assert {path for path in project_files() if path.parent == FOLDER} == {picture.file for picture in PICTURES}
    assert len({picture.name for picture in PICTURES}) == len(PICTURES)


def test_every_picture_is_shown_and_nothing_else_is():
    assert {file for _, file in EVERYWHERE} == {picture.file for picture in PICTURES}


@over(PICTURES, name=lambda picture: picture.name)
def test_wherever_a_picture_is_shown_its_words_are_the_same_sentence(picture):
    words = {said for said, file in EVERYWHERE if file == picture.file}

    assert words == {picture.alt}
    assert SENTENCE.fullmatch(picture.alt)


def test_no_two_pictures_have_the_same_words():
    assert len({picture.alt for picture in PICTURES}) == len(PICTURES)


@over(PICTURES, name=lambda picture: picture.name)
def test_a_picture_is_no_larger_than_its_screen_and_light_to_send(picture):
    with Image.open(picture.file) as seen:
        size, kind = seen.size, seen.format

    assert kind == "WEBP"
    assert (size[0] <= picture.screen[0], size[1] <= picture.screen[1]) == (True, True)
    assert min(size) >= 300
    assert picture.file.stat().st_size <= AT_MOST["kilobytes"] * 1_000


def test_all_of_them_together_are_light_to_send():
    assert sum(picture.file.stat().st_size for picture in PICTURES) <= AT_MOST["kilobytes_together"] * 1_000


@over([DOCS / "guides" / f"{name}.md" for name in GUIDES], name=name_of)
def test_a_guide_shows_the_portal_and_stays_a_text(guide):
    assert 4 <= len(shown_in(guide)) <= 7


def test_who_opens_the_readme_sees_the_portal():
    assert 2 <= len(shown_in(README)) <= 3


def test_what_is_shown_on_a_page_is_found_with_its_words(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("A text, [a link](x.md) and\n\n  ![What is seen.](../pictures/a.webp)\n")

    assert shown_in(page) == [("What is seen.", (tmp_path.parent / "pictures" / "a.webp").resolve())]
