"""The five engagements of the demo, each as far as its story goes, and what the website brought."""

from collections.abc import Callable

from django.conf import settings

from accounts.models import User
from engagements.domain.ask_question import answer_question, ask_question
from engagements.models import Engagement
from portal.demo import acts
from portal.demo.acts import Staff
from portal.demo.cast import cast, hire
from portal.demo.clock import days_ago
from portal.demo.parallel import deliver
from portal.demo.preflight import fly
from portal.demo.website import visit
from pricing.domain.advise_stay import request_advice

Tell = Callable[[str], None]


def build(tell: Tell) -> None:
    """Build the whole demo in an empty portal. `tell` gets a line for each story."""
    with days_ago(60):
        staff = hire()
    for story in (northlake, beltane, castell, orrin, havel):
        name = cast()["customers"][story.__name__]["name"]
        story(staff)
        tell(f"Demo: {name}")
    visit(staff)
    tell("Demo: visitors of the website")


def northlake(staff: Staff) -> None:
    """Multi-IP, two gates signed, in parallel delivery at the first step."""
    customer = cast()["customers"]["northlake"]
    with days_ago(45):
        request, people = acts.ask(customer, staff=staff)
    with days_ago(44.2):
        sent = acts.quote(request, staff=staff)
    with days_ago(42):
        engagement = acts.accept(sent, signatory=people["signatory"], staff=staff, target=customer["target"])
    with days_ago(41.8):
        nda = acts.ask_for_nda(engagement, signatory=people["signatory"])
    with days_ago(41):
        acts.countersign(nda, staff=staff)
    with days_ago(38):
        acts.read_estate(engagement, sample=customer["sample"], host=customer["host"], actor=people["contributor"])
        acts.accept_findings(engagement, consultant=staff["consultant"])
        acts.migrate_streams(engagement, consultant=staff["consultant"])
    with days_ago(35):
        acts.recommend(engagement, consultant=staff["consultant"], book=cast()["advice"][customer["target"]])
    with days_ago(33):
        acts.name_owners(engagement, actor=people["contributor"], owners=customer["owners"])
        acts.follow_recommendations(engagement, customer=people["contributor"])
        acts.weigh(engagement, actor=people["contributor"], answers=customer["selection"])
    with days_ago(30):
        question = ask_question(engagement, actor=people["viewer"], text="Who keeps the DKIM keys after the cutover?")
        answer_question(question, actor=staff["consultant"], text="You do. The plan names the selectors and the files.")
    _go_on_to_parallel(engagement, people, staff)


def _sign_two_gates(engagement: Engagement, people: dict[str, User], staff: Staff) -> None:
    """The plan on a condition, which is met in phase 2; that one by a deputy."""
    customer = cast()["customers"]["northlake"]
    with days_ago(30):
        plan = acts.put_up(engagement, 1, staff=staff, customer=people["signatory"])
    with days_ago(29.5):
        acts.sign(plan, signer=people["signatory"], condition=customer["condition"])
    with days_ago(10):
        fly(engagement, consultant=staff["consultant"])
        record = acts.put_up(engagement, 2, staff=staff, customer=people["signatory"])
    with days_ago(9.5):
        acts.hand_over(
            record,
            signer=people["signatory"],
            deputy=people["finance"],
            reason=customer["deputy"],
            actor=staff["owner"],
        )
    with days_ago(9):
        acts.sign(record, signer=people["finance"])


def _go_on_to_parallel(engagement: Engagement, people: dict[str, User], staff: Staff) -> None:
    _sign_two_gates(engagement, people, staff)
    if settings.DEMO_HAS_TRAFFIC:
        addresses = cast()["customers"]["northlake"]["points"]["ips"]
        deliver(engagement, people=people, staff=staff, addresses=addresses)


def beltane(staff: Staff) -> None:
    """Enterprise, discovery finished; the plan waits for a signature."""
    customer = cast()["customers"]["beltane"]
    with days_ago(20):
        request, people = acts.ask(customer, staff=staff)
        sent = acts.quote(request, staff=staff)
    with days_ago(18):
        engagement = acts.accept(sent, signatory=people["signatory"], staff=staff, target=customer["target"])
    with days_ago(17):
        nda = acts.ask_for_nda(engagement, signatory=people["signatory"])
    with days_ago(16.4):
        acts.countersign(nda, staff=staff)
    with days_ago(12):
        acts.read_estate(engagement, sample=customer["sample"], host=customer["host"], actor=staff["consultant"])
        acts.accept_findings(engagement, consultant=staff["consultant"])
        acts.migrate_streams(engagement, consultant=staff["consultant"])
    with days_ago(8):
        acts.answer_some(engagement, actor=people["signatory"], answers=customer["answers"])
        acts.name_owners(engagement, actor=people["signatory"], owners=customer["owners"])
        acts.recommend(engagement, consultant=staff["consultant"], book=cast()["advice"][customer["target"]])
    with days_ago(4):
        acts.follow_recommendations(engagement, customer=people["signatory"])
        acts.weigh(engagement, actor=people["signatory"], answers=customer["selection"])
    with days_ago(1):
        acts.put_up(engagement, 1, staff=staff, customer=people["signatory"])


def castell(staff: Staff) -> None:
    """Discovery under way: the configuration is translated, and some of the decisions wait for the customer."""
    customer = cast()["customers"]["castell"]
    with days_ago(11):
        request, people = acts.ask(customer, staff=staff)
        sent = acts.quote(request, staff=staff)
    with days_ago(9):
        engagement = acts.accept(sent, signatory=people["signatory"], staff=staff, target=customer["target"])
    with days_ago(8.2):
        nda = acts.ask_for_nda(engagement, signatory=people["signatory"])
    with days_ago(7):
        acts.countersign(nda, staff=staff)
    with days_ago(5):
        acts.read_estate(engagement, sample=customer["sample"], host=customer["host"], actor=people["signatory"])
    with days_ago(3):
        acts.recommend(engagement, consultant=staff["consultant"], book=cast()["advice"][customer["target"]])
    with days_ago(2):
        acts.follow_recommendations(engagement, customer=people["signatory"], most=customer["decided"])
        acts.weigh(engagement, actor=people["signatory"], answers=customer["selection"])


def orrin(staff: Staff) -> None:
    """A quote is out and waits for an answer; the NDA, asked for yesterday, waits for the practice."""
    customer = cast()["customers"]["orrin"]
    with days_ago(3):
        request, people = acts.ask(customer, staff=staff)
    with days_ago(2.5):
        acts.quote(request, staff=staff)
    with days_ago(1.2):
        acts.ask_for_nda(request.engagement, signatory=people["signatory"])


def havel(staff: Staff) -> None:
    """Small, well run, one stream: the advice is to stay on Postfix."""
    customer = cast()["customers"]["havel"]
    with days_ago(15):
        request, _ = acts.ask(customer, staff=staff)
    with days_ago(14):
        acts.work_off(
            request_advice(request, actor=staff["sales"], note="One address, one stream, 180,000 messages a month.")
        )
