"""Snapshots as they come out of the database, for tests of the paper alone."""

MARKUP = (
    '<script>alert(1)</script> <img src="https://tracker.example/x.png"> <style>@import url(file:///etc/passwd)</style>'
)
PHASES = (
    (1, "Discovery + plan", "2026-04-06", "2026-04-19", 14, 0),
    (2, "Install + config", "2026-04-13", "2026-05-03", 21, 0),
    (3, "Parallel delivery", "2026-04-27", "2026-05-17", 21, 3),
    (4, "Cutover", "2026-05-11", "2026-05-24", 14, 0),
    (5, "Monitor + handoff", "2026-05-18", "2026-05-31", 14, 0),
)


def row(name, *detail, place="etc/postfix/main.cf:41"):
    return {"host": "mx1", "name": name, "detail": list(detail), "upload": 2, "place": place}


def finding(number, *, is_answered=True, evidence="smtpd_milters = inet:127.0.0.1:8891"):
    return {
        "reference": f"F-{number:03}",
        "title": f"Milter {number} changes what it sees",
        "host": "mx1",
        "upload": 2,
        "place": "etc/postfix/main.cf:118",
        "evidence": evidence,
        "message": "The milter rewrites the sender.",
        "why": "It runs inside the SMTP dialogue.",
        "confidence": "Likely",
        "translation": "Custom",
        "impact": "",
        "proposal": "Lua in init.lua",
        "decision": "Accepted" if is_answered else "Not answered yet",
        "note": "",
        "decided_by": "Ada Quint" if is_answered else "",
        "decided_at": "2026-05-14T21:00:00Z" if is_answered else None,
    }


def gap(number, line, *, is_decided=True):
    return {
        "reference": f"G-{number:03}",
        "name": "custom (inet:127.0.0.1:8891)",
        "target": "PowerMTA",
        "host": "mx1",
        "upload": 2,
        "place": "etc/postfix/main.cf:118",
        "line": line,
        "translation": "Gap",
        "loss": "Nothing outside is asked while mail is taken in.",
        "price": "In the fee",
        "recommended": "Pre-processing in the application" if is_decided else "",
        "recommendation": "The shop knows the tag." if is_decided else "",
        "choice": "Accept the behaviour change" if is_decided else "Not decided yet",
        "note": line if is_decided else "",
        "decided_by": "Carl Brandt" if is_decided else "",
        "decided_at": "2026-05-15T21:00:00Z" if is_decided else None,
    }


def group(severity, count, **changes):
    rows = [finding(number, **changes) for number in range(1, count + 1)]
    return {"severity": severity, "label": severity.title(), "count": count, "unanswered": 0, "rows": rows}


def plan_snapshot(*, evidence="smtpd_milters = inet:127.0.0.1:8891", medium=14, is_draft=False, is_measured=False):
    stamp = {
        "reference": "E-2026-0147-G1",
        "version": 3,
        "title": "Migration plan",
        "snapshot_digest": "64879f7d6b960a01909762d911a32d4582c20010c5641ee90278b644a9e3b525",
        "organization": "Northlake Logistics",
        "is_draft": is_draft,
    }
    content = _content(evidence, medium)
    return {"stamp": stamp, "content": content | {"basis": basis()} if is_measured else content}


def _content(evidence, medium):
    return {
        "code": "E-2026-0147",
        "target": "PowerMTA",
        "accepts": ["PowerMTA as the target"],
        "summary": ["1 host with 1 Postfix instance was read: 59 parameters set."],
        "offer": None,
        "estate": _estate(evidence),
        "findings": [
            group("blocker", 1, evidence=evidence),
            group("high", 2),
            group("medium", medium),
            group("low", 3, is_answered=False),
            group("info", 0),
        ],
        "translation": {
            "coverage": [{"target": "PowerMTA", "covered": 41, "counted": 43}],
            "gaps": [gap(1, evidence), gap(2, evidence, is_decided=False)],
        },
        "schedule": {
            "phases": [
                {
                    "number": number,
                    "label": label,
                    "start": start,
                    "end": end,
                    "days": days,
                    "minimum_weeks": weeks,
                    "is_parallel": number == 3,
                }
                for number, label, start, end, days, weeks in PHASES
            ],
            "warnings": [],
        },
        "duties": [
            {"phase": 1, "label": "Discovery + plan", "task": "Readout call held", "explanation": "", "party": "joint"}
        ],
        "overrides": [],
        "questions": [],
        "signers": [{"name": "Carl Brandt", "job_title": "Head of engineering"}],
        "people": [],
    }


