"""Where notices may go: every way that is known to say a place inside."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Invalid, NotAllowed
from registry.outbox.addresses import (
    NOTHING_MORE,
    check_ip,
    parse_address,
    parse_allowed,
)

NO_ADDRESS = [
    "",
    "hooks.example.com",
    "//hooks.example.com/",
    "ftp://hooks.example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/x",
    "https://",
    "https:///path",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.0.0.01/",
    "https://127.0.0.1.2/",
    "https://0/",
    "https://[::1",
    "https://::1/",
    "https://[127.0.0.1]/",
    "https://[::1%25lo]/",
    "https://[fe80::1%eth0]/",
    "https://user@hooks.example.com/",
    "https://user:secret@hooks.example.com/",
    "https://hooks.example.com@127.0.0.1/",
    "https://hooks.example.com:443@127.0.0.1/",
    "https://hooks.example.com\\@127.0.0.1/",
    "https://hooks.example.com./",
    "https://hooks.example.com.:443/",
    "https://.example.com/",
    "https://hooks..example.com/",
    "https://-hooks.example.com/",
    "https://hooks_.example.com/",
    "https://hooks.example.com:0/",
    "https://hooks.example.com:65536/",
    "https://hooks.example.com:99999999999/",
    "https://hooks.example.com:/",
    "https://hooks.example.com:80:80/",
    "https://hooks.example.com:https/",
    "https://hooks.example.com/#fragment",
    "https://hooks.example.com/ with spaces",
    "https://hooks.example.com/\r\nHost: inside",
    "https://hooks.example.com\r\n/",
    "https://hooks.example.com/\x00",
    "https://hooks.example.com/\n",
    " https://hooks.example.com/",
    "https:/\t/hooks.example.com/",
    "https://hooks\u3002example.com/",
    "https://\u2460\u2461\u2466.0.0.1/",
    "https://h\u00f6\u00f6ks.example.com/",
    "https://%31%32%37.0.0.1/",
    "https://hooks.example.com/" + "a" * 2_000,
]

INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "169.254.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]

OUTSIDE = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450::1"]


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_readers_of_addresses_differ_about_is_none(text: str):
    with pytest.raises(Invalid):
        parse_address(text, NOTHING_MORE)


@pytest.mark.parametrize("ip", INSIDE)
def test_a_place_inside_is_refused_as_an_address(ip: str):
    host = f"[{ip}]" if ":" in ip else ip

    with pytest.raises(NotAllowed):
        parse_address(f"https://{host}/hook", NOTHING_MORE)


@pytest.mark.parametrize("ip", INSIDE)
def test_a_place_inside_is_refused_as_what_a_name_stands_for(ip: str):
    address = parse_address("https://hooks.example.com/", NOTHING_MORE)

    with pytest.raises(NotAllowed, match="not an address that is reachable"):
        check_ip(ipaddress.ip_address(ip), address, NOTHING_MORE)


@pytest.mark.parametrize("ip", OUTSIDE)
def test_a_place_that_is_reachable_from_anywhere_is_called(ip: str):
    host = f"[{ip}]" if ":" in ip else ip

    address = parse_address(f"https://{host}:8443/hook?a=1", NOTHING_MORE)

    assert (address.host, address.port, address.target) == (ip, 8443, "/hook?a=1")


@given(st.ip_addresses())
def test_nothing_is_called_that_is_not_global(ip):
    address = parse_address("https://hooks.example.com/", NOTHING_MORE)
    try:
        check_ip(ip, address, NOTHING_MORE)
    except NotAllowed:
        return

    assert ip.is_global
    assert not ip.is_multicast
    assert getattr(ip, "ipv4_mapped", None) is None
    assert getattr(ip, "sixtofour", None) is None
    assert getattr(ip, "teredo", None) is None


def test_a_name_is_called_as_its_host_and_port_say():
    usual = parse_address("https://Hooks.Example.com", NOTHING_MORE)
    other = parse_address("https://hooks.example.com:8443/?x=1", NOTHING_MORE)

    assert (usual.authority, usual.target) == ("hooks.example.com", "/")
    assert (other.authority, other.target) == ("hooks.example.com:8443", "/?x=1")


def test_without_tls_nothing_is_called():
    with pytest.raises(Invalid, match="is not https"):
        parse_address("http://hooks.example.com/", NOTHING_MORE)


def test_the_operator_allows_one_plain_address_and_no_other_port():
    allowed = parse_allowed(["http://127.0.0.1:9000"])

    assert parse_address("http://127.0.0.1:9000/x", allowed).port == 9000
    with pytest.raises(Invalid):
        parse_address("http://127.0.0.1:9001/x", allowed)
    with pytest.raises(NotAllowed):
        parse_address("https://127.0.0.1:9000/x", allowed)


def test_the_operator_allows_a_network_and_nothing_beside_it():
    allowed = parse_allowed(["10.2.0.0/16", "fd00:2::/32"])

    assert parse_address("https://10.2.3.4/", allowed).host == "10.2.3.4"
    assert parse_address("https://[fd00:2::1]/", allowed).host == "fd00:2::1"
    for other in ("10.3.0.1", "[fd00:3::1]", "[::ffff:10.2.3.4]"):
        with pytest.raises(NotAllowed):
            parse_address(f"https://{other}/", allowed)


def test_the_operator_allows_a_name_and_no_other():
    allowed = parse_allowed(["hooks.internal", "ci.internal:8443"])
    private = ipaddress.ip_address("10.2.3.4")

    check_ip(private, parse_address("https://hooks.internal/", allowed), allowed)
    check_ip(private, parse_address("https://ci.internal:8443/", allowed), allowed)
    for other in ("https://ci.internal/", "https://x.hooks.internal/"):
        with pytest.raises(NotAllowed):
            check_ip(private, parse_address(other, allowed), allowed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "10.2.0.1/16",
        "https://hooks.internal",
        "http://hooks.internal/path",
        "hooks.internal:x",
        "hooks.internal/path",
        "127.1",
    ],
)
def test_what_cannot_be_allowed_is_told_when_the_server_starts(text: str):
    with pytest.raises(Invalid):
        parse_allowed([text])
