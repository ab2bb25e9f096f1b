"""Behind nginx: what docs/running.md promises of `deploy/nginx`."""

import re
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest

from registry.db.engine import disposing
from registry.db.operations import Operations
from registry.writer import Open
from tests.deploy.conftest import FILES, STAGING, Site, sited
from tests.writer.acts import Acts, fragment

pytestmark = pytest.mark.slow

CACHE = "placet-cache"
ENVIRONMENT = "/v1/environments/staging"


def eventually(found, wanted) -> None:
    ends = monotonic() + 10
    while found() != wanted:
        assert monotonic() < ends, found()
        sleep(0.05)


def test_a_digest_comes_from_the_cache_the_second_time(standing: Site):
    bundle = standing.bundle()

    first, second = (standing.get("reader", bundle) for _ in range(2))

    assert first.status_code == 200
    assert (second.status_code, second.headers[CACHE]) == (200, "HIT")
    assert second.content == first.content
    for name in ("etag", "cache-control", "placet-digest", "content-type"):
        assert second.headers[name] == first.headers[name]


def test_what_a_client_has_is_not_sent_again(standing: Site):
    bundle = standing.bundle()
    first = standing.get("reader", bundle)

    again = standing.get("reader", bundle, **{"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_each_request_is_authorised_cached_or_not(standing: Site):
    bundle = standing.bundle()
    standing.get("reader", bundle)
    assert standing.get("second", bundle).headers[CACHE] == "HIT"

    refused = {who: standing.get(who, bundle) for who in (None, "elsewhere", "other")}

    assert {who: one.status_code for who, one in refused.items()} == {
        None: 401,
        "elsewhere": 404,
        "other": 404,
    }
    for one in refused.values():
        assert one.headers["content-type"] == "application/problem+json"
        assert CACHE not in one.headers
        assert one.json()["hint"]


def test_one_tokens_answer_never_reaches_another_that_may_not_read_it(
    site: Site, writing: Open
):
    before = site.bundle()
    Acts(writing.writer).put_live(fragment("1.1.0", "For staging alone."))
    eventually(lambda: site.bundle() != before, True)
    bundle = site.bundle()
    for _ in range(3):
        assert site.get("reader", bundle).status_code == 200

    assert site.get("elsewhere", bundle).status_code == 404
    assert b"For staging alone" not in site.get("elsewhere", bundle).content


def test_a_token_that_was_revoked_reads_nothing_from_the_cache(site: Site):
    bundle = site.bundle()
    assert site.get("second", bundle).status_code == 200
    with disposing(site.origin.home.open_operations()) as engine:
        operations = Operations(engine)
        token = operations.find_token("second")
        operations.revoke_token("second", token.made)

    eventually(lambda: site.get("second", bundle).status_code, 401)
    site.origin.end()

    assert site.get("second", bundle).status_code != 200
    assert site.get("reader", bundle).status_code != 200  # was never asked for it


def test_what_is_live_is_never_cached(site: Site):
    paths = [STAGING, f"{STAGING}/head", f"{ENVIRONMENT}/prompts/acme/refunds"]
    answers = [site.get("reader", path) for path in paths for _ in range(3)]
    site.origin.end()

    after = [site.get("reader", path).status_code for path in paths]

    assert all(one.status_code == 200 and CACHE not in one.headers for one in answers)
    assert after == [502, 502, 502]


def test_after_an_activation_no_client_gets_an_older_body(site: Site, writing: Open):
    acts, texts = Acts(writing.writer), count(1)
    seq = 0
    with site.client("reader") as client:
        for number in texts:
            if number > 5:
                break
            acts.put_live(fragment(f"1.{number}.0", f"Text number {number}."))
            wanted = writing.writer.state.environment("staging").seq
            answer = client.get(STAGING, params={"min_seq": wanted})
            head = client.get(f"{STAGING}/head").json()
            body = client.get(f"/v1/bundles/{head['bundle']}")

            assert int(answer.headers["placet-seq"]) == wanted > seq
            assert head["seq"] == wanted
            assert f"Text number {number}.".encode() in body.content
            assert body.content == answer.content
            seq = wanted


def test_an_origin_that_is_down_leaves_digests_served_to_who_read_them(site: Site):
    bundle = site.bundle()
    body = site.get("reader", bundle).content
    site.origin.end()

    answers = [site.get("reader", bundle) for _ in range(3)]

    assert [(one.status_code, one.content) for one in answers] == [(200, body)] * 3


def test_an_origin_that_is_down_leaves_nothing_to_who_did_not(site: Site):
    bundle = site.bundle()
    site.get("reader", bundle)
    site.get("other", bundle)
    site.origin.end()

    for who in (None, "other", "second"):
        answer = site.get(who, bundle)
        assert (answer.status_code, CACHE in answer.headers) == (502, False)


def test_who_was_allowed_long_ago_is_not_any_more(tmp_path: Path):
    with sited(tmp_path, kept="1s") as site:
        bundle = site.bundle()
        site.get("reader", bundle)
        site.origin.end()

        eventually(lambda: site.get("reader", bundle).status_code, 502)


def test_an_origin_that_is_back_is_asked_again(site: Site):
    bundle = site.bundle()
    site.get("reader", bundle)
    site.origin.end()
    assert site.get("reader", f"{STAGING}/head").status_code == 502

    site.origin.start()

    assert site.get("reader", f"{STAGING}/head").status_code == 200
    assert site.get("second", bundle).headers[CACHE] == "HIT"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/bundles/{digest}?x=1",
        "/v1/bundles/sha256:0",
        "/v1/environments/%2e%2e/bundles/{digest}",
        "/v1/bundles/../bundles/{digest}",
        "/v1//bundles/{digest}",
        "/placet-may-read",
        "/placet-might-read",
        "/metrics",
    ],
)
def test_no_other_address_leads_to_the_cache(standing: Site, path: str):
    bundle = standing.bundle()
    standing.get("reader", bundle)
    digest = bundle.removeprefix("/v1/bundles/")

    with standing.client("other") as client:
        url = httpx2.URL(standing.url)
        raw = path.format(digest=digest).encode()
        answer = client.get(url.copy_with(raw_path=raw))

    assert answer.status_code in {401, 404, 422}
    assert CACHE not in answer.headers


def test_plain_http_leads_to_https(standing: Site):
    listening = re.findall(
        r"listen (127\S+);", (standing.folder / "placet.conf").read_text()
    )

    answer = httpx2.get(f"http://{listening[0]}/docs", headers={"Host": "a.test"})

    assert (answer.status_code, answer.headers["location"]) == (
        301,
        "https://a.test/docs",
    )


def test_other_requests_reach_the_registry_as_they_are(standing: Site):
    with standing.client() as client:
        signed_in = client.post(
            "/v1/sessions", json={"handle": "author", "password": "wrong"}
        )
        documentation = client.get("/docs")

    assert signed_in.status_code == 401
    assert documentation.status_code == 200
    assert documentation.headers["strict-transport-security"]


def test_the_page_for_whoever_runs_it_names_every_file():
    page = (FILES.parents[1] / "docs/running.md").read_text()

    for file in sorted((FILES.parent).rglob("*")):
        if file.is_file():
            assert f"deploy/{file.relative_to(FILES.parent)}" in page, file