def _estate(evidence):
    return {
        "readings": [
            {
                "number": 2,
                "host": "mx1",
                "filename": "mx1-etc.tar.gz",
                "sha256": "64879f7d6b960a01909762d911a32d4582c20010c5641ee90278b644a9e3b525",
                "byte_count": 214_000,
                "file_count": 41,
                "uploaded_by": "Carl Brandt",
                "secrets": [{"kind": "SASL password", "count": 2}],
                "skipped": [{"path": "etc/postfix/dump.db", "reason": "A database file is not text."}],
            }
        ],
        "instances": [
            {
                "host": "mx1",
                "name": "postfix",
                "directory": "etc/postfix",
                "upload": 2,
                "parameters": 59,
                "services": 24,
                "addresses": ["192.0.2.10"],
                "helo_names": ["mta1.northlake.example"],
                "relay_hosts": [],
                "filters": [],
                "streams": [],
            }
        ],
        "listeners": [row("smtp/inet", "smtpd")],
        "transports": [row(f"bulk{number}", "smtp", "sends from 192.0.2.11") for number in range(12)],
        "milters": [row("custom", evidence)],
        "scripts": [],
        "cron_jobs": [],
        "maps": [row("hash:/etc/postfix/transport", "asked by transport_maps", "412 entries")],
        "missing": [],
        "problems": [],
        "components": [],
        "streams": [
            {"reference": "S-01", "name": "Other mail", "purpose": "", "route": "Migrate", "reason": ""},
            {
                "reference": "S-02",
                "name": "CRM",
                "purpose": evidence,
                "route": "Stay on Postfix",
                "reason": "Internal.",
            },
        ],
    }


def amount(name, delivered, bounced=0, deferred=0):
    return {"name": name, "delivered": delivered, "bounced": bounced, "deferred": deferred}


def basis():
    """What a plan is worked out on once logs were read and files generated."""
    return {
        "advice": "",
        "volumes": {
            "stated_month": 9_000_000,
            "stated_peak": 400_000,
            "logs": [
                {
                    "number": 1,
                    "host": "mx1",
                    "filename": "mail.log",
                    "sha256": "a" * 64,
                    "first": "2026-03-20 00:00",
                    "last": "2026-04-03 23:00",
                    "lines": 31_000_000,
                    "uploaded_by": "Carl Brandt",
                }
            ],
            "days": 15,
            "first_day": "2026-03-20",
            "last_day": "2026-04-03",
            "peak_day": amount("2026-04-02", 310_000, 2_000, 9_000),
            "peak_month": amount("2026-03", 3_100_000, 31_000, 90_000),
            "providers": [amount(f"provider-{number}", 900_000 // number, 900, 40) for number in range(1, 12)],
            "refused": [{"label": "Mailbox full", "means": "soft", "count": 1_200}],
            "remarks": [],
        },
        "addresses": [
            row(f"192.0.2.{number}", "bulk", f"mta{number}.northlake.example", "public") for number in (10, 11)
        ],
        "pools": [row("bulk", "bulk1, bulk2", "192.0.2.10, 192.0.2.11", "They share a name.")],
        "domains": [row("northlake.example", "sender", "myorigin")],
        "filters": [],
        "keys": [row("northlake.example", "s2024", "opendkim", "/etc/dkim/s2024.private")],
        "programs": [row("/opt/mail/bounces.py", "bounce_processor", "python", "alias")],
        "answers": [
            {
                "question": "bounce_program",
                "asked": "Does a program of yours process bounces?",
                "answer": "Yes",
                "note": "",
                "by": "Carl Brandt",
                "at": "2026-05-14T21:00:00Z",
            }
        ],
        "letters": [
            {"target": "PowerMTA", "letter": letter, "label": label, "count": count}
            for letter, label, count in (("N", "Native", 30), ("R", "Rewrite", 11), ("X", "Gap", 2))
        ],
        "files": [
            {
                "target": "PowerMTA",
                "translation": 1,
                "path": "mx1/config",
                "byte_count": 2_048,
                "sha256": "b" * 64,
                "extract": "smtp-listener 0/0:25\n<virtual-mta bulk>\n  smtp-source-host 192.0.2.11 a\n</virtual-mta>",
            }
        ],
    }
