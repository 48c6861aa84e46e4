"""Programs, jobs by the clock, keys, and which configurations are alike."""

import json

import pytest

from discovery.postfix import Bundle, audit_bundle, read_folder
from tests.discovery.postfix.estates import KEY, MASTER, SAMPLES, instance_of


@pytest.mark.parametrize(
    ("path", "kind", "confidence"),
    [
        ("usr/local/bin/add_list_headers.sh", "content_filter", "certain"),
        ("usr/local/bin/record_bounce.py", "bounce_processor", "certain"),
        ("usr/local/bin/record_complaint.pl", "fbl_reader", "certain"),
        ("usr/local/bin/read_feedback.py", "fbl_reader", "certain"),
        ("usr/local/bin/warmup_limits.sh", "rate_limit_cron", "certain"),
        ("usr/local/lib/postfix/house_milter.py", "milter", "certain"),
    ],
)
def test_scripts_are_told_apart_by_what_they_do(sender, path, kind, confidence):
    script = next(each for each in sender.scripts if each.path == path)

    assert (script.kind, script.confidence) == (kind, confidence)
    assert script.callers
    assert all(line >= 1 and file == path for _, file, line, _ in script.evidence)


def test_a_script_says_what_it_reads_calls_and_who_runs_it(sender):
    script = next(each for each in sender.scripts if each.path.endswith("read_feedback.py"))

    assert script.reads == ("mail over IMAP", "complaint reports (ARF)")
    assert script.calls == ("a database",)
    assert script.roles == ("timer",)
    assert (script.callers[0].file, script.callers[0].line) == ("etc/systemd/system/read-feedback.timer", 5)


def test_a_policy_daemon_behind_spawn_is_one(tenants):
    kinds = {each.path: (each.kind, each.confidence) for each in tenants["postfix"].scripts}

    assert kinds["usr/local/lib/policy/quota_policy.pl"] == ("policy_daemon", "certain")
    assert kinds["usr/local/bin/tenant_queues.sh"] == ("other", "guess")


def test_a_name_alone_is_a_guess():
    instance = instance_of("", usr__local__bin__bounce_sorter="#!/bin/sh\nexit 0\n")

    assert [(each.kind, each.confidence) for each in instance.scripts] == [("bounce_processor", "guess")]


def test_jobs_by_the_clock_are_read_from_crontabs_and_timers(sender):
    jobs = {each.command: (each.schedule, each.by, each.user, each.kind) for each in sender.cron_jobs}

    assert jobs["/usr/bin/python3 /usr/local/bin/read_feedback.py"] == ("OnCalendar=*:0/10", "timer", "", "other")
    assert jobs["/usr/local/bin/warmup_limits.sh"][:3] == ("0 * * * *", "cron", "root")
    surgery = next(command for command in jobs if "postsuper" in command)
    assert jobs[surgery][3] == "queue_surgery"


def test_programs_and_keys_of_a_host_stand_once_however_many_instances_it_has(tenants):
    assert [len(each.cron_jobs) for each in tenants.values()] == [2, 0, 0]
    assert [len(each.scripts) for each in tenants.values()] == [2, 0, 0]


def test_dkim_keys_are_read_from_opendkim_and_amavis(sender, tenants):
    keys = [(each.domain, each.selector, each.signs, each.is_key_in_bundle) for each in sender.signing_keys]

    assert keys == [
        ("sender.example", "s1", ("*@*.sender.example",), True),
        ("news.sender.example", "s1", ("*@news.sender.example",), False),
    ]
    (key,) = tenants["postfix"].signing_keys
    assert (key.product, key.domain, key.selector, key.line) == ("amavis", "beta.example", "b1", 3)


def test_dkim_keys_are_read_from_rspamd():
    text = (
        'path = "/var/lib/rspamd/dkim/$domain.$selector.key";\nselector = "main";\n'
        'domain {\n  a.example {\n    path = "/keys/a.key";\n    selector = "one";\n  }\n}\n'
    )
    instance = instance_of("", **{"etc/rspamd/local.d/dkim_signing.conf": text})

    assert [(each.domain, each.selector, each.key_path, each.line) for each in instance.signing_keys] == [
        ("a.example", "one", "/keys/a.key", 4),
        ("*", "main", "/var/lib/rspamd/dkim/$domain.$selector.key", 1),
    ]


def clone(number, more=""):
    return (
        f"myhostname = out{number}.hosting.example\nmydomain = hosting.example\n"
        f"multi_instance_name = postfix-{number}\nqueue_directory = /var/spool/postfix-{number}\n"
        f"data_directory = /var/lib/postfix-{number}\n"
        f"inet_interfaces = 192.0.2.{number}\nsmtp_helo_name = $myhostname\nmyorigin = out{number}.hosting.example\n"
        f"transport_maps = hash:/etc/postfix-{number}/transport\n{more}"
    )


def test_two_hundred_instances_are_as_many_configurations_as_differ():
    contents = {}
    for number in range(1, 201):
        more = "soft_bounce = yes\n" if number in {7, 77} else "maximal_queue_lifetime = 1d\n" if number == 9 else ""
        contents[f"etc/postfix-{number}/main.cf"] = clone(number, more).encode()
        contents[f"etc/postfix-{number}/master.cf"] = MASTER.encode()

    report = audit_bundle(Bundle.of(contents), secret_key=KEY)

    groups = {}
    for instance in report.instances:
        groups.setdefault(instance.likeness, []).append(instance.name)
    assert sorted(len(names) for names in groups.values()) == [1, 2, 197]
    assert ["postfix-7", "postfix-77"] in [sorted(names) for names in groups.values()]


def test_the_order_of_lines_does_not_make_another_configuration():
    lines = ["myhostname = a.example\n", "soft_bounce = yes\n"]

    assert instance_of("".join(lines)).likeness == instance_of("".join(reversed(lines))).likeness
    assert instance_of("".join(lines)).likeness != instance_of(lines[0]).likeness


@pytest.mark.parametrize("name", ["single_ip", "multi_ip", "multi_instance"])
def test_every_fact_points_at_a_line_of_the_bundle_and_goes_through_json(name):
    bundle = read_folder(SAMPLES / name)

    for instance in audit_bundle(bundle, secret_key=KEY).instances:
        facts = (*instance.addresses, *instance.pools, *instance.doors, *instance.filters, *instance.domains)
        for fact in (*facts, *instance.tenants, *instance.signing_keys, *instance.stream_proposals):
            assert 1 <= fact.line <= len(bundle.files[fact.file].text.splitlines())
            assert json.loads(json.dumps(fact.as_json())) == fact.as_json()


def test_prints_of_postconf_stand_for_the_files_they_were_made_from():
    contents = {
        "mx1/postconf-M.txt": b"smtp inet n - n - - smtpd\nown unix - - n - - smtp -o smtp_bind_address=192.0.2.8\n",
        "mx1/postconf-P.txt": b"own/unix/smtp_bind_address = 192.0.2.8\n",
        "mx1/postconf-n.txt": b"myhostname = a.example\n",
        "mx1/postconf-nx.txt": b"myhostname = expanded.example\n",
    }

    (instance,) = audit_bundle(Bundle.of(contents), secret_key=KEY).instances

    assert instance.parameters["myhostname"].file == "mx1/postconf-n.txt"
    assert [(each.address, each.helo_names) for each in instance.addresses] == [("192.0.2.8", ("a.example",))]
