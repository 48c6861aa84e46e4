import pytest

from delivery.preflight.logging_checks import logs_message_id
from delivery.preflight.outcomes import State
from discovery.postfix import read_path
from discovery.translation.translating import EMITTERS, translate_to
from tests.discovery.translation.conftest import SAMPLES

LOGS = "kumo.configure_local_logs { log_dir = 'x', headers = { 'Subject', 'Message-ID' } }"
ACCT = "<acct-file /x>\n  records d,b\n  record-fields d,b *,header_Message-Id  # why\n</acct-file>\n"


def test_what_is_generated_logs_the_message_id():
    made = translate_to(read_path(SAMPLES / "multi_ip"), EMITTERS, secret_key=b"a key of tests")

    assert logs_message_id("kumomta", made["kumomta"].files["init.lua"])[0] is State.PASSED
    assert logs_message_id("powermta", made["powermta"].files["config"])[0] is State.PASSED


@pytest.mark.parametrize(
    ("target", "text", "state"),
    [
        ("kumomta", LOGS, State.PASSED),
        ("kumomta", LOGS.replace("Message-ID", "To"), State.PROBLEM),
        ("kumomta", f"-- {LOGS}", State.PROBLEM),
        ("kumomta", LOGS.replace("headers", "meta"), State.PROBLEM),
        ("kumomta", "local a = 'Message-ID'", State.PROBLEM),
        ("powermta", ACCT, State.PASSED),
        ("powermta", ACCT.replace("d,b *", "d *"), State.PROBLEM),
        ("powermta", ACCT.replace("records d,b", "records d"), State.PROBLEM),
        ("powermta", ACCT.replace("header_Message-Id", "header_Message-Identity"), State.PROBLEM),
        ("powermta", ACCT.replace("  record-fields", "# record-fields"), State.PROBLEM),
    ],
)
def test_only_what_is_told_to_be_logged_is_logged(target, text, state):
    assert logs_message_id(target, text)[0] is state
