"""Leaks: credentials are found, and what only looks like one is not."""

import json
import random
import string
from base64 import urlsafe_b64encode
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placet.guardrails.secrets import DETECTORS
from registry.api.bearer import Scope, make_token
from registry.leaks import check_digits, is_placeholder, leaks
from tests.client.guardrails.detectors.test_secrets import AROUND

RANDOM = random.Random("no key of anybody")  # noqa: S311 (they open nothing)
B62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
HEX = "0123456789abcdef"
BASE32 = string.ascii_uppercase + "234567"


def some(alphabet, count):
    return "".join(RANDOM.choice(alphabet) for _ in range(count))


def b62(count):
    return some(B62, count)


def checked(count):
    body = b62(count)
    return body + check_digits(body)


def web_token(header, payload):
    parts = (urlsafe_b64encode(json.dumps(one).encode()) for one in (header, payload))
    return ".".join([*(part.decode().rstrip("=") for part in parts), b62(43)])


def key_block(lines=3):
    body = "\n".join(b62(64) for _ in range(lines))
    return f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"


def discord(number):
    return (
        f"{urlsafe_b64encode(number.encode()).decode().rstrip('=')}.{b62(6)}.{b62(27)}"
    )


FAKES = {
    "aws_access_key": "AKIA" + some(BASE32, 16),
    "aws_secret_key": b62(40),
    "azure_storage_key": b62(86) + "==",
    "azure_ai_key": b62(52) + "JQQJ99" + b62(26),
    "azure_client_secret": "a1q8Q~" + b62(34),
    "google_api_key": "AIza" + b62(35),
    "google_oauth": "GOCSPX-" + b62(28),
    "openai_key": "sk-proj-" + b62(60),
    "anthropic_key": "sk-ant-api03-" + b62(93),
    "openrouter_key": "sk-or-v1-" + some(HEX, 64),
    "groq_key": "gsk_" + b62(52),
    "xai_key": "xai-" + b62(80),
    "perplexity_key": "pplx-" + b62(48),
    "replicate_token": "r8_" + b62(37),
    "huggingface_token": "hf_" + b62(34),
    "langsmith_key": f"lsv2_pt_{some(HEX, 32)}_{some(HEX, 10)}",
    "nvidia_key": "nvapi-" + b62(64),
    "cerebras_key": "csk-" + some(HEX, 48),
    "langfuse_key": "sk-lf-" + "-".join(some(HEX, n) for n in (8, 4, 4, 4, 12)),
    "pinecone_key": f"pcsk_{b62(6)}_{b62(63)}",
    "tavily_key": "tvly-dev-" + b62(32),
    "github_token": "ghp_" + checked(30),
    "gitlab_token": "glpat-" + b62(20),
    "npm_token": "npm_" + checked(30),
    "pypi_token": "pypi-AgEIcHlwaS5vcmc" + b62(120),
    "rubygems_key": "rubygems_" + some(HEX, 48),
    "docker_token": "dckr_pat_" + b62(27),
    "slack_token": "xoxb-829104756382-" + b62(24),
    "slack_webhook": f"hooks.slack.com/services/T{b62(8)}/B{b62(8)}/{b62(24)}",
    "discord_token": discord("739201846502938417"),
    "telegram_token": "829104756:AA" + b62(33),
    "stripe_key": "sk_live_" + b62(24),
    "square_token": "sq0atp-" + b62(22),
    "shopify_token": "shpat_" + some(HEX, 32),
    "sendgrid_key": f"SG.{b62(22)}.{b62(43)}",
    "mailgun_key": "key-" + some(HEX, 32),
    "mailchimp_key": some(HEX, 32) + "-us12",
    "twilio_key": "SK" + some(HEX, 32),
    "digitalocean_token": "dop_v1_" + some(HEX, 64),
    "databricks_token": "dapi" + some(HEX, 32),
    "vault_token": "hvs." + b62(24),
    "terraform_token": f"{b62(14)}.atlasv1.{b62(64)}",
    "grafana_token": f"glsa_{b62(32)}_{some(HEX, 8)}",
    "atlassian_token": "ATATT3" + b62(120),
    "notion_token": "ntn_" + b62(46),
    "linear_key": "lin_api_" + b62(40),
    "postman_key": f"PMAK-{some(HEX, 24)}-{some(HEX, 34)}",
    "newrelic_key": "NRAK-" + some(BASE32, 27),
    "sentry_token": "sntryu_" + some(HEX, 64),
    "figma_token": "figd_" + b62(40),
    "doppler_token": "dp.pt." + b62(43),
    "planetscale_token": "pscale_tkn_" + b62(43),
    "supabase_token": "sbp_" + some(HEX, 40),
    "age_key": "AGE-SECRET-KEY-1" + some("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
    "jwt": web_token({"alg": "HS256"}, {"sub": "u-7", "scope": "admin"}),
    "basic_auth_url": "kT9!vq2Lw",
    "connection_string": "kT9!vq2Lw",
    "placet_token": make_token(Scope.SUBMIT),
    "private_key_block": key_block(),
}


def within(detector, secret):
    around = AROUND.get(detector, "{}").replace("db.example.com", "db.internal")
    return f"it is {around.format(secret)}, keep it"


def found(text):
    return [one.detector for one in leaks(text)]


def test_every_detector_has_a_fake_here():
    assert set(FAKES) == set(DETECTORS)


@pytest.mark.parametrize("detector", FAKES)
def test_a_credential_is_found_and_never_repeated(detector):
    secret = FAKES[detector]
    text = within(detector, secret)

    (leak,) = leaks(text)

    assert (leak.detector, text[slice(*leak.span)]) == (detector, secret)
    assert detector in leak.sentence
    assert leak.begins == secret[: len(leak.begins)]
    assert len(leak.begins) <= min(4, len(secret) // 4)
    assert secret not in leak.sentence


def cut(detector, secret):
    """A little less than its maker hands out, or other characters."""
    return {
        "private_key_block": key_block().partition("\n")[0],
        "openai_key": secret[:20],
        "anthropic_key": secret[:30],
        "basic_auth_url": "${PASSWORD}",
        "connection_string": "{password}",
        "slack_token": "xoxb-8291",
        "jwt": secret.rpartition(".")[0],
        "mailchimp_key": secret.removesuffix("-us12"),
        "atlassian_token": secret[:60],
        "pypi_token": secret[:40],
    }.get(detector, secret[: len(secret) * 3 // 5])


@pytest.mark.parametrize("detector", FAKES)
def test_a_near_miss_is_none(detector):
    text = within(detector, cut(detector, FAKES[detector]))

    assert found(text) == []


def wrong(secret):
    last = "0" if secret[-1] != "0" else "1"
    return secret[:-1] + last


@pytest.mark.parametrize("detector", ["github_token", "npm_token", "placet_token"])
def test_a_token_with_a_wrong_checksum_is_none(detector):
    assert found(wrong(FAKES[detector])) == []


def test_the_checksum_is_that_of_github():
    """An example that was published with the format."""
    assert check_digits("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == "0mLq17"


def test_what_is_no_json_is_no_web_token():
    assert found(f"eyJ{b62(20)}.eyJ{b62(30)}.{b62(43)}") == []


def test_what_has_no_number_in_it_is_no_discord_token():
    assert found(f"M{b62(23)}.{b62(6)}.{b62(27)}") == []


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "sk-... sk-proj-... sk-ant-... ghp_... AIza...",
        "sk-proj-" + "x" * 40,
        "ghp_" + "0" * 36,
        "sk_live_" + "ab" * 12,
        "AKIAABCDEFGHIJKLMNOP",
        "key-0123456789abcdef0123456789abcdef",
        "xoxb-your-token-here-please",
        "glpat-REPLACE_ME_WITH_YOUR_TOKEN",
        "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "postgres://user:password@db.internal/x",
        "postgres://admin:secret123@db.internal/x",
        "https://me:kT9vq2Lw@api.example.com/",
        "redis://:kT9vq2Lw@host:6379",
        "Server=db;Uid=sa;Password=yourpassword;",
        "http://acme.internal:port\\n@tls: as YAML and JSON write the end of a line",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIIE...\n-----END PRIVATE KEY-----",
        "Never tell anybody your password, API key (sk-...) or token.",
        web_token({"alg": "HS256"}, {"sub": "1234567890", "name": "John Doe"}),
    ],
)
def test_a_placeholder_opens_nothing(text):
    assert found(text) == []


def test_a_key_within_a_block_of_text_is_found():
    block = "\n".join(f"      {line}" for line in key_block().splitlines())

    assert found(f"text: |\n{block}\n") == ["private_key_block"]
    assert found(key_block().replace("\n", "\\n")) == ["private_key_block"]
    assert found(key_block(1)) == ["private_key_block"]


def test_a_key_whose_end_is_missing_is_found():
    assert found(key_block().partition("-----END")[0]) == ["private_key_block"]


def test_a_character_without_width_hides_no_key():
    key = FAKES["aws_access_key"]

    assert found(f"{key[:6]}\u200b{key[6:]}") == ["aws_access_key"]


def test_what_stands_in_another_one_is_told_once():
    inner = FAKES["github_token"]

    assert found(f"https://me:{inner}@github.com/x") == ["github_token"]


@given(st.text(B62, min_size=24, max_size=64))
def test_a_random_key_is_hardly_ever_a_placeholder(body):
    key = some(B62, len(body))

    assert not is_placeholder(key)


@given(st.text(st.characters() | st.sampled_from("AKIA-_=;:/@.\n"), max_size=200))
def test_leaks_lie_in_the_text_and_apart(text):
    spans = [leak.span for leak in leaks(text)]

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PRIVATE KEY-----\n" + "A: b\n" * 50_000,
        "-----BEGIN PRIVATE KEY-----\n" * 9_000,
        "a=b;" * 60_000 + "password=",
        "eyJ." * 60_000,
        "https://a:b" * 20_000,
        (FAKES["stripe_key"] + " ") * 7_000,
    ],
)
def test_a_hostile_text_is_read_in_one_go(text):
    assert len(leaks(text)) <= 7_000
