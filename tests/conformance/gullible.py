"""A client that believes everything, to show that each scenario catches something."""

import json
from http.client import HTTPException, IncompleteRead
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.conformance.driving import NOTHING, Outcome


class Gullible:
    """It takes the newest answer for the truth, whatever that is."""

    def __init__(self, url: str, settings: dict) -> None:
        self._url = url
        self._head = (
            f"/v1/environments/{settings['environment']}/bots/{settings['bot']}/head"
        )
        self._has: Outcome = {**NOTHING, "outcome": "refused"}

    def look(self, now: float) -> Outcome:
        status, body = self._get(self._head)
        if status == 410:
            self._has = {
                **NOTHING,
                "outcome": "deleted",
                "seq": json.loads(body)["seq"],
            }
        elif status == 200:
            self._take(body)
        return self._has

    def close(self) -> None:
        """It keeps nothing."""

    def _take(self, body: bytes) -> None:
        try:
            head = json.loads(body)
        except ValueError:
            return
        self._get(f"/v1/bundles/{head.get('bundle')}")
        self._has = {
            "outcome": "live",
            "bundle": head.get("bundle"),
            "seq": head.get("seq"),
            "floor": head.get("floor"),
        }

    def _get(self, path: str) -> tuple[int, bytes]:
        try:
            with urlopen(self._url + path) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()
        except IncompleteRead as cut:
            return 200, cut.partial
        except HTTPException:
            return 0, b""
