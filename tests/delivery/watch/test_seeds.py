"""Results of seeds: what can be read is kept, the rest is named by its line, and the newest file of a test counts."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from delivery.models import SeedResult, SeedUpload
from delivery.placement_state import placements_of
from delivery.watch.judging import Mark
from delivery.watch.seeds import NoSeeds, Seeds, Strange, read_seeds
from delivery.watch_rows import dip_rows
from tests.factories.watch import HEAD, opened_cards, take_seeds

TODAY = date(2026, 11, 27)


def read(text, *, most=100):
    return list(read_seeds(text.encode(), today=TODAY, most=most))


def test_good_lines_are_kept_and_bad_ones_named_by_their_number():
    lines = [
        "2026-11-02,google,news,50,47,2",
        "# a note",
        "2026-11-02,Gogle,,50,47,2",
        "02.11.2026,Google,,50,47,2",
        "2026-11-28,Google,,50,47,2",
        "2026-11-02,Google,,50,49,2",
        "2026-11-02,Google,,0,0,0",
        "2026-11-02,Google,,50,-1,2",
        "2026-11-02,Google,news,50,1,2",
        "2026-11-02,Google",
        "2026-11-02,Yahoo and AOL,,50,50,0",
    ]

    found = read(HEAD + "\n".join(lines))

    kept = [each for each in found if isinstance(each, Seeds)]
    strange = {each.place: each.said for each in found if isinstance(each, Strange)}
    assert [(each.provider, each.stream, each.inbox) for each in kept] == [
        ("Google", "news", 47),
        ("Yahoo and AOL", "", 50),
    ]
    assert list(strange) == [4, 5, 6, 7, 8, 9, 10, 11]
    assert "none that the portal knows" in strange[4]
    assert strange[4].endswith("Near to it: “Google”.")
    assert "More seeds were found" in strange[7]
    assert strange[11] == "It ends before sent, inbox, spam: a line has as many columns as the first one."
    assert strange[10] == "It tells of the same test as line 2, which counts."


def test_a_line_is_told_everything_that_is_wrong_with_it():
    [strange] = read(HEAD + "tomorrow,Hotmail,,50,many,2\n")

    assert strange.said == (
        "The day of the test has to be written as 2026-11-30, and not lie ahead. "
        "The provider is none that the portal knows by this name. Its names are listed under Results of seeds. "
        "Sent, inbox and spam have to be whole numbers, and sent at least 1."
    )


@pytest.mark.parametrize(
    ("typed", "near"),
    [("Microsoft", "“Microsoft consumer” or “Microsoft 365”"), ("yahoo", "“Yahoo and AOL” or “Yahoo Japan”")],
)
def test_a_provider_that_is_not_known_by_its_name_is_told_the_nearest(typed, near):
    [strange] = read(f"{HEAD}2026-11-02,{typed},,50,47,2\n")

    assert strange.said == f"The provider is none that the portal knows by this name. Near to it: {near}."


def test_a_spreadsheet_with_semicolons_and_other_columns_is_read():
    text = "\ufeffProvider;tested_on;spam;inbox;sent;remark\r\nGoogle;2026-11-02;1;9;10;fine\r\n"

    assert read(text) == [Seeds(date(2026, 11, 2), "Google", "", 10, 9, 1)]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "missing"), ("a,b\n1,2\n", "tested_on, provider"), (HEAD + "x\n" * 4, "more than 3 lines")],
)
def test_a_file_that_cannot_be_one_is_refused_whole(text, said):
    with pytest.raises(NoSeeds, match=said):
        read(text, most=3)


def day(ago):
    return timezone.now().date() - timedelta(days=ago)


@pytest.mark.django_db
def test_placement_that_fell_beyond_the_expected_dip_opens_a_card_for_its_stream_alone(watch, engagement, carl):
    before = [f"{day(50)},Google,{stream},1000,950,50" for stream in ("news", "orders")]
    take_seeds(engagement, *before, actor=carl)
    take_seeds(
        engagement,
        f"{day(20)},Google,news,1000,945,55",  # less than the 3 % of week 3
        f"{day(20)},Google,orders,1000,800,200",
        actor=carl,
        filename="after.csv",
    )

    placements = {each.stream: each for each in placements_of(watch)}

    assert opened_cards() == [("placement", "Google", "orders")]
    assert placements["news"].seen.mark is Mark.STEADY
    assert placements["orders"].now == pytest.approx(0.8)
    assert [(week.number, round(week.expected, 2)) for week in placements["orders"].weeks] == [(3, 0.92)]


@pytest.mark.django_db
def test_a_few_seeds_say_nothing(watch, engagement, ada):
    take_seeds(engagement, f"{day(50)},Google,,19,19,0", f"{day(20)},Google,,19,0,19", actor=ada)

    [placement] = placements_of(watch)

    assert (placement.seen.mark, placement.seen.why) == (Mark.INCONCLUSIVE, "19 seeds; 20 are needed.")
    assert opened_cards() == []


@pytest.mark.django_db
def test_a_newer_file_corrects_one_test_and_both_stay(engagement, ada):
    take_seeds(engagement, f"{day(9)},Google,,50,10,40", f"{day(8)},Google,,50,50,0", actor=ada)
    take_seeds(engagement, f"{day(9)},Google,,50,40,10", actor=ada, filename="better.csv")

    counting = SeedResult.objects.filter(upload__engagement=engagement).counting().order_by("tested_on")

    assert [result.inbox for result in counting] == [40, 50]
    assert SeedResult.objects.count() == 3


@pytest.mark.django_db
def test_what_holds_no_line_or_is_here_already_or_comes_from_a_reader_is_not_stored(engagement, ada, vera):
    take_seeds(engagement, f"{day(9)},Google,,50,10,40", actor=ada)

    with pytest.raises(Conflict, match="this very file"):
        take_seeds(engagement, f"{day(9)},Google,,50,10,40", actor=ada, filename="again.csv")
    with pytest.raises(DomainError) as refused:
        take_seeds(engagement, "x", "y", actor=ada)
    with pytest.raises(Refused):
        take_seeds(engagement, f"{day(8)},Google,,50,10,40", actor=vera)

    assert refused.value.reasons[0] == "None of 2 lines can be read. Nothing was stored."
    assert refused.value.reasons[1].startswith("Line 2: ")
    assert SeedUpload.objects.count() == 1
    assert AuditEvent.objects.filter(action="seeds.received").count() == 1


@pytest.mark.django_db
def test_the_page_takes_a_file_and_shows_what_it_did_not_understand(client, engagement, carl):
    client.force_login(carl)
    address = reverse("watch:seeds", args=[engagement.code])
    content = f"{HEAD}{day(9)},Google,,50,10,40\n{day(9)},Gogle,,50,10,40\n".encode()

    shown = client.post(address, {"seeds": SimpleUploadedFile("s.csv", content)}, follow=True).content.decode()
    again = client.post(address, {"seeds": SimpleUploadedFile("s.csv", content)})
    nothing = client.post(address, {})

    assert "Line 3: The provider is none" in shown
    assert (again.status_code, nothing.status_code) == (409, 422)
    assert "Select the file to upload." in nothing.content.decode()


@pytest.mark.django_db
def test_the_page_of_the_watch_knows_of_results_before_the_watch_has_begun(client, engagement, ada):
    client.force_login(ada)
    address = reverse("watch:home", args=[engagement.code])
    before = client.get(address).content.decode()

    take_seeds(engagement, f"{day(9)},Google,,50,10,40", actor=ada)
    after = client.get(address).content.decode()

    assert "No result of seeds has been uploaded" in before
    assert "No result of seeds has been uploaded" not in after
    assert "Results of seeds are kept." in after


def test_the_expected_dip_is_told_in_weeks():
    assert dip_rows() == [
        ("Weeks 1 to 3", "3 %"),
        ("Week 4", "2 %"),
        ("Week 5", "1 %"),
        ("From week 6 on", "1 %, by chance alone"),
    ]
