"""Only addresses that nobody else can reach go without keys or a token."""

from __future__ import annotations

import pytest

from runtime.addresses import is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]"])
def test_loopback_is_reached_from_this_machine_only(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.2", "::ffff:192.0.2.1", "example.org", "*", "", "localhost.evil"]
)
def test_every_other_address_counts_as_open(host: str) -> None:
    assert not is_loopback(host)
