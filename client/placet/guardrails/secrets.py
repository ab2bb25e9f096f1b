"""Credentials that their makers gave a form of their own.

The rules:

 * A detector knows one maker's forms, as that maker publishes them or as they are
   seen in what it hands out.  What has no form is not guessed at: there is no
   measure of randomness, which calls words random and misses keys.
 * A find stands alone: a letter or digit before or after it makes it part of
   something else.
 * A character without width inside a key does not hide it.
 * The name of an account, a key's public half, a placeholder in `<>` or `{}` is no
   secret.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from placet.guardrails.errors import CannotCheck
from placet.guardrails.folding import folded
from placet.guardrails.patterns import compiled
from placet.guardrails.texts import Span, merged


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """Attributes:
    group: The group of the pattern that is the secret, if it took part.
    """

    says: str
    pattern: str
    group: int


_B62 = "[0-9A-Za-z]"
_B64URL = "[0-9A-Za-z_-]"
_HEX = "[0-9a-f]"


def _token(says: str, *forms: str) -> Detector:
    return Detector(says=says, pattern="|".join(forms), group=0)


def _inside(says: str, *forms: str) -> Detector:
    """The secret is what stands in the first form's group."""
    return Detector(says=says, pattern="|".join(forms), group=1)


_ALL = {
    "aws_access_key": _token(
        "The identifier of an AWS access key (AKIA..., ASIA...).",
        "(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}",
    ),
    "aws_secret_key": _inside(
        "An AWS secret access key of 40 characters after its name.",
        r"(?i:secret[_ -]?(?:access[_ -]?)?key)[\"']?[\s:=>]{1,8}[\"']?"
        "([0-9A-Za-z/+]{40})",
    ),
    "azure_storage_key": _inside(
        "An account key of Azure Storage, or one in a connection string.",
        r"(?i:(?:Account|SharedAccess)Key)=([0-9A-Za-z+/]{42,86}={1,2})",
        r"[0-9A-Za-z+/]{76}\+ASt[0-9A-Za-z+/]{5}[AQgw]==",
    ),
    "azure_ai_key": _token(
        "A key of Azure's AI services, 84 characters.",
        f"{_B62}{{52}}JQQJ99{_B62}{{26}}",
    ),
    "azure_client_secret": _token(
        "A client secret of Microsoft Entra.",
        r"[0-9A-Za-z_~.]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34}",
    ),
    "google_api_key": _token("A Google API key (AIza...).", f"AIza{_B64URL}{{35}}"),
    "google_oauth": _token(
        "A Google OAuth client secret (GOCSPX-...) or access token (ya29...).",
        f"GOCSPX-{_B64URL}{{28}}",
        r"ya29\.[0-9A-Za-z_.-]{30,500}",
    ),
    "openai_key": _token(
        "An OpenAI key (sk-..., sk-proj-..., sk-svcacct-..., sk-admin-...).",
        f"sk-(?:proj|svcacct|admin|None)-{_B64URL}{{20,250}}",
        f"sk-{_B62}{{48}}",
    ),
    "anthropic_key": _token(
        "An Anthropic key (sk-ant-...).",
        f"sk-ant-[a-z]{{2,8}}[0-9]{{2}}-{_B64URL}{{32,200}}",
    ),
    "openrouter_key": _token(
        "An OpenRouter key (sk-or-v1-...).", f"sk-or-v1-{_HEX}{{64}}"
    ),
    "groq_key": _token("A Groq key (gsk_...).", f"gsk_{_B62}{{52}}"),
    "xai_key": _token("An xAI key (xai-...).", f"xai-{_B62}{{80}}"),
    "perplexity_key": _token("A Perplexity key (pplx-...).", f"pplx-{_B62}{{48}}"),
    "replicate_token": _token("A Replicate token (r8_...).", f"r8_{_B62}{{37}}"),
    "huggingface_token": _token(
        "A Hugging Face token (hf_...).", f"(?:hf|api_org)_{_B62}{{34}}"
    ),
    "langsmith_key": _token(
        "A LangSmith key (lsv2_...).", f"lsv2_(?:pt|sk)_{_HEX}{{32}}_{_HEX}{{10}}"
    ),
    "github_token": _token(
        "A GitHub token (ghp_..., gho_..., ghu_..., ghs_..., ghr_..., github_pat_...).",
        f"gh[pousr]_{_B62}{{36,251}}",
        f"github_pat_{_B62}{{22}}_{_B62}{{59}}",
    ),
    "gitlab_token": _token(
        "A GitLab token (glpat-..., gldt-..., glrt-... and so on).",
        "gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-[0-9A-Za-z_.-]{20,300}",
    ),
    "npm_token": _token("An npm token (npm_...).", f"npm_{_B62}{{36}}"),
    "pypi_token": _token(
        "A PyPI token (pypi-...).",
        f"pypi-Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZw){_B64URL}{{50,1000}}",
    ),
    "rubygems_key": _token("A RubyGems key.", f"rubygems_{_HEX}{{48}}"),
    "docker_token": _token(
        "A Docker Hub token (dckr_pat_...).", f"dckr_(?:pat|oat)_{_B64URL}{{27,40}}"
    ),
    "slack_token": _token(
        "A Slack token (xoxb-..., xoxp-..., xapp-... and so on).",
        "xox[abeoprs]-[0-9A-Za-z-]{10,250}",
        r"xoxe\.xox[bp]-[0-9]-[0-9A-Za-z]{100,300}",
        "xapp-[0-9]-[0-9A-Z]{8,20}-[0-9]{8,20}-[0-9a-f]{30,128}",
    ),
    "slack_webhook": _token(
        "The address of a Slack webhook.",
        r"hooks\.slack\.com/(?:services|workflows)/[0-9A-Za-z]{8,14}/[0-9A-Za-z]{8,14}"
        "/[0-9A-Za-z/]{16,60}",
    ),
    "discord_token": _token(
        "A Discord bot token, or the address of a Discord webhook.",
        rf"[MNO]{_B64URL}{{23,27}}\.{_B64URL}{{6}}\.{_B64URL}{{27,38}}",
        rf"discord(?:app)?\.com/api/webhooks/[0-9]{{17,20}}/{_B64URL}{{60,80}}",
    ),
    "telegram_token": _token(
        "A Telegram bot token.", f"[0-9]{{8,10}}:AA{_B64URL}{{33}}"
    ),
    "stripe_key": _token(
        "A Stripe secret or restricted key, or a webhook's secret.",
        f"(?:sk|rk)_(?:live|test)_{_B62}{{16,250}}",
        "whsec_[0-9A-Za-z+/=]{32,64}",
    ),
    "square_token": _token("A Square token.", f"sq0(?:atp|csp|idp)-{_B64URL}{{22,43}}"),
    "shopify_token": _token(
        "A Shopify token (shpat_... and so on).", "shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"
    ),
    "sendgrid_key": _token(
        "A SendGrid key (SG....).", rf"SG\.{_B64URL}{{22}}\.{_B64URL}{{43}}"
    ),
    "mailgun_key": _token("A Mailgun key (key-...).", f"key-{_HEX}{{32}}"),
    "mailchimp_key": _token("A Mailchimp key.", f"{_HEX}{{32}}-us[0-9]{{1,2}}"),
    "twilio_key": _token("A Twilio API key (SK...).", f"SK{_HEX}{{32}}"),
    "digitalocean_token": _token(
        "A DigitalOcean token (dop_v1_...).", f"do[opr]_v1_{_HEX}{{64}}"
    ),
    "databricks_token": _token(
        "A Databricks token (dapi...).", f"dapi{_HEX}{{32}}(?:-[0-9])?"
    ),
    "vault_token": _token(
        "A HashiCorp Vault token (hvs., hvb., hvr.).", rf"hv[sbr]\.{_B64URL}{{24,300}}"
    ),
    "terraform_token": _token(
        "A Terraform Cloud token.", rf"{_B62}{{14}}\.atlasv1\.{_B64URL}{{60,70}}"
    ),
    "grafana_token": _token(
        "A Grafana token (glsa_..., glc_...).",
        f"glsa_{_B62}{{32}}_[0-9A-Fa-f]{{8}}",
        "glc_[0-9A-Za-z+/=]{32,400}",
    ),
    "atlassian_token": _token(
        "An Atlassian API token (ATATT3...).", "ATATT3[0-9A-Za-z_=-]{100,300}"
    ),
    "notion_token": _token("A Notion token (ntn_...).", f"ntn_{_B62}{{40,50}}"),
    "linear_key": _token("A Linear key (lin_api_...).", f"lin_api_{_B62}{{40}}"),
    "postman_key": _token(
        "A Postman key (PMAK-...).", f"PMAK-{_HEX}{{24}}-{_HEX}{{34}}"
    ),
    "newrelic_key": _token("A New Relic user key (NRAK-...).", "NRAK-[0-9A-Z]{27}"),
    "age_key": _token(
        "A secret key of age.", "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"
    ),
    "jwt": _token(
        "A JSON Web Token.",
        rf"eyJ{_B64URL}+\.eyJ{_B64URL}+\.{_B64URL}*",
    ),
    "basic_auth_url": _inside(
        "An address with a user name and a password in it.",
        r"[A-Za-z][0-9A-Za-z+.-]{1,30}://[^\s:/@?#<>{}$*\"'`]{0,100}:"
        r"([^\s:/@?#<>{}$*\"'`]{3,200})@[0-9A-Za-z\[]",
    ),
    "placet_token": _token(
        "A token of this registry (plc_...).",
        f"plc_(?:session|read|submit|operate)_{_B62}{{49}}",
    ),
}

