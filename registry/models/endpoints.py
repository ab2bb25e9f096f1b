"""Endpoints: where models are asked, and with which keys; listed by the operator.

    openai:
      url: https://api.openai.com/v1
      key_from: OPENAI_API_KEY
    retail-aoai-weu:
      url: https://retail.openai.azure.com/openai/v1
      key: "..."
      header: api-key

* The name is what a binding says as `endpoint_ref`; of a binding that says none, its
  platform.  So authors choose among what is listed, and never an address.
* An address has TLS, unless it is one of this very machine (`http://127.0.0.1:11434/v1`),
  which then is written as a number.
* A key is in the file, or in the variable of the environment that `key_from` names; an
  endpoint of this machine may have none.  It is sent to its own address and nowhere
  else, and is part of no message.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from registry.chat_completions import PATH
from registry.errors import Invalid
from registry.outbox.addresses import Allowed, WebAddress, parse_address
from registry.values import Json
from registry.yaml_text import parse

AUTHORIZATION = "authorization"
HEADERS = (AUTHORIZATION, "api-key")
MEMBERS = {"url", "key", "key_from", "header"}
_FORM = "docs/bindings.md has the form of the file."


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Attributes:
    address: Of chat completions.
    key: `None` where none is needed.
    header: In which the key is sent.
    """

    name: str
    address: WebAddress
    allowed: Allowed
    key: str | None = field(repr=False)
    header: str

    @property
    def headers(self) -> dict[str, str]:
        if self.key is None:
            return {}
        bearer = self.header == AUTHORIZATION
        return {self.header: f"Bearer {self.key}" if bearer else self.key}


Endpoints = Mapping[str, Endpoint]


def parse_endpoints(source: bytes, environ: Mapping[str, str]) -> dict[str, Endpoint]:
    """Args:
        environ: Where `key_from` looks.

    Raises:
        Invalid: It is no such file; what it says of keys is not repeated.
    """
    reading = parse(source)
    if reading.findings or not isinstance(reading.value, dict):
        line = reading.findings[0].line if reading.findings else 1
        raise Invalid(f"the file of keys cannot be read, line {line}", hint=_FORM)
    return {
        name: _endpoint(name, told, environ) for name, told in reading.value.items()
    }


def has_keys(source: bytes) -> bool:
    """Whether a key stands in the file itself."""
    value = parse(source).value
    each = value.values() if isinstance(value, dict) else ()
    return any(isinstance(one, dict) and "key" in one for one in each)


def _endpoint(name: str, told: Json, environ: Mapping[str, str]) -> Endpoint:
    if not isinstance(told, dict) or not {*told} <= MEMBERS or "url" not in told:
        members = ", ".join(sorted(MEMBERS))
        raise _wrong(name, f"has something else than {members}, or no url")
    address, allowed = _address(name, str(told["url"]))
    header = str(told.get("header", AUTHORIZATION))
    if header not in HEADERS:
        raise _wrong(name, f"has a header that is none of {', '.join(HEADERS)}")
    key = _key(name, told, environ)
    if key is None and address.scheme == "https":
        raise _wrong(name, "has neither key nor key_from")
    return Endpoint(name=name, address=address, allowed=allowed, key=key, header=header)


def _address(name: str, url: str) -> tuple[WebAddress, Allowed]:
    """The address, and what has to be allowed so that it alone can be called."""
    origin = "/".join(url.split("/")[:3])
    plain = (origin,) if url.startswith("http://") else ()
    try:
        given = parse_address(url, Allowed(networks=_ALL, hosts=(), plain=plain))
    except Invalid:
        raise _wrong(name, "has a url that is no address of an endpoint") from None
    if "?" in given.target:
        raise _wrong(name, "has a url with a query")
    if plain and not _is_here(given.host):
        raise _wrong(name, "has a url without TLS that is not 127.0.0.1 or [::1]")
    address = replace(given, target=given.target.rstrip("/") + PATH)
    return address, Allowed(
        networks=(),
        hosts=(f"{given.host}:{given.port}",),
        plain=(given.origin,) if plain else (),
    )


_ALL = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _key(name: str, told: Mapping[str, Json], environ: Mapping[str, str]) -> str | None:
    if "key" in told and "key_from" in told:
        raise _wrong(name, "has both key and key_from")
    if "key" in told:
        key = told["key"]
    elif "key_from" in told:
        variable = str(told["key_from"])
        key = environ.get(variable, "").strip()
        if not key:
            raise _wrong(name, f"takes its key from {variable[:80]}, which is not set")
    else:
        return None
    is_text = isinstance(key, str) and key.isascii() and key.isprintable()
    if not isinstance(key, str) or not is_text or not key or " " in key:
        raise _wrong(name, "has a key with characters that no key has")
    return key


def _wrong(name: str, what: str) -> Invalid:
    return Invalid(f"the endpoint {name[:80]!r} {what}", hint=_FORM)
