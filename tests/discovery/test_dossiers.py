"""A dossier: read from an upload, completed by people, never overwritten by either."""

import pytest

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from discovery.domain.add_dossier import add_dossier
from discovery.domain.complete_dossier import complete_dossier, confirm_reading
from discovery.domain.lock_dossier import DossierFacts
from discovery.domain.open_dossiers import open_dossiers
from discovery.models import Dossier
from engagements.domain.perform import perform
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, read
from tests.kept import kept

pytestmark = pytest.mark.django_db

SOCKET = "unix:/run/tagger/tagger.sock"
WITHOUT_THE_MILTER = SMALL_ESTATE | {"etc/postfix/main.cf": MAIN_CF.replace(f"smtpd_milters = {SOCKET}\n", "")}


@kept
def upload(engagement, ada):
    return read(engagement, actor=ada)


@kept
def milter(engagement, upload):
    return engagement.dossiers.get(kind="milter")


def facts_of(dossier, **changes):
    keys = DossierFacts.__dataclass_fields__
    return DossierFacts(**({key: getattr(dossier, key) for key in keys} | changes))


def test_an_upload_opens_a_dossier_on_each_component_it_shows(engagement, upload):
    opened = {(one.kind, one.name, one.host_label, one.number) for one in engagement.dossiers.all()}

    assert opened == {("milter", SOCKET, "mta1", 1), ("pipe", "/opt/mail/tagger.py", "mta1", 2)}
    event = AuditEvent.objects.get(action="dossiers.read")
    assert (event.data["opened"], event.data["gone"]) == (2, [])


def test_what_was_read_is_known_with_its_line_and_confirmed_by_nobody(milter):
    assert milter.known("inputs") == "Mail received over SMTP (smtpd_milters)"
    assert milter.read["inputs"][0][1:] == ["etc/postfix/main.cf", 6]
    assert milter.stated("inputs") == ""
    assert [field.key for field in milter.unconfirmed] == ["inputs"]
    assert [field.key for field in milter.unknown] == [
        "owner", "language", "source", "outputs", "feeds", "breaks", "replacement",
    ]  # fmt: skip


def test_confirming_takes_over_what_was_read_and_no_more(milter, carl):
    confirmed = confirm_reading(milter, actor=carl, version=1, keys=["inputs", "owner"])

    assert confirmed.inputs == "Mail received over SMTP (smtpd_milters)"
    assert (confirmed.owner, confirmed.version, confirmed.changed_by) == ("", 2, carl)
    assert confirmed.unconfirmed == []
    event = AuditEvent.objects.get(action="dossier.confirmed")
    assert event.data["changes"] == [{"field": "Input", "was": "", "now": "Mail received over SMTP (smtpd_milters)"}]


def test_nothing_chosen_confirms_nothing(milter, carl):
    with pytest.raises(DomainError, match="Choose what is right"):
        confirm_reading(milter, actor=carl, version=1, keys=["owner"])

    milter.refresh_from_db()
    assert milter.version == 1


def test_what_a_person_writes_counts_and_the_ledger_keeps_old_and_new(milter, carl):
    complete_dossier(milter, actor=carl, version=1, facts=facts_of(milter, owner=" Jo Park ", line_count=1200))
    milter.refresh_from_db()
    complete_dossier(milter, actor=carl, version=2, facts=facts_of(milter, owner="Kim Lund"))

    milter.refresh_from_db()
    assert (milter.owner, milter.line_count, milter.version) == ("Kim Lund", 1200, 3)
    assert [event.data["changes"] for event in AuditEvent.objects.filter(action="dossier.completed")] == [
        [{"field": "Owner", "was": "", "now": "Jo Park"}, {"field": "Lines of source", "was": "", "now": "1200"}],
        [{"field": "Owner", "was": "Jo Park", "now": "Kim Lund"}],
    ]


def test_saving_the_same_once_more_changes_nothing(milter, carl):
    complete_dossier(milter, actor=carl, version=1, facts=facts_of(milter))

    milter.refresh_from_db()
    assert milter.version == 1
    assert not AuditEvent.objects.filter(action="dossier.completed").exists()


def test_who_comes_second_is_told_who_was_first_and_changes_nothing(milter, ada, carl):
    complete_dossier(milter, actor=ada, version=1, facts=facts_of(milter, owner="Jo Park"))

    with pytest.raises(Conflict, match="Ada Quint changed D-001 now"):
        complete_dossier(milter, actor=carl, version=1, facts=facts_of(milter, owner="Kim Lund"))

    milter.refresh_from_db()
    assert milter.owner == "Jo Park"