_PRIVATE_KEY = "private_key_block"
_KEY_BEGINS = "-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
_KEY_ENDS = "-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"

DETECTORS: Mapping[str, str] = {
    **{name: detector.says for name, detector in _ALL.items()},
    _PRIVATE_KEY: "A private key in PEM or OpenPGP form, up to its end line.",
}
"""The detectors by name, and what each finds."""


def find(text: str, check: Mapping[str, object]) -> tuple[Span, ...]:
    """Where something stands that one of the check's detectors knows.

    Raises:
        CannotCheck: A detector is not known.
    """
    asked = check.get("detectors", ())
    if not isinstance(asked, (list, tuple)):
        raise CannotCheck("`detectors` is no list")
    read = folded(text)
    found = [span for name in asked for span in _found(str(name), read.text)]
    return merged(map(read.given, found))


def _found(name: str, text: str) -> Iterator[Span]:
    if name == _PRIVATE_KEY:
        yield from _private_keys(text)
        return
    detector = _ALL.get(name)
    if detector is None:
        raise CannotCheck(f"{name[:40]!r} is not known as a detector of secrets")
    for found in compiled(detector.pattern).finditer(text):
        inner = found.span(detector.group)
        span = found.span() if inner[0] < 0 else inner
        if _stands_alone(text, span):
            yield span


def _stands_alone(text: str, span: Span) -> bool:
    before, after = text[span[0] - 1 : span[0]], text[span[1] : span[1] + 1]
    return not any(char.isascii() and char.isalnum() for char in (before, after))


def _private_keys(text: str) -> Iterator[Span]:
    """From each first line to the next last one, or else only the first line."""
    ends = [found.span()[1] for found in compiled(_KEY_ENDS).finditer(text)]
    begins = [found.span() for found in compiled(_KEY_BEGINS).finditer(text)]
    for at, (start, line_end) in enumerate(begins):
        following = bisect_left(ends, line_end)
        end = ends[following] if following < len(ends) else line_end
        another = begins[at + 1][0] if at + 1 < len(begins) else len(text)
        yield start, end if end <= another else line_end


def form_of(name: str) -> tuple[str, bool]:
    """The pattern of a detector, and whether a group in it is what it finds.

    For whoever has patterns and nothing else; of a key block, its first line.

    Raises:
        KeyError: No detector is called so.
    """
    if name == _PRIVATE_KEY:
        return _KEY_BEGINS, True
    detector = _ALL[name]
    return detector.pattern, detector.group > 0
