"""Which proofs of a session an act is recorded with."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.middleware import counting, proof_of

NOW = datetime(2026, 5, 14, 0, 29, tzinfo=UTC)


def given(method, minutes_ago, **more):
    return {"method": method, "at": (NOW - timedelta(minutes=minutes_ago)).timestamp(), **more}


def second(minutes_ago, **more):
    return given("mfa", minutes_ago, type="totp", **more)


@pytest.mark.parametrize(
    ("records", "counts"),
    [
        ([], []),
        ([given("password", 17), given("code", 1, reauthenticated=True)], ["code"]),
        ([given("password", 5), given("code", 1, reauthenticated=True)], ["code"]),
        ([given("password", 5), second(4)], ["password", "totp"]),
        ([given("password", 120), second(119)], ["password", "totp"]),
        ([given("password", 16), second(4)], ["totp"]),
        ([given("password", 17), second(16), second(1, reauthenticated=True)], ["totp"]),
        ([given("code", 5), given("password", 4), second(3)], ["password", "totp"]),
        ([given("password", 5), second(1, passwordless=True)], ["totp"]),
        ([given("password", 9, reauthenticated=True), second(1)], ["totp"]),
    ],
)
def test_the_newest_proof_counts_with_the_first_factor_of_the_same_sign_in_alone(records, counts):
    assert [proof_of(record) for record in counting(records, NOW)] == counts
