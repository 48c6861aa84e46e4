"""One engagement with every kind of object a page can show, and the arguments of every page that shows it."""

from dataclasses import dataclass, field
from datetime import date

from django.urls import URLResolver, get_resolver
from django.utils import timezone

from accounts.domain.give_membership import give_membership
from accounts.domain.link_calendar import link_calendar
from accounts.domain.make_service_user import make_service_user
from accounts.domain.prove_address import proof_token
from accounts.models import Membership
from core.mail_footers import switch_token
from core.portal_key import portal_key
from delivery.domain.set_mailbox import set_mailbox
from delivery.domain.set_webhook import set_webhook
from delivery.domain.tell_webhook import make_deliveries
from delivery.feedback.imap import Account
from delivery.models import Webhook
from discovery.domain.import_components import import_components
from engagements.domain.ask_question import ask_question
from engagements.domain.assign_team import assign_team
from engagements.models import Engagement, GateTask
from pricing.domain.keep_intake import begin_intake
from pricing.models import BalanceEntry
from reports.domain.comment_on_section import comment_on_section
from reports.domain.request_handoff import make_handoff
from reports.domain.restore_handoff import restore_handoff
from reports.models import Preview, RunbookPaper
from tests.engagements.journey import put_up, sign
from tests.factories import discovery
from tests.factories.accounts import UserFactory, invite_person, make_service_token, make_token
from tests.factories.feedback import hard_bounce
from tests.factories.handoff import foreign_pack
from tests.factories.nda import sign_both
from tests.factories.pricing import make_accepted_quote
from tests.factories.runbooks import draw_up, note_everything
from tests.factories.traffic import open_traffic, reconcile, take_in_small_day, warm
from tests.factories.training import plan_session
from tests.factories.watch import open_card, take_seeds
from tests.laws.endpoint_rows import keep_endpoint
from tests.laws.record_rows import keep_records
from tests.laws.tracker_rows import keep_ticket
from tests.pricing.intake_people import ABOUT


@dataclass
class World:
    """What the addresses name. `arguments` holds what stands in an address under the same word everywhere;
    `by_page` what a page or a whole app means by a word of its own.
    """

    engagement: Engagement
    arguments: dict = field(default_factory=dict)
    by_page: dict = field(default_factory=dict)

    def arguments_for(self, name, words):
        """The keyword arguments of a page, or of a route of the API, by its name. Raises KeyError for a new word."""
        name = name.removeprefix("api:")
        app = name.rpartition(":")[0]
        known = {**self.arguments, **self.by_page.get(app, {}), **self.by_page.get(name, {})}
        return {word: known[word] for word in words}


def build_world(*, northlake, carl, vera, ada, lea, sam, olga):
    """Northlake in discovery: quote accepted, configuration read, plan out for signature and signed by one of two."""
    quote = make_accepted_quote(northlake, actor=sam, signatory=carl)
    engagement = quote.engagement
    assign_team(engagement, lead=lea, consultants=[ada], actor=lea)
    sign_both(engagement, customer=carl, practice=sam)
    upload = discovery.read(engagement, actor=ada)
    discovery.read_mail_log(engagement, actor=ada)
    take_in_small_day(engagement, actor=ada, lost=[7])
    reconcile(engagement, actor=ada)
    own = open_traffic(engagement, actor=ada)
    _watch(engagement, ada)
    _feedback(engagement, ada)
    translation = discovery.stored_translations(engagement, actor=ada)[0]
    discovery.propose(actor=ada, engagement=engagement)
    import_components(engagement, filename="own.csv", content=b"kind,name\nmilter,tagger\n", actor=ada)
    question = ask_question(engagement, actor=carl, text="Who runs the drill?", is_blocking=False)
    finn = _second_signer(northlake, carl, olga)
    _aim(engagement, "kumomta")
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    signoff = sign(document, signer=finn)
    revision = _phase_5(engagement, ada)
    make_handoff(engagement, {}, actor=ada)
    invitation, token = invite_person(_beside(carl, "ines"), organization=northlake, role="viewer", actor=carl)
    engagement.refresh_from_db()
    world = World(engagement)
    world.arguments = {
        "code": engagement.code,
        "reference": quote.reference,
        "number": 1,
        "construct": 1,
        "step": "hold",
        "key": "always",
        "rule": "soft-bounce",
        "section": "volume",
        "question": "month_volume",
        "row": "smtp-helo-name",
        "figure": "requests",
        "variable": "vendor_sla",
        "assumption": "hour_rate",
        "contact": quote.contacts.first().pk,
        "version": "1.0",
        "entry": _booked(engagement, ada).pk,
    }
    world.by_page = {
        **_records(northlake, carl, vera, olga),
        "accounts": {"pk": northlake.pk, "member": _member(vera, northlake), "token": token, "number": invitation.pk},
        **_services(northlake, carl),
        **keep_endpoint(northlake, carl),
        "accounts:token_revoke": (token := {"reference": make_token(carl, name="an export", days=30)[0].reference}),
        "tokens:revoke": token,
        "calendars": {"token": link_calendar(carl)},
        "portfolio": {"figure": "stayed"},
        "mail": {"token": switch_token(carl.pk, "question_asked")},
        "mail:arrives": {"token": proof_token(carl)},
        "restored": {
            "restored": _restored(olga, engagement),
            "page": "findings",
            "path": "totals.csv",
            "table": "findings",
        },
        "runbooks": {"runbook": revision.key, "revision": revision.number, "fact": "on_call"},
        "trackers": keep_ticket(engagement, actor=ada),
        "delivery": {"key": "warm_up"},
        "parallel": {"pk": own.pk, "position": 1},
        "feedback": {"item": hard_bounce(engagement, actor=ada).pk, "reader": "csv"},
        "discovery": {"path": upload.storedfiles.first().path, "slug": "streams"},
        "discovery:translation_file": {"path": translation.files.first().path},
        "discovery:finding": {"number": engagement.findings.first().number},
        "link": {"token": quote.contacts.first().token},
        "engagements:receipt": {"reference": signoff.reference},
        "engagements:release": {"pk": signoff.held_parts.create(key="stream-2", label="S-02", reason="Not ready.").pk},
        "engagements:revoke": {"reference": signoff.reference},
        "engagements:difference": {"pk": document.pk, "earlier": document.pk},
        "engagements:document_pdf": {"pk": document.pk},
        "engagements:task": {"pk": _open_task(engagement)},
        "engagements:task_reopen": {"pk": GateTask.objects.filter(gate__engagement=engagement, gate__number=1)[0].pk},
        "engagements:question": {"number": question.number},
        "engagements:question_resolve": {"number": question.number},
        "reports:comment_resolve": {"comment": _comment(engagement, carl)},
        "reports": {"preview": _preview(document, engagement, ada), "page": 1},
        "start": {"token": begin_intake(step="about", typed=dict(ABOUT)), "step": "volume"},
        "pricing:nda_receipt": {"reference": engagement.ndas.get().signatures.first().reference},
        "": {"key": "none", "uidb36": "1", "provider_id": "none", "pk": 0},
    }
    return world


