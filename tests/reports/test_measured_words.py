"""What the mail logs measure is said in Spanish in a Spanish plan, with no English left in a place of a rule."""

import re
from types import SimpleNamespace

from discovery.maillog.configured import Configured, NamedService
from discovery.maillog.remarks import remark, remarks
from discovery.maillog.service_remarks import Spoken, service_remarks
from discovery.postfix.rule_packs import load_rules
from discovery.questions.disputes import disputes_in
from discovery.questions.facts import Fact, Measure, facts_in
from discovery.questions.loading import load_book
from discovery.questions.values import Given
from reports.sheets.phrases import say_message
from reports.sheets.words import Words

SPANISH = Words("es")
ENGLISH = re.compile(
    r"\b(and|are|at|by|deliveries|each|from|hosts|hours|in|lines|messages|no number|on|or|other|recipients|seconds|"
    r"that|the|under|was|were|which|with|yes)\b",
    re.IGNORECASE,
)
SESSIONS = {
    "clear_logins": {
        "mx1": {"sessions": 1200, "messages": 1300, "methods": ["LOGIN", "PLAIN"], "days": ["2026-05-03", "2026-05-04"]}
    },
    "method_days": {"LOGIN": ["2026-05-03", "2026-05-03"]},
    "pipes": {"footer": 1500},
    "anonymous_to": 1234,
}
GROUP = {"sent": 100_000, "bounced": 40_000, "expired": 0, "put_off": 90_000, "deferrals": 0}
FIGURES = {
    "without_id": 1338,
    "messages": 10_000,
    "ids_repeated": 1338,
    "ids_different": 10_000,
    "providers": [{"name": "Other domains", **GROUP}],
    "latency": [
        {"name": "queue", "p95": 4320, "p50": 1},
        {"name": "connection", "p95": 9, "p50": 2.5},
        {"name": "transmission", "p95": 9, "p50": 2.5},
    ],
    "peak_hour": {"name": "2026-05-03 10:00", **GROUP},
    "waited": {"p95": 90_000},
    "gaps": [["2026-05-03 10:00", "2026-05-03 14:00"]],
    "methods": {"LOGIN": 1234},
    "by_sendmail": 1,
    "sessions": SESSIONS,
    "tls_share": 0.101,
    "sender_domains": [{"name": "unknown.example", **GROUP}],
    "writers": {"smtp-x/smtp": 1200},
    "days": [{"name": f"2026-05-{day:02}"} for day in range(1, 29)],
}
HOST = Configured((NamedService("quiet/inet", "quiet", "smtpd", "quiet", True, False),), frozenset({"quiet"}), 100)


def measured():
    """Every rule of the logs, as it is really filled."""
    yield from remarks(FIGURES, [])
    yield from service_remarks(FIGURES, HOST, Spoken([FIGURES]))
    yield from (remark(f"measured-host-{kind}", "mx9") for kind in ("unknown", "silent"))
    words = {"measured": "9,000,000", "period": "2026-05", "stated": "1,000"}
    yield from (remark("measured-volume-higher", name, **words) for name in ("A month", "The busiest day"))
    yield remark("measured-volume-lower", "A month", days="30", **words)


def in_spanish(finding, message=""):
    return say_message(SPANISH, {"title": finding.title, "message": message or finding.message})


def test_no_rule_of_the_logs_leaves_english_in_a_spanish_plan():
    found = list(measured())
    said = {finding.rule: in_spanish(finding) for finding in found}

    assert said.keys() == {rule.id for rule in load_rules() if rule.id.startswith("measured-")}
    assert [text for text in said.values() if ENGLISH.search(text)] == []
    assert said["measured-auth-login"] == (
        "1.234 mensajes fueron entregados por clientes que iniciaron sesión con AUTH LOGIN el 2026-05-03."
    )
    assert said["measured-sendmail"] == "1 mensaje fue entregado en el propio servidor, por pickup."
    assert (
        "en 1.200 sesiones del 2026-05-03 al 2026-05-04 un cliente inició sesión (LOGIN y PLAIN)"
        in (said["measured-auth-clear"])
    )
    assert "esperó 1,2 horas o más" in said["measured-queue-wait"]
    assert "ocupó un proceso 5,0 segundos" in said["measured-peak-limits"]


def test_a_stray_name_is_told_with_what_was_seen_under_it():
    found = service_remarks(FIGURES, HOST, Spoken([FIGURES]))
    said = [in_spanish(each) for each in found if each.rule == "measured-service-unknown"]

    assert said == [
        "1.200 líneas con el nombre smtp-x, que ningún master.cf de este servidor tiene.",
        "1.500 entregas por el servicio pipe footer, que ningún master.cf de este servidor tiene.",
    ]


def test_what_was_stored_before_is_said_in_spanish_too():
    (login,) = (each for each in remarks(FIGURES, []) if each.rule == "measured-auth-login")
    before = "1 messages were handed in by clients that signed in with AUTH LOGIN."

    assert in_spanish(login, before) == ("1 mensaje fue entregado por clientes que iniciaron sesión con AUTH LOGIN.")


def test_what_the_questionnaire_and_the_records_say_is_said_in_spanish():
    facts = facts_in(SimpleNamespace(hosts=()), Measure(days=30, ended=9_000_000, peak=400_000, peak_day="2026-05-14"))
    socket = "OpenDKIM at inet:127.0.0.1:8891, tagger at unix:/run/tagger.sock and 1,200 more"
    facts |= {
        "milters": Fact("milters", "yes", socket),
        "hosts": Fact("hosts", 6, "mx1, mx2"),
        "signing_place": Fact("signing_place", ["postfix"], "s1._domainkey.example.com"),
    }
    given = {"month_volume": 1000, "peak_day": 900, "milters": "no", "send_hosts": 5, "dkim_at": ["relay", "nowhere"]}
    given = {name: Given(value) for name, value in given.items()}

    said = {each.rule: in_spanish(each) for each in disputes_in(load_book(), given, facts, given)}

    assert said == {
        "answers-month-volume": (
            "El cuestionario dice 1.000 mensajes al mes. Los registros de correo dicen 9.000.000 destinatarios al mes: "
            "9.000.000 destinatarios en 30 días de los registros de correo, lo que hace 9.000.000 en 30 días."
        ),
        "answers-peak-day": (
            "El cuestionario dice 900 mensajes ese día. "
            "Los registros de correo cuentan 400.000 destinatarios el 2026-05-14."
        ),
        "answers-milters": (
            "A la pregunta de si hay milters que miran el correo, el cuestionario dice No. "
            "A si hay alguno configurado, la configuración responde Sí. "
            "OpenDKIM en inet:127.0.0.1:8891, tagger en unix:/run/tagger.sock y 1.200 más"
        ),
        "answers-hosts": "El cuestionario dice 5 servidores. Se subieron configuraciones de 6 servidores: mx1, mx2.",
        "answers-dkim-place": (
            "El cuestionario nombra como lugar de firma: En un relay detrás de Postfix; En ninguna parte. "
            "Las subidas contienen las claves s1._domainkey.example.com."
        ),
    }
