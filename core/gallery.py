"""What the gallery shows: every component with every state, in invented circumstances."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.safestring import mark_safe

from core.components import (
    Change,
    Contribution,
    HistoryRow,
    Phase,
    PhaseState,
    RampStep,
    Shortcut,
    SparkLines,
    Status,
    StatusKind,
    Task,
    Term,
)
from core.icons import ICONS

DIGEST = "64879f7d6b960a01909762d911a32d4582c20010c5641ee90278b644a9e3b525"
REASONS = ["Finding F-031 has no answer.", "The rollback drill took 6 min 12 s; the limit is 5 min."]


class GalleryForm(forms.Form):
    peak = forms.IntegerField(label="Daily peak, in thousands", help_text="The most messages you sent on one day.")
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    note = forms.CharField(label="Anything we should know", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    target = forms.ChoiceField(label="Target", choices=[("powermta", "PowerMTA"), ("kumomta", "KumoMTA")])
    team = forms.ChoiceField(
        label="Who runs the servers",
        choices=[("us", "Our team"), ("you", "The practice")],
        widget=forms.RadioSelect,
        help_text="You can change this until phase 2.",
    )
    has_read = forms.BooleanField(label="I have read version 3 of the plan")


def gallery_context() -> dict[str, Any]:
    return {
        **_lists(),
        **_charts(),
        **_forms(),
        **_values(),
        "statuses": _statuses(),
        "reasons": REASONS,
        "icons": sorted(ICONS),
        "page": Paginator(range(400), 10).page(7),
        "shortcuts": [Shortcut("1", "Accept the finding"), Shortcut("c", "Change the class")],
    }


def _statuses() -> list[Status]:
    return [
        Status(StatusKind.NOT_STARTED),
        Status(StatusKind.IN_PROGRESS),
        Status(StatusKind.WAITING, is_reader=True),
        Status(StatusKind.WAITING, party="Northlake"),
        Status(StatusKind.COMPLETED),
        Status(StatusKind.COMPLETED, "Signed 2 Apr"),
        Status(StatusKind.PROBLEM),
        Status(StatusKind.BLOCKED),
    ]


def _lists() -> dict[str, Any]:
    done, blocked = Status(StatusKind.COMPLETED), Status(StatusKind.BLOCKED)
    waiting = Status(StatusKind.WAITING, is_reader=True)
    problem = Status(StatusKind.PROBLEM)
    phases = [
        ("Discovery + plan", Status(StatusKind.COMPLETED, "Signed 2 Apr"), PhaseState.DONE),
        ("Install + config", Status(StatusKind.COMPLETED, "Signed 21 Apr"), PhaseState.DONE),
        ("Parallel delivery", waiting, PhaseState.NOW),
        ("Cutover", blocked, PhaseState.TODO),
        ("Monitor + handoff", blocked, PhaseState.TODO),
    ]
    return {
        "phases": [Phase(number, *row, url="#" if number < 4 else "") for number, row in enumerate(phases, start=1)],  # noqa: PLR2004 (the phases not begun have no page)
        "tasks": [
            Task("Hold 50 % for 72 hours", done, "EMP · Daniel Ruiz"),
            Task("Approve 75 %", waiting, "You or Peter Lang", "#"),
            Task("Five-minute rollback drill", problem, "EMP · last drill 7 May", "#", "It took 6 min 12 s."),
            Task("Sign phase 3", blocked, "Head of engineering and CFO", "#", "3 things above are open."),
        ],
        "terms": [
            Term("Document", "Migration plan, version 3 (PDF, 25 pages, 1.4 MB)", "#"),
            Term("Target", "PowerMTA", action_label="Change", action_url="#"),
            Term("What it costs", "Nothing further"),
        ],
        **_histories(),
    }


def _histories() -> dict[str, Any]:
    return {
        "history_rows": [
            HistoryRow(timezone.now() - timedelta(minutes=12), "Daniel Ruiz changed the cutover window", "203.0.113.9")
        ],
        "history_changes": [
            HistoryRow(
                timezone.now() - timedelta(days=3),
                "Ines Roth answered finding F-031",
                "198.51.100.4, passkey",
                [Change("Class", "Custom", "Native"), Change("Owner", "", "Ines Roth")],
            )
        ],
    }


def _charts() -> dict[str, Any]:
    states = [PhaseState.DONE, PhaseState.DONE, PhaseState.NOW, PhaseState.TODO, PhaseState.TODO, PhaseState.TODO]
    return {
        "ramp_steps": [RampStep(*row) for row in zip((10, 25, 50, 75, 90, 100), states, strict=True)],
        "sparks": [
            SparkLines("Gmail", (3.1, 3, 3.3, 3.2, 3, 3.1, 3), (3.6, 3.1, 2.6, 2.2, 2, 1.9, 1.8), unit="%"),
            SparkLines("Microsoft", (4, 4.1, 4.4, 4.2, 4.1, 4.3, 4.2), (4.6, 4.5, 4.1, 3.9, 3.9, 3.8, 3.8), unit="%"),
        ],
        "shares": {4: 1, 6: 2, 8: 1, 9: 3, 11: 1, 12: 1, 14: 1, 17: 1, 23: 1},
        "contributions": [
            Contribution("Licence budget", "60 to 80 K USD a year approved", 18),
            Contribution("Vendor SLA required", "Yes, 24/7", 14),
            Contribution("Compliance names a commercial MTA", "No", 0),
            Contribution("Open source needed for audit", "Preferred", -12),
            Contribution("Rust or Lua in house", "One engineer, Lua", -8),
            Contribution("Greenfield or redesign", "No, keep structure", 4),
        ],
    }


def _forms() -> dict[str, Any]:
    wrong = GalleryForm({"peak": "many", "email": "carl@", "note": "What was typed stays."}, auto_id="wrong_%s")
    # The summary of a refused form takes the focus; in the gallery the page would open at it.
    unfocused = mark_safe(str(wrong).replace(" autofocus", ""))  # noqa: S308 (drawn by our own templates)
    return {"wrong_form": unfocused, "form": GalleryForm(auto_id="right_%s")}


def _values() -> dict[str, Any]:
    now = timezone.now()
    return {
        "digest": DIGEST,
        "soon": now + timedelta(hours=6, minutes=1),
        "fee": Decimal(28500),
        "large": 1402117,
        "severities": [("blocker", "Blocker"), ("high", "High")],
        "clocks": [
            (now + timedelta(hours=31), None),
            (now + timedelta(hours=4, minutes=10), None),
            (now - timedelta(hours=2), None),
            (now, now - timedelta(hours=9)),
            (now - timedelta(hours=9), now),
        ],
    }