def _beside(person, name):
    """An address where the person has theirs."""
    return f"{name}@{person.email.partition('@')[2]}"


def _second_signer(customer, person, owner):
    finn = UserFactory(full_name="Finn Aalto", email=_beside(person, "finn"))
    give_membership(finn, organization=customer, role="signatory", duties=[("sign_phase", 1)], actor=owner)
    return finn


def _watch(engagement, consultant):
    """A warm-up, a card that is open, and results of seeds."""
    warm(engagement, actor=consultant)
    open_card(engagement, actor=consultant)
    take_seeds(engagement, "2026-05-04,Google,,50,47,2", actor=consultant)


def _feedback(engagement, consultant):
    """A bounce, the mailbox that such are read from, and the webhook that tells of it."""
    account = Account("imap.northlake.example", 993, "bounces", "secret", "INBOX")
    set_mailbox(engagement, account=account, actor=consultant)
    set_webhook(engagement, url="https://hooks.example/", from_start=True, actor=consultant)
    hard_bounce(engagement, actor=consultant)
    make_deliveries(Webhook.objects.get(engagement=engagement))


def _records(customer, person, member, owner):
    pages = keep_records(customer, person, owner)
    whose = {"pk": customer.pk, "member": _member(member, customer)}
    return {name: {**whose, **more} for name, more in pages.items()}


def _services(customer, person):
    """A service user with a token, under the words of its pages and of its routes."""
    service = make_service_user(customer, name="Ticket desk", role="viewer", actor=person)
    token, _ = make_service_token(service, name="nightly", days=30, scope="read", actor=person)
    known = {"pk": customer.pk, "service": service.pk, "reference": token.reference}
    pages = ("service", "service_end", "service_token_revoke")
    return {"services": known, **{f"accounts:{page}": known for page in pages}}


def _member(person, organization):
    return Membership.objects.get(user=person, organization=organization).pk


def _restored(owner, engagement):
    """The code of an engagement that came from another portal, another one for each world."""
    return restore_handoff(foreign_pack(f"OLD-{engagement.code}"), key=portal_key().fingerprint, actor=owner).code


def _booked(engagement, consultant):
    """Minutes that were booked, though the fee of this engagement grants none: its pages are found by them."""
    facts = {"kind": "questions", "units": 45, "left": 195, "on_day": date(2026, 5, 4), "with_whom": "Carl"}
    at = {"booked_by": consultant, "booked_at": timezone.now()}
    return BalanceEntry.objects.create(engagement=engagement, note="Pools", **facts, **at)


def _comment(engagement, person):
    return comment_on_section(engagement.gates.get(number=1), actor=person, section="bounces", text="Whose?").number


def _preview(document, engagement, consultant):
    facts = {"pdf": b"%PDF", "page_count": 1, "content_digest": document.snapshot_digest}
    at = {"made_by": consultant, "made_at": timezone.now()}
    preview = Preview.objects.create(gate=engagement.gates.get(number=1), **facts, **at)
    preview.pages.create(number=1, png=b"PNG")
    return preview.pk


def _aim(engagement, target):
    """The target as chosen, without the selection that leads to it."""
    Engagement.objects.filter(pk=engagement.pk).update(target=target)
    engagement.refresh_from_db()


def _phase_5(engagement, consultant):
    """A revision with its PDF; every runbook is drawn up, and a training session has begun."""
    note_everything(engagement, actor=consultant)
    revision = draw_up(engagement, actor=consultant)["incident"]
    plan_session(engagement, actor=consultant)
    at = {"drawn_at": timezone.now(), "approval_count": 0}
    RunbookPaper.objects.create(revision=revision, pdf=b"%PDF", page_count=1, digest="0" * 64, **at)
    return revision


def _open_task(engagement):
    return GateTask.objects.filter(gate__engagement=engagement, done_at=None, party="customer").first().pk


def named_urls(resolver=None, namespaces=(), words=()):
    """(name with namespaces, words in its address) of every address that has a name."""
    for entry in (resolver or get_resolver()).url_patterns:
        all_words = (*words, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from named_urls(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces, all_words)
        elif entry.name:
            yield ":".join([*namespaces, entry.name]), all_words
