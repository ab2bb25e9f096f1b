"""What is told to load balancers, editors and readers of documentation."""

import json
import re
import shutil
import time
from html.parser import HTMLParser

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from registry.api.app import routes_of
from registry.errors import WritesHalted
from registry.schemas import taken
from registry.writer import Home
from tests.api.conftest import Placet


def openapi(placet: Placet) -> dict:
    return placet.anonymous().get("/openapi.json").json()


def test_a_server_says_that_it_is_there_and_ready(placet: Placet):
    client = placet.anonymous()

    assert client.get("/livez").json() == {"alive": True}
    assert client.get("/readyz").json() == {
        "ready": True,
        "writes": True,
        "signed": True,
        "leads": True,
        "mirrors": "none",
    }


def lose_the_ledger(placet: Placet, home: Home) -> None:
    shutil.rmtree(home.ledger_path / "refs")
    (home.ledger_path / "HEAD").unlink()
    with pytest.raises(WritesHalted):
        placet.parts.opened.writer.reconcile()


def lose_the_tables(placet: Placet) -> None:
    with placet.parts.opened.engine.begin() as connection:
        connection.execute(text("ALTER TABLE ledger_head RENAME TO elsewhere"))
    with pytest.raises(SQLAlchemyError):
        placet.parts.pulse.look()


def test_a_server_without_its_ledger_is_ready_to_be_read(placet: Placet, home: Home):
    lose_the_ledger(placet, home)

    answer = placet.anonymous().get("/readyz")

    assert (answer.json()["ready"], answer.json()["writes"]) == (True, False)


def test_a_server_without_its_tables_is_not_ready(placet: Placet, home: Home):
    lose_the_ledger(placet, home)
    lose_the_tables(placet)

    answer = placet.anonymous().get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["detail"] == "the tables cannot be read"


def test_a_server_is_ready_again_when_its_tables_are_back(placet: Placet):
    lose_the_tables(placet)
    with placet.parts.opened.engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO ledger_head"))

    placet.parts.pulse.look()

    assert placet.anonymous().get("/readyz").json()["ready"]


def test_the_tables_are_looked_at_while_the_server_runs(placet: Placet):
    lose_the_tables(placet)
    with placet.parts.opened.engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO ledger_head"))

    with placet.anonymous() as client:
        deadline = time.monotonic() + 30
        while client.get("/readyz").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_schema_of_every_kind_is_served(placet: Placet):
    client = placet.anonymous()

    for kind in (*taken(), "policy"):
        answer = client.get(f"/schemas/{kind}.json")
        assert answer.status_code == 200
        assert answer.json()["type"] == "object"


def test_the_document_is_openapi_3_1_and_names_the_product(placet: Placet):
    document = openapi(placet)

    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Placet"


def test_every_operation_is_described_in_words(placet: Placet):
    document = openapi(placet)
    tags = {tag["name"] for tag in document["tags"]}

    for path, methods in document["paths"].items():
        for method, told in methods.items():
            assert told["summary"], (method, path)
            assert set(told["tags"]) <= tags, (method, path)


def test_every_reference_in_the_document_leads_somewhere(placet: Placet):
    document = openapi(placet)

    names = set(re.findall(r"#/components/schemas/([\w.-]+)", json.dumps(document)))

    assert names <= document["components"]["schemas"].keys()
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_no_answer_leaves_out_a_member(placet: Placet):
    """A member with a default would be optional in every generated client."""
    document = openapi(placet)
    schemas = document["components"]["schemas"]
    bodies = {name for name in schemas if name.endswith("Body")}

    for name in schemas.keys() - bodies - {"JsonValue"}:
        if schemas[name].get("type") == "object":
            properties = set(schemas[name].get("properties", {}))
            assert set(schemas[name].get("required", ())) == properties, name


def test_what_chatbots_read_is_described_as_well(placet: Placet):
    paths = openapi(placet)["paths"]

    assert "/v1/environments/{environment}/bots/{name}/head" in paths
    assert "/v1/bundles/{digest}" in paths


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.headings += tag == "h3"
        for name, value in attrs:
            if name in {"href", "src"}:
                self.links.add(str(value))


def test_the_page_needs_no_script_and_no_other_host(placet: Placet):
    answer = placet.anonymous().get("/docs")

    page = Page()
    page.feed(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert not page.tags & {"script", "link", "img", "iframe"}
    assert all(link.startswith("#") or link == "openapi.json" for link in page.links)


def test_the_page_has_every_operation_with_an_example(placet: Placet):
    text = placet.anonymous().get("/docs").text
    page = Page()
    page.feed(text)

    operations = sum(len(methods) for methods in openapi(placet)["paths"].values())

    assert page.headings == operations
    assert text.count("curl ") == operations


def test_the_document_is_the_same_however_often_it_is_made(placet: Placet):
    app = routes_of(placet.app)

    assert app.openapi() == app.openapi()


def test_the_page_is_made_once(placet: Placet):
    docs = placet.parts.docs

    assert docs() is docs()
