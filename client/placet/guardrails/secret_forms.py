"""The forms of credentials, as their makers publish them or hand them out."""

from dataclasses import dataclass


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


ALL = {
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
    "nvidia_key": _token("An NVIDIA API key (nvapi-...).", f"nvapi-{_B64URL}{{60,70}}"),
    "cerebras_key": _token("A Cerebras key (csk-...).", "csk-[0-9a-z]{48}"),
    "langfuse_key": _token(
        "A Langfuse secret key (sk-lf-...).",
        f"sk-lf-{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}",
    ),
    "pinecone_key": _token(
        "A Pinecone key (pcsk_...).", f"pcsk_{_B62}{{5,8}}_{_B62}{{50,70}}"
    ),
    "tavily_key": _token(
        "A Tavily key (tvly-...).", f"tvly-(?:dev-|prod-)?{_B64URL}{{30,60}}"
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
    "sentry_token": _token(
        "A Sentry token (sntrys_..., sntryu_...).",
        f"sntryu_{_HEX}{{64}}",
        "sntrys_eyJ[0-9A-Za-z_/+=-]{80,400}",
    ),
    "figma_token": _token("A Figma token (figd_...).", f"figd_{_B64URL}{{38,60}}"),
    "doppler_token": _token(
        "A Doppler token (dp.pt., dp.st. and so on).",
        rf"dp\.(?:pt|ct|sa|scim|audit|st(?:\.[a-z0-9_-]{{2,35}})?)\.{_B62}{{40,44}}",
    ),
    "planetscale_token": _token(
        "A PlanetScale token or password (pscale_...).",
        r"pscale_(?:tkn|oauth|pw)_[0-9A-Za-z=._-]{32,64}",
    ),
    "supabase_token": _token(
        "A Supabase token or secret key (sbp_..., sb_secret_...).",
        f"sbp_{_HEX}{{40}}",
        f"sb_secret_{_B64URL}{{22,40}}",
    ),
    "age_key": _token(
        "A secret key of age.", "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"
    ),
    "jwt": _token(
        "A JSON Web Token.",
        rf"eyJ{_B64URL}+\.eyJ{_B64URL}+\.{_B64URL}*",
    ),
    "basic_auth_url": _inside(
        "An address with a user name and a password in it.",
        r"[A-Za-z][0-9A-Za-z+.-]{1,30}://[^\s:/@?#<>{}$*\"'`\\]{0,100}:"
        r"([^\s:/@?#<>{}$*\"'`\\]{3,200})@[0-9A-Za-z\[]",
    ),
    "connection_string": _inside(
        "A connection string of a database with a password in it.",
        r"[A-Za-z][A-Za-z _]{1,30}=[^;=\n]{1,100};[ ]?(?i:password|pwd)[ ]?=[ ]?"
        r"[\"']?([^;\s\"'<>{}$*\\]{3,200})",
    ),
    "placet_token": _token(
        "A token of this registry (plc_...).",
        f"plc_(?:session|read|clone|check|submit|operate)_{_B62}{{49}}",
    ),
}
