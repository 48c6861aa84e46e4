import pytest

from accounts.middleware import client_address


@pytest.fixture
def behind_a_proxy(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("garbage, 198.51.100.7", "198.51.100.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("198.51.100.7:4431", "192.0.2.1"),
        ("[2001:db8::7]:4431", "192.0.2.1"),
        ("unknown", "192.0.2.1"),
        ("198.51.100.7,", "192.0.2.1"),
    ],
)
def test_what_the_proxy_names_is_taken_when_it_is_an_address_and_the_peer_otherwise(rf, forwarded, address):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == address


def test_without_a_proxy_nobody_names_their_own_address(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.7")

    assert client_address(request) == "192.0.2.1"


def test_a_peer_on_a_socket_file_has_no_address(rf):
    assert client_address(rf.get("/", REMOTE_ADDR="")) is None