def test_an_upload_that_no_longer_shows_it_says_so_and_takes_nothing_away(engagement, milter, ada, carl):
    complete_dossier(milter, actor=carl, version=1, facts=facts_of(milter, owner="Jo Park"))

    gone = read(engagement, actor=ada, files=WITHOUT_THE_MILTER)

    milter.refresh_from_db()
    assert (milter.gone_since, milter.owner, milter.last_seen.number) == (gone, "Jo Park", 1)
    assert AuditEvent.objects.filter(action="dossiers.read").last().data["gone"] == ["D-001"]
    read(engagement, actor=ada)
    milter.refresh_from_db()
    assert (milter.gone_since, milter.owner, milter.version) == (None, "Jo Park", 2)
    assert engagement.dossiers.count() == 2


def test_a_moved_line_moves_the_evidence_and_leaves_what_people_wrote(engagement, milter, ada, carl):
    complete_dossier(milter, actor=carl, version=1, facts=facts_of(milter, inputs="All mail of the shop"))

    read(engagement, actor=ada, files=SMALL_ESTATE | {"etc/postfix/main.cf": f"# a new first line\n{MAIN_CF}"})

    milter.refresh_from_db()
    assert milter.read["inputs"][0][1:] == ["etc/postfix/main.cf", 7]
    assert milter.known("inputs") == "All mail of the shop"


def test_another_host_has_dossiers_of_its_own_and_touches_no_others(engagement, milter, ada):
    read(engagement, actor=ada, host="mta2", files=WITHOUT_THE_MILTER)

    milter.refresh_from_db()
    assert milter.gone_since is None
    assert set(engagement.dossiers.filter(host_label="mta2").values_list("kind", flat=True)) == {"pipe"}


def test_looking_again_opens_what_has_no_dossier_yet_and_nothing_twice(engagement, upload, carl):
    Dossier.objects.filter(kind="milter").delete()

    first = open_dossiers(engagement, actor=carl)
    second = open_dossiers(engagement, actor=carl)

    assert (first.opened, second.opened) == (1, 0)
    assert engagement.dossiers.filter(kind="milter", number=3).exists()


def test_a_component_is_entered_once(engagement, carl):
    facts = DossierFacts(kind="milter", name=" tagger ", owner="Nobody since 2019")

    dossier = add_dossier(engagement, facts=facts, host_label="MTA1", actor=carl)

    assert (dossier.name, dossier.host_label, dossier.source, dossier.is_found) == ("tagger", "mta1", "unknown", False)
    with pytest.raises(DomainError, match="tagger on mta1 stands in the inventory already"):
        add_dossier(engagement, facts=facts, host_label="mta1", actor=carl)
    assert Dossier.objects.count() == 1


def test_a_hand_written_dossier_is_not_renamed_to_one_that_exists(engagement, carl):
    add_dossier(engagement, facts=DossierFacts(kind="milter", name="tagger"), actor=carl)
    other = add_dossier(engagement, facts=DossierFacts(kind="script", name="bounces.pl"), actor=carl)

    with pytest.raises(DomainError, match="called tagger already"):
        complete_dossier(other, actor=carl, version=1, facts=facts_of(other, name="tagger"))

    other.refresh_from_db()
    assert other.name == "bounces.pl"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (DossierFacts(kind="milter", name="  "), "Give the component a name"),
        (DossierFacts(kind="robot", name="x"), "Choose what kind"),
        (DossierFacts(kind="milter", name="x", source="perhaps"), "Choose what kind"),
    ],
)
def test_a_component_has_a_name_and_a_kind(engagement, ada, facts, sentence):
    with pytest.raises(DomainError, match=sentence):
        add_dossier(engagement, facts=facts, actor=ada)


def test_a_viewer_writes_into_no_dossier(engagement, milter, vera):
    for act in (
        lambda: add_dossier(engagement, facts=DossierFacts(kind="milter", name="tagger"), actor=vera),
        lambda: complete_dossier(milter, actor=vera, version=1, facts=facts_of(milter, owner="Vera")),
        lambda: confirm_reading(milter, actor=vera, version=1, keys=["inputs"]),
        lambda: open_dossiers(engagement, actor=vera),
    ):
        with pytest.raises(Refused):
            act()

    milter.refresh_from_db()
    assert milter.version == 1


def test_after_the_end_the_dossiers_stay_as_they_are(engagement, milter, lea, ada):
    perform("cancel", engagement=engagement, actor=lea, note="The customer stays.")

    with pytest.raises(DomainError, match="its inventory stays as it is"):
        complete_dossier(milter, actor=ada, version=1, facts=facts_of(milter, owner="Ada"))


def test_a_published_milter_asks_for_less(engagement, ada):
    files = SMALL_ESTATE | {"etc/postfix/main.cf": MAIN_CF.replace(SOCKET, "inet:127.0.0.1:8891")}

    read(engagement, actor=ada, files=files)

    opendkim = engagement.dossiers.get(kind="milter")
    assert opendkim.name == "opendkim"
    assert [field.key for field in opendkim.unknown] == ["owner", "feeds", "breaks", "replacement"]
