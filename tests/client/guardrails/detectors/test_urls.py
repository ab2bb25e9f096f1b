"""Links: where they are in running text, and whether they lead outside."""

import pytest

from placet.guardrails.errors import CannotCheck
from placet.guardrails.urls import find, is_domain


def outside(text, *domains, **check):
    spans = find(text, {"domains": list(domains or ["good.com"]), **check})
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    "text",
    [
        "https://good.com",
        "see (https://good.com/a_(b)).",
        "HTTPS://GOOD.COM:443/x?y=https://evil.net#z",
        "[text](https://good.com/a) `https://good.com`",
        "https://good.com. https://good.com, https://good.com!",
        "//good.com/x www.good.com.",
        "https://\uff47ood.com/",
        "no link: and/or, 12:30, std::vector, C:\\dir, README.md, jane@evil.com, e.g.",
        "Data: what we have. http: is a scheme. 1/2 // a comment",
    ],
)
def test_what_is_allowed_or_no_link(text):
    assert outside(text, "good.com", "www.good.com") == []


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.net/good.com",
        "https://good.com.evil.net",
        "https://evil-good.com",
        "https://sub.good.com",
        "http://good.com",
        "ftp://good.com",
        "https://good.com:8443/",
        "https://good.com@evil.net/",
        "https://good.com:x@good.com/",
        "https://evil.net\\@good.com",
        "https://evil.net\\.good.com/",
        "https:\\\\evil.net",
        "https:/evil.net",
        "https:evil.net",
        "https:///evil.net",
        "//evil.net/x",
        "\\\\evil.net\\x",
        "/\\evil.net/x",
        "www.evil.net",
        "evil.com",
        "evil.ru/login",
        "10.0.0.1:8080/x",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://good%2ecom/",
        "https://good\u2013com/",
        "https://good.com\u3002evil.net/",
        "https://good.com\u202e.evil.net/",
        "https://goo\u0501.com/",
        "https://good..com/",
        "https://",
        "javascript:alert(1)",
        "JavaScript: alert(1)",
        "data:text/html;base64,PGI+",
        "mailto:jane@good.com",
        "file:///etc/passwd",
        "intent:x",
    ],
)
def test_what_leads_outside_or_nowhere_that_is_clear(link):
    assert outside(f"see {link} now") == [link]


def test_what_is_shown_for_a_link_does_not_matter():
    assert outside("[https://good.com](https://evil.net)") == ["https://evil.net"]


def test_two_links_with_a_comma_between_are_two():
    assert outside("https://good.com,https://evil.net") == ["https://evil.net"]


def test_subdomains_are_allowed_only_if_the_rule_says_so():
    links = "https://a.b.good.com https://good.com https://evilgood.com"

    assert outside(links, allow_subdomains=True) == ["https://evilgood.com"]
    assert len(outside(links)) == 2


def test_an_address_has_no_subdomains():
    assert outside("https://1.127.0.0.1", "127.0.0.1", allow_subdomains=True) != []
    assert outside("https://127.0.0.1/ https://[0:0::1]/", "127.0.0.1", "::1") == []


@pytest.mark.parametrize("written", ["münchen.de", "MÜNCHEN.DE", "xn--mnchen-3ya.de"])
def test_a_name_is_the_same_in_unicode_and_in_punycode(written):
    assert outside(f"https://{written}/", "münchen.de") == []
    assert outside(f"https://{written}/", "xn--mnchen-3ya.de") == []


def test_a_sharp_s_is_not_two():
    assert outside("https://straße.de", "strasse.de") == ["https://straße.de"]


def test_a_port_is_part_of_a_domain():
    assert outside("https://good.com:8443/x", "good.com:8443") == []
    assert outside("https://good.com/x", "good.com:8443") == ["https://good.com/x"]


def test_other_schemes_are_allowed_only_if_the_rule_says_so():
    links = "http://good.com mailto:jane@good.com ftp://good.com"

    assert outside(links, schemes=["http", "mailto"]) == ["ftp://good.com"]


def test_without_domains_every_link_is_outside():
    assert find("https://good.com", {"domains": []}) == ((0, 16),)


@pytest.mark.parametrize("written", ["good.com", "good.com:8443", "::1", "127.0.0.1"])
def test_what_can_be_a_domain(written):
    assert is_domain(written)


@pytest.mark.parametrize(
    "written", ["https://good.com", "good.com/x", "a b", "", "*.good.com", "a@good.com"]
)
def test_what_cannot_be_a_domain(written):
    assert not is_domain(written)
    with pytest.raises(CannotCheck):
        find("text", {"domains": [written]})
