"""Secrets: each detector finds what its maker hands out, and nothing beside it."""

import pytest

from placet.guardrails.errors import CannotCheck
from placet.guardrails.secrets import DETECTORS, find
from registry.api.bearer import Scope, make_token

HEX = "0123456789abcdef" * 8
B62 = "aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD" * 4

EXAMPLES = {
    "aws_access_key": "AKIAABCDEFGHIJKLMNOP",
    "aws_secret_key": B62[:40],
    "azure_storage_key": B62[:86] + "==",
    "azure_ai_key": B62[:52] + "JQQJ99" + B62[:26],
    "azure_client_secret": "abc8Q~" + B62[:34],
    "google_api_key": "AIza" + B62[:35],
    "google_oauth": "GOCSPX-" + B62[:28],
    "openai_key": "sk-proj-" + B62[:60],
    "anthropic_key": "sk-ant-api03-" + B62[:93],
    "openrouter_key": "sk-or-v1-" + HEX[:64],
    "groq_key": "gsk_" + B62[:52],
    "xai_key": "xai-" + B62[:80],
    "perplexity_key": "pplx-" + B62[:48],
    "replicate_token": "r8_" + B62[:37],
    "huggingface_token": "hf_" + B62[:34],
    "langsmith_key": f"lsv2_pt_{HEX[:32]}_{HEX[:10]}",
    "nvidia_key": "nvapi-" + B62[:64],
    "cerebras_key": "csk-" + (B62 * 2).lower()[:48],
    "langfuse_key": f"sk-lf-{HEX[:8]}-{HEX[:4]}-{HEX[:4]}-{HEX[:4]}-{HEX[:12]}",
    "pinecone_key": f"pcsk_{B62[:6]}_{B62[:63]}",
    "tavily_key": "tvly-dev-" + B62[:32],
    "github_token": "ghp_" + B62[:36],
    "gitlab_token": "glpat-" + B62[:20],
    "npm_token": "npm_" + B62[:36],
    "pypi_token": "pypi-AgEIcHlwaS5vcmc" + B62[:70],
    "rubygems_key": "rubygems_" + HEX[:48],
    "docker_token": "dckr_pat_" + B62[:27],
    "slack_token": "xoxb-123456789012-" + B62[:24],
    "slack_webhook": "hooks.slack.com/services/T01234567/B01234567/" + B62[:24],
    "discord_token": f"M{B62[:23]}.{B62[:6]}.{B62[:27]}",
    "telegram_token": "123456789:AA" + B62[:33],
    "stripe_key": "sk_live_" + B62[:24],
    "square_token": "sq0atp-" + B62[:22],
    "shopify_token": "shpat_" + HEX[:32],
    "sendgrid_key": f"SG.{B62[:22]}.{B62[:43]}",
    "mailgun_key": "key-" + HEX[:32],
    "mailchimp_key": HEX[:32] + "-us12",
    "twilio_key": "SK" + HEX[:32],
    "digitalocean_token": "dop_v1_" + HEX[:64],
    "databricks_token": "dapi" + HEX[:32],
    "vault_token": "hvs." + B62[:24],
    "terraform_token": f"{B62[:14]}.atlasv1.{B62[:64]}",
    "grafana_token": f"glsa_{B62[:32]}_{HEX[:8]}",
    "atlassian_token": "ATATT3" + B62[:120],
    "notion_token": "ntn_" + B62[:46],
    "linear_key": "lin_api_" + B62[:40],
    "postman_key": f"PMAK-{HEX[:24]}-{HEX[:34]}",
    "newrelic_key": "NRAK-" + B62[:27].upper(),
    "sentry_token": "sntryu_" + HEX[:64],
    "figma_token": "figd_" + B62[:40],
    "doppler_token": "dp.pt." + B62[:43],
    "planetscale_token": "pscale_tkn_" + B62[:43],
    "supabase_token": "sbp_" + HEX[:40],
    "age_key": "AGE-SECRET-KEY-1" + "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" * 2,
    "jwt": f"eyJ{B62[:20]}.eyJ{B62[:30]}.{B62[:43]}",
    "basic_auth_url": "hunter2!",
    "connection_string": "hunter2!",
    "placet_token": make_token(Scope.READ),
    "private_key_block": "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n"
    "-----END RSA PRIVATE KEY-----",
}
EXAMPLES["age_key"] = EXAMPLES["age_key"][: len("AGE-SECRET-KEY-1") + 58]
AROUND = {
    "aws_secret_key": "aws_secret_access_key = '{}'",
    "azure_storage_key": "AccountName=x;AccountKey={};EndpointSuffix=y",
    "connection_string": "Server=db.acme.example;User Id=sa;Password={};Encrypt=yes",
    "basic_auth_url": "postgres://admin:{}@db.example.com/x",
}


def found(text, *detectors):
    spans = find(text, {"detectors": list(detectors)})
    return [text[start:end] for start, end in spans]


def test_every_detector_has_an_example_here():
    assert set(EXAMPLES) == set(DETECTORS)


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_detector_finds_what_its_maker_hands_out(detector):
    secret = EXAMPLES[detector]
    text = "it is {}, keep it".format(AROUND.get(detector, "{}").format(secret))

    assert found(text, detector) == [secret]


@pytest.mark.parametrize("detector", sorted(set(DETECTORS) - {"private_key_block"}))
def test_a_part_of_something_longer_is_no_secret(detector):
    text = f"it is q{EXAMPLES[detector]}q here"

    assert EXAMPLES[detector] not in found(text, detector)


def test_a_detector_finds_nothing_that_it_was_not_asked_for():
    assert found(EXAMPLES["github_token"], "aws_access_key") == []


def test_words_and_digests_are_no_secrets():
    text = f"hello task-project-manager-of-the-world {HEX[:64]} {B62[:64]} sk-learn"

    assert found(text, *DETECTORS) == []


@pytest.mark.parametrize(
    "address",
    ["postgres://user:${PASSWORD}@db/x", "https://user:<password>@db", "http://a:8080"],
)
def test_a_placeholder_is_no_password(address):
    assert found(address, "basic_auth_url") == []


def test_a_key_without_its_end_is_found_by_its_first_line():
    begin = "-----BEGIN PRIVATE KEY-----"
    whole = begin + "\nMIIE\n-----END PRIVATE KEY-----"

    assert found(f"{begin}\nMIIE", "private_key_block") == [begin]
    assert found(f"{begin}\n{whole}\n", "private_key_block") == [begin, whole]


def test_a_character_without_width_hides_no_key():
    hidden = "AKIA\u200bABCDEFGHIJKLMNOP"

    assert found(f"it is {hidden}.", "aws_access_key") == [hidden]


def test_an_unknown_detector_cannot_be_checked():
    with pytest.raises(CannotCheck, match="entropy"):
        find("text", {"detectors": ["entropy"]})


@pytest.mark.parametrize("scope", Scope)
def test_a_token_of_ours_is_found_whatever_its_scope(scope: Scope):
    token = make_token(scope)

    assert found(f"My token is {token}.", "placet_token") == [token]
