"""What a template leaves open is judged by no rule: only that it is a template is said."""

import pytest

from discovery.postfix import audit_bundle
from discovery.postfix.bundle import Bundle
from discovery.postfix.parameters import catalogue
from discovery.postfix.rule_packs import load_rules
from discovery.postfix.unrendered import is_unrendered

RULES = {rule.id: rule for rule in load_rules()}
MASTER = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\n  -o smtp_tls_security_level={value}\n"
FORMS = {
    "jinja": "{{{{ {name} }}}}",
    "jinja with a value": "{{% if {name} %}}none{{% else %}}yes{{% endif %}}",
    "erb": "<%= @{name} %>",
    "shell": "${{{upper}_OF_HOST}}",
    "marks": "@{upper}@",
}
OPEN_VALUE = ("value", "not_value")


def findings(main, master=MASTER, **tables):
    files = {"etc/postfix/main.cf": main, "etc/postfix/master.cf": master.format(value="may")}
    files |= {f"etc/postfix/{name}": text for name, text in tables.items()}
    report = audit_bundle(
        Bundle.of({path: text.encode() for path, text in files.items()}), secret_key=b"of these tests"
    )
    return {finding.rule: finding for finding in report.findings}


def settings_in(form):
    names = [name for name in catalogue() if not name[0].isdigit()]
    return "".join(f"{name} = {form.format(name=name, upper=name.upper())}\n" for name in names)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_where_every_value_is_a_template_no_rule_judges_one(form):
    spoken = findings(settings_in(form))

    judging = [
        name
        for name in spoken
        if RULES[name].match["kind"] in {"milter", "map", "missing", "several", "entry", "class", "unset"}
        or (RULES[name].match["kind"] == "setting" and any(key in RULES[name].match for key in OPEN_VALUE))
    ]
    assert "template-line" in spoken
    assert judging == []


@pytest.mark.parametrize("value", ["{{ tls_level }}", "{% if tls %}encrypt{% else %}none{% endif %}", "<%= @tls %>"])
def test_a_condition_on_an_open_value_keeps_the_rule_silent(value):
    logins = "smtpd_sasl_auth_enable = yes\n"

    told = findings(logins)
    open_told = findings(f"{logins}smtpd_tls_security_level = {value}\n")

    assert set(told) - set(open_told) >= {"cleartext-auth"}
    assert "template-line" in open_told


def test_a_value_in_the_words_of_postfix_is_still_judged():
    main = (
        "OWN_NET = 192.0.2.0/24\nmynetworks = ${OWN_NET}\nrelayhost = ${{a} == {b} ? {[x.example]} : {[y.example]}}\n"
    )

    told = findings(f"{main}notify_classes = bounce\nerror_notice_recipient = one@x.example\n")

    assert "template-line" not in told
    assert "postmaster-notices" in told


@pytest.mark.parametrize(
    ("text", "is_open"),
    [("{{ a }}", True), ("${A_NAME}", True), ("$A_NAME", True), ("${OWN}", False), ("pcre:{{/a/ b}}", False)],
)
def test_what_is_a_template_follows_from_the_names_that_are_set(text, is_open):
    assert is_unrendered(text, {"OWN"}) == is_open
