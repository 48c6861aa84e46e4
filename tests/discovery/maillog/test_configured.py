"""What master.cf and main.cf say about the names in a log."""

from discovery.maillog.configured import configured, put_together


def test_names_come_from_overrides_from_main_cf_and_from_the_default():
    plain = configured(
        {}, [("smtp", "inet", "smtpd", {}), ("bulk", "unix", "smtp -v", {"syslog_name": "postfix/$service_name"})]
    )
    instance = configured({"multi_instance_name": "postfix-out"}, [("smtp", "unix", "/usr/lib/postfix/smtp", {})])

    assert plain.names == {"postfix", "postfix/bulk"}
    assert [(each.label, each.program, each.has_own_name) for each in plain.services] == [
        ("smtp/inet", "smtpd", False),
        ("bulk/unix", "smtp", True),
    ]
    assert instance.names == {"postfix-out"}


def test_listeners_that_begin_with_tls_and_pipes_are_known():
    wrapped = {"syslog_name": "postfix/smtps", "smtpd_tls_wrappermode": "yes"}
    host = configured(
        {}, [("smtps", "inet", "smtpd", wrapped), ("tag", "unix", "pipe", {}), ("smtp", "inet", "smtpd", {})]
    )

    assert host.begins_with_tls == {"postfix/smtps"}
    assert host.pipes == {"tag"}


def test_of_several_instances_the_smallest_limit_counts():
    host = put_together([configured({"default_process_limit": "50"}, []), configured({}, [])])

    assert (host.process_limit, host.destination_limit) == (50, 20)
    assert host.names == {"postfix"}
    assert put_together([]).process_limit is None
