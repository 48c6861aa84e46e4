"""Checks of lists and rows of tables as constructs: each once, at its own line, with how many rows it stands for."""

from tests.discovery.translation.charts import MASTER, chart


def test_each_check_of_a_list_is_a_construct_at_its_own_line():
    main = (
        "smtpd_recipient_restrictions =\n permit_mynetworks,\n"
        " reject_rbl_client zen.example.org,\n check_recipient_access hash:/etc/postfix/r,\n hash:/etc/postfix/q\n"
    )
    found = chart(main).of("restriction")

    assert [(each.construct.name, each.construct.value, each.construct.line) for each in found] == [
        ("permit_mynetworks", "", 2),
        ("reject_rbl_client", "zen.example.org", 3),
        ("check_recipient_access", "hash:/etc/postfix/r", 4),
        ("check_recipient_access", "hash:/etc/postfix/q", 5),
    ]


def test_a_class_of_restrictions_holds_checks_and_is_asked_for_by_name():
    main = "smtpd_restriction_classes = ours\nours = reject\nsmtpd_sender_restrictions = ours\n"
    seen = chart(main)

    assert [each.construct.subject for each in seen.of("restriction class", "ours")] == [
        "",
        "smtpd_sender_restrictions",
    ]
    assert seen.one("restriction", "reject").construct.subject == "ours"


def test_a_table_counts_once_for_each_kind_of_action_with_its_rows():
    main = "smtpd_sender_restrictions = check_sender_access hash:/etc/postfix/s\n"
    rows = "a.example REJECT no\nb.example 550 no\nc.example OK\nd.example 421 later\ne.example permit_mynetworks\n"
    seen = chart(main, etc__postfix__s=rows)
    lines = {each.construct.name: (each.construct.line, each.construct.lines) for each in seen.of("access action")}

    assert lines == {"REJECT": (1, 2), "OK": (3, 1), "DISCONNECT": (4, 1), "RESTRICTION": (5, 1)}
    assert seen.one("map type", "hash").construct.lines == 1


def test_a_table_of_plain_values_counts_with_its_rows():
    seen = chart(
        "virtual_alias_maps = hash:/etc/postfix/v\n", etc__postfix__v="a@b.example c@d.example\ne@b.example f\n"
    )

    assert seen.one("map type", "hash").construct.lines == 2


def test_header_checks_are_counted_by_action_and_condition():
    rows = "if /^Received/\n/^Received: from \\[10/ IGNORE\nendif\n/^X-A/ PREPEND X-B: 1\n"
    seen = chart("header_checks = pcre:/etc/postfix/h\n", etc__postfix__h=rows)

    assert {each.construct.name: each.construct.line for each in seen.of("check action")} == {
        "IGNORE": 2,
        "PREPEND": 4,
        "IF": 1,
    }


def test_where_a_transport_table_leads_is_told_by_the_service():
    rows = (
        "a.example relay:[mx.example]\nb.example :[mx.example]\nc.example slow:\nd.example error:no\ne.example gone:\n"
    )
    master = MASTER + "relay unix - - n - - smtp\nslow unix - - n - - smtp\n"
    found = chart("transport_maps = hash:/etc/postfix/t\n", master, etc__postfix__t=rows).of("transport result")

    assert {each.construct.name: each.construct.lines for each in found} == {
        "smtp": 2,
        "own": 1,
        "error": 1,
        "missing": 1,
    }


def test_a_table_whose_rows_are_not_in_the_upload_is_said_to_be_unread():
    main = "transport_maps = mysql:/etc/postfix/t.cf\nheader_checks = pcre:/etc/postfix/h\n"
    seen = chart(main + "alias_maps = hash:/etc/aliases\n")

    assert [each.construct.kind for each in seen.classified if each.construct.name == "unread"] == [
        "transport result",
        "check action",
        "alias target",
    ]
    assert seen.one("check action", "unread").treatments["kumomta"].confidence == "guess"


def test_a_table_in_the_value_itself_is_not_unread():
    assert chart("transport_maps = inline:{a.example=smtp:}, static:smtp:\n").of("transport result") == []


def test_targets_of_aliases_are_told_apart():
    rows = 'root: ops@example.com\nlist: "|/usr/bin/list in", :include:/etc/list\nall: /var/mail/all\n'
    found = chart("alias_maps = hash:/etc/aliases\n", etc__aliases=rows).of("alias target")

    assert {each.construct.name for each in found} == {"address", "program", "include", "file"}
