"""The smallest configuration, and what is said of one that is refused."""

import pytest

from delivery.proxy.configuration import ConfigurationError, read_configuration

SMALLEST = """
listen = "127.0.0.1:2525"
journal = "DIR"

[backends.old]
address = "127.0.0.1:2601"

[backends.new]
address = "127.0.0.1:2602"

[split]
new = 25

[control]
listen = "127.0.0.1:2526"
token = "..."
"""


def mistakes_of(path):
    with pytest.raises(ConfigurationError) as raised:
        read_configuration(path)
    assert all(sentence.startswith(f"{path}: ") for sentence in raised.value.sentences)
    return [sentence.removeprefix(f"{path}: ") for sentence in raised.value.sentences]
