"""No secret survives masking, and no line moves."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.postfix import Bundle, audit_bundle, mask_bundle, mask_file, read_folder
from tests.discovery.postfix.golden import SAMPLES
from tests.discovery.postfix.secret_forms import FORMS, TABLE_FORMS

KEY = b"key of this portal"
FEW = settings(max_examples=30, deadline=None)
SECRETS = st.text("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!%^*_+", min_size=8, max_size=40).map(
    lambda text: f"Zq7{text}"
)
LINES = st.text(st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"]), max_size=30)


def survives(secret, content):
    return secret in content.decode("utf-8", "replace")


@pytest.mark.parametrize(("path", "form"), FORMS)
@FEW
@given(secret=SECRETS, before=st.lists(LINES, max_size=3), after=st.lists(LINES, max_size=3))
def test_a_secret_does_not_survive_in_any_of_its_forms(path, form, secret, before, after):
    text = "\n".join([*before, "", form.format(secret), f"# again {secret}", *after])

    masked = mask_file(path, text.encode(), key=KEY)

    assert not survives(secret, masked.content)
    assert masked.content.decode().count("\n") == text.count("\n")


@FEW
@given(secret=SECRETS)
def test_a_password_hash_does_not_survive(secret):
    masked = mask_file("shadow", f"mail:$6$saltsalt${secret}:19000:0:99999:7:::\n".encode(), key=KEY)

    assert not survives(secret, masked.content)
    assert masked.secrets[0].kind == "password hash"


@pytest.mark.parametrize("form", TABLE_FORMS)
@FEW
@given(secret=SECRETS)
def test_a_password_table_keeps_no_password(form, secret):
    masked = mask_file("table", form.format(secret).encode(), key=KEY, is_password_map=True)

    assert not survives(secret, masked.content)
    assert len(masked.secrets) == 1


@FEW
@given(body=st.lists(st.text("ABCDEFabcdef0123456789+/=", min_size=10, max_size=64), min_size=1, max_size=5))
def test_a_private_key_is_masked_line_by_line_and_counted_once(body):
    block = "\n".join(["-----BEGIN RSA PRIVATE KEY-----", *body, "-----END RSA PRIVATE KEY-----"])
    text = f"first\n{block}\nlast\n"

    masked = mask_file("s1.private", text.encode(), key=KEY)

    assert not any(survives(line, masked.content) for line in body)
    assert masked.content.decode().count("\n") == text.count("\n")
    assert [(secret.kind, secret.line) for secret in masked.secrets] == [("private key", 3)]


@pytest.mark.parametrize(
    "line",
    [
        "smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd",
        "smtp_sasl_password_maps = $config_directory/x",
        "smtpd_tls_key_file = /etc/ssl/private/mail.key",
        "smtp_sasl_password_maps = $default_database_type:$config_directory/x, regexp:/etc/postfix/y",
        "smtp_sasl_password_maps = unionmap:{hash:/etc/postfix/x,{proxy:pcre:/etc/postfix/y, z}}",
        "transport_maps = static:slow:[relay.example]:25, static:smtp:relay.example",
        "transport_maps = randmap:{slow:,fast:}, unionmap:{static:x,static:y}",
        "header_checks = regexp:/etc/postfix/header_checks",
        "smtp_sasl_security_options = noanonymous",
        "relayhost = [relay.example]:587",
        "# Basic configuration of this host",
    ],
)
def test_ordinary_settings_are_left_alone(line):
    assert mask_file("main.cf", line.encode(), key=KEY).content == line.encode()


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("aliases", "tickets: |/opt/mail/take --url http://x.example/ --port 25000 --key /etc/keys/a.pem -p 587"),
        ("job.sh", "mkdir -p /var/spool/mail/out && cp -p a b && ps -p 1234 && read -p 'name: ' name"),
        ("job.sh", "curl -k https://x.example/ ; gpg --recv-key 0xABCDEF12 ; ping -w 10 x.example"),
        ("job.sh", 'mysql --password="$DB_PASSWORD" -p"$DB_PASSWORD" mail'),
        ("job.sh", "PASSWORD=${DB_PASSWORD} TOKEN=$(cat /run/token) run"),
        ("master.cf", "  -o smtp_sasl_password_maps=hash:/etc/postfix/x -o smtpd_milters=inet:localhost:8891"),
    ],
)
def test_ordinary_command_lines_are_left_alone(path, line):
    assert mask_file(path, line.encode(), key=KEY).content == line.encode()


@pytest.mark.parametrize("word", ["password", "postfix", "hidden", "transport", "smtp_sasl_password_maps"])
def test_a_password_that_is_a_word_of_postfix_leaves_the_rest_readable(word):
    text = f"password = {word}\n/etc/postfix/transport hidden smtp_sasl_password_maps\n"

    masked = mask_file("mysql.cf", text.encode(), key=KEY)

    assert masked.content.decode().split("\n")[1] == text.split("\n")[1]
    assert [(secret.line, secret.kind) for secret in masked.secrets] == [(1, "password")]


def test_many_secrets_are_looked_for_in_one_walk():
    logins = "".join(f"relay{number}.example user{number}:Zq7-{number:04d}-word\n" for number in range(500))
    comment = "the second is Zq7-0001-word, the last Zq7-0499-word and not Zq7-0499-other\n"

    masked, secrets = mask_bundle(
        Bundle.of({"etc/postfix/sasl_passwd": logins.encode(), "notes": comment.encode()}), key=KEY
    )

    text = masked.files["notes"].text
    assert "Zq7-0499-other" in text
    assert text.count("[hidden/password/") == 2
    assert "Zq7-0001" not in text
    assert len(secrets) == 502


def test_the_same_secret_has_the_same_fingerprint_for_one_key_only():
    one, other = (mask_file(path, b"password = not-a-real-one", key=KEY) for path in ("a.cf", "b.cf"))
    foreign = mask_file("a.cf", b"password = not-a-real-one", key=b"another key")

    assert one.secrets[0].fingerprint == other.secrets[0].fingerprint
    assert one.secrets[0].fingerprint != foreign.secrets[0].fingerprint


def test_a_password_table_is_found_through_the_configuration():
    bundle = Bundle.of(
        {
            "etc/postfix/main.cf": b"smtp_sasl_password_maps = hash:/etc/postfix/logins\n",
            "etc/postfix/logins": b"relay.example account:not-a-real-password\n",
            "notes.txt": b"the login is not-a-real-password, do not tell\n",
        }
    )

    masked, secrets = mask_bundle(bundle, key=KEY)

    assert not any(survives("not-a-real-password", file.content) for file in masked.files.values())
    assert [(secret.path, secret.line) for secret in secrets] == [("etc/postfix/logins", 1), ("notes.txt", 1)]


def test_a_login_is_found_through_a_parameter_of_another_file():
    bundle = Bundle.of(
        {
            "etc/postfix/main.cf": b"myhostname = a.example\nours = user:Zq7geheim99x\n",
            "etc/postfix/master.cf": b"relay unix - - n - - smtp\n  -o smtp_sasl_password_maps=static:$ours\n",
        }
    )

    masked, secrets = mask_bundle(bundle, key=KEY)

    assert masked.files["etc/postfix/main.cf"].text.startswith("myhostname = a.example\nours = user:[hidden/password/")
    assert masked.files["etc/postfix/master.cf"].text.endswith("=static:$ours\n")
    assert [(secret.path, secret.line) for secret in secrets] == [("etc/postfix/main.cf", 2)]


def test_the_key_of_a_login_stays_readable():
    text = "smtp_sasl_password_maps = inline:{ { [relay.example]:587 = user:Zq7geheim99x }, b:25=c:Zq7geheim98x }\n"

    masked = mask_file("main.cf", text.encode(), key=KEY).content.decode()

    assert "{ [relay.example]:587 = user:[hidden/" in masked
    assert ", b:25=c:[hidden/" in masked
    assert masked.endswith("] }\n")
    assert "geheim" not in masked


def test_masking_twice_changes_nothing():
    once, secrets = mask_bundle(read_folder(SAMPLES / "multi_ip"), key=KEY)
    twice, again = mask_bundle(once, key=KEY)

    assert twice.sha256 == once.sha256
    assert again == secrets


@pytest.mark.parametrize("estate", ["single_ip", "multi_ip", "multi_instance"])
def test_no_placeholder_of_the_samples_survives_an_audit(estate):
    report = audit_bundle(read_folder(SAMPLES / estate), secret_key=KEY)

    assert "not-a-real" not in str(report.as_json())
    assert "bm90LWEtcmVhbC1rZXk" not in str(report)


@pytest.mark.parametrize(
    "piece",
    [
        "a-",
        "password ",
        "mysql ",
        "a:b ",
        "$6$",
        "password = a" + " " * 50,
        "${a?",
        "unionmap:{",
        "{",
        "a_sasl_password_maps=",
        " -o x",
    ],
)
def test_a_hostile_file_does_not_keep_the_reader_busy(piece):
    started = time.process_time()

    text = "smtp_sasl_password_maps = " + piece * (100_000 // len(piece))
    mask_file("x", text.encode(), key=KEY, is_password_map=True)

    assert time.process_time() - started < 3


@FEW
@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_whatever_make_masking_fail_or_move_a_line(content, is_password_map):
    masked = mask_file("any", content, key=KEY, is_password_map=is_password_map)

    assert masked.content.count(b"\n") == content.count(b"\n")
