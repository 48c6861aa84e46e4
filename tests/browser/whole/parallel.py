"""Phase 3: the ramp up to 90 %, with a fall-back that Carl orders on the way."""

from datetime import timedelta

from benchmarks.parallel.journey import HOURS, TAIL, WINDOWS, Journey
from benchmarks.parallel.people import People
from tests.browser.whole.cast import complete_task, freeze_and_ask, path_of, sign_phase

MESSAGES, ORDER_SECONDS = 1_200, 9
ON_CALL = "Ada Quint +1 555 0100\nNiamh Byrne of Aldermoor Supply +353 1 555 0101"
WHY_BACK = "The new route answered slowly at one provider; we wanted to look at it without mail on it."


class ParallelPeople(People):
    """Ada drives the ramp and drills, Carl says yes to each step and orders the real way back."""

    def __init__(self, cast):
        self.cast, self.ada, self.code = cast, cast.ada, cast.code
        self.home = cast.home
        self.parallel = f"{self.home}parallel/"
        self.orders = cast.ada

    @property
    def maria(self):
        return self.cast.carl

    def go_to_rollback(self):
        for person in (self.ada, self.cast.carl):
            person.go(f"{self.parallel}rollback/")
            person.confirm()

    def order_rollback(self, kind):
        self.orders = self.ada if kind == "drill" else self.cast.carl
        self.orders.press("Start a drill" if kind == "drill" else "Start the rollback")

    def see_rollback_end(self):
        self.orders.wait_for("Back on Postfix", "Later than the limit")
        self.ada.go(path_of(self.orders))
        return self.orders.page.locator(".clock").first.inner_text()

    def explain_rollback(self, reason):
        """Why is asked afterwards, of whoever knows it."""
        del reason  # the trial's own
        assert "Say what led to Rollback" in self.ada.go("/")
        self.cast.carl.page.reload()
        self.cast.carl.fill(reason=WHY_BACK)
        self.cast.carl.press("Record it")

    def blockers_of_the_plan(self):
        """What stands against the next step but Carl's yes."""
        return [one for one in self.blockers() if "not said yes" not in one]


def climb_with_a_fall_back(cast, servers):
    """To 10 %, all the way back under traffic, and up to 90 %. Returns the journey, and the cutover that fell back."""
    journey = Journey(servers, ParallelPeople(cast), MESSAGES, seconds=ORDER_SECONDS)
    journey.begin()
    journey.climb(10)
    first = plan_a_cutover(cast, days=21)
    journey.go_back("real")
    journey.climb(10, 25, 50, 75, 90)
    return journey, first


def plan_a_cutover(cast, days):
    """Ada sets a day for it, with the people on call. Returns its page."""
    cast.ada.go(f"{cast.home}parallel/cutovers/")
    cast.ada.page.get_by_label("What is cut over").select_option(label="All mail")
    moment = (cast.calendar.now() + timedelta(days=days)).strftime("%Y-%m-%dT06:00")
    cast.ada.fill(planned_for=moment, on_call=ON_CALL)
    cast.ada.press("Plan the cutover")
    return path_of(cast.ada)


def leave_parallel_delivery(cast, journey):
    """Up to Carl's signature on phase 3, not before its weeks are over."""
    journey.stay(WINDOWS[90])
    wait_for_the_minimum(cast, journey)
    complete_task(cast.ada, cast, 3, "Ramp completed through 90 %", "Every step stands in the ramp with its day.")
    complete_task(cast.ada, cast, 3, "Every missing or double message explained", "Nothing was missing; no case.")
    complete_task(cast.carl, cast, 3, "Rollback drilled inside five minutes", "Seen on the clock of the drill.")
    freeze_and_ask(cast, 3)
    assert "Cutover, began on" in sign_phase(cast, 3)


def wait_for_the_minimum(cast, journey):
    """Days pass with mail in them, until the gate no longer asks for more."""
    while "runs at least" in cast.ada.go(f"{cast.home}gates/3/"):
        cast.calendar.move(HOURS)
        journey.servers.send(journey.part(TAIL))
    journey.reconcile()
