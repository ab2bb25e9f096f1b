"""Results of checks, and policies that require some, in short."""

from dataclasses import replace
from datetime import timedelta

from registry import commands
from registry.check_results import CheckResult, Example, Source
from registry.evidence import content_of
from registry.names import Digest
from registry.policy_rules import RequiredCheck
from registry.required_checks import CheckStanding, check_standings
from tests.rules.assembly import Registry


def result(
    content: Digest, *, name: str = "answers", total: int = 100, failed: int = 0, **what
) -> CheckResult:
    """A result in which all is well, but for what is said."""
    said = {
        "passed": failed == 0,
        "threshold": None,
        "production": 0,
        "examples": (),
        "link": None,
    }
    return CheckResult(
        name=name, content=content, total=total, failed=failed, **(said | what)
    )


def example(verdict: str = "pass", **what) -> Example:
    said = {
        "input": "Can I get my money back?",
        "before": "No.",
        "after": "Within 24 hours.",
        "source": Source.CURATED,
    }
    return Example(verdict=verdict, **(said | what))


def content(registry: Registry, change: int) -> Digest:
    return content_of(registry.change(change).revision)


def attach(registry: Registry, change: int, by: str = "evaluator", via=None, **what):
    tried = what.pop("content", None) or content(registry, change)
    command = commands.AttachCheck(change=change, result=result(tried, **what))
    return registry.act(by, command, **({"via": via} if via else {}))


def required(name: str = "answers", **what) -> RequiredCheck:
    said = {
        "kinds": (),
        "names": (),
        "tiers": (),
        "facts": (),
        "waived_by": (),
        "max_age_days": None,
        "min_samples": 0,
        "min_production": 0,
    }
    return RequiredCheck(name=name, **(said | what))


def require(registry: Registry, *checks: RequiredCheck) -> Registry:
    """Have production's policy require *checks*, as if it always had."""
    environment = registry.environment()
    policy = replace(environment.policy, checks=checks)
    environments = registry.state.environments.insert(
        "production", replace(environment, policy=policy)
    )
    registry.state = replace(registry.state, environments=environments)
    return registry


def stands(registry: Registry, change: int) -> list[CheckStanding]:
    return list(
        check_standings(
            registry.state, registry.change(change), registry.documents, registry.now
        )
    )


def waive(registry, change, by="risk", *, days=7, seat="risk", check="answers", **how):
    digest = how.pop("digest", registry.change(change).revision.review_digest)
    command = commands.WaiveCheck(
        change=change,
        review_digest=digest,
        check=check,
        seat=seat,
        reason="The evaluator is down.",
        expires=registry.now + timedelta(days=days),
    )
    return registry.act(by, command, **how)
