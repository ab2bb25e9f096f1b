"""Changes: proposing, reading, deciding on and activating them."""

from collections.abc import Iterator

from registry.remote.changes import (
    ActivationPreview,
    ChangeSummary,
    ChangeView,
    Done,
    Proposal,
)
from registry.remote.conditions import Condition
from registry.remote.connection import Connection, place
from registry.remote.differences import CaseOutcomes, Difference
from registry.remote.evidence import Receipt
from registry.remote.previews import ProposalPreview


class Changes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def submit(
        self, environment: str, proposal: Proposal, *, key: str | None = None
    ) -> ChangeView:
        """Args:
        key: An idempotency key; one is made up without.
        """
        body = {"environment": environment, **proposal.body()}
        return self._connection.post("/v1/changes", body, ChangeView, key=key)

    def preview(self, environment: str, proposal: Proposal) -> ProposalPreview:
        """What submitting it would meet; nothing is submitted."""
        body = {"environment": environment, **proposal.body()}
        return self._connection.post("/v1/changes/preview", body, ProposalPreview)

    def revise(
        self, change: int, proposal: Proposal, *, key: str | None = None
    ) -> ChangeView:
        return self._post(change, "revisions", proposal.body(), key)

    def preview_revision(self, change: int, proposal: Proposal) -> ProposalPreview:
        """What revising it so would meet; nothing is submitted."""
        path = self._at(change, "revisions", "preview")
        return self._connection.post(path, proposal.body(), ProposalPreview)

    def get(self, change: int) -> ChangeView:
        return self._connection.get(self._at(change), ChangeView)

    def list(
        self,
        *,
        environment: str | None = None,
        status: str | None = None,
        author: str | None = None,
        q: str | None = None,
        limit: int | None = None,
    ) -> Iterator[ChangeSummary]:
        """Newest first.

        Args:
            q: Words of the title, or of the name of a document in it.
        """
        return self._connection.items(
            "/v1/changes",
            ChangeSummary,
            limit=limit,
            environment=environment,
            status=status,
            author=author,
            q=q,
        )

    def served(self, change: int, document: str) -> bytes:
        """What would be served of a bot or a prompt if the open change were live."""
        return self._connection.read(self._at(change, document))

    def difference(self, change: int) -> Difference:
        return self._connection.get(self._at(change, "difference"), Difference)

    def cases(self, change: int, document: str) -> CaseOutcomes:
        """What the own cases of a prompt or guardrail come to, before and after."""
        path = self._at(change, "cases")
        return self._connection.get(path, CaseOutcomes, document=document)

    def receipt(self, change: int, voter: str | None = None) -> Receipt:
        """What shows how *voter*, or whoever asks, has voted last.

        Raises:
            NotFound: They have not.
            Unavailable: The vote is not signed yet.
        """
        return self._connection.get(self._at(change, "receipt"), Receipt, voter=voter)

    def receipt_page(self, change: int, voter: str | None = None) -> bytes:
        """The same as a page of HTML, to keep and to print."""
        path = self._at(change, "receipt")
        return self._connection.read(path, voter=voter, format="html")

    def vote(
        self,
        change: int,
        *,
        review_digest: str,
        verdict: str,
        seat: str,
        reason: str,
        condition: Condition | None = None,
        key: str | None = None,
    ) -> ChangeView:
        body = {
            "review_digest": review_digest,
            "verdict": verdict,
            "seat": seat,
            "reason": reason,
            "condition": condition,
        }
        return self._post(change, "votes", body, key)

    def meet(
        self, change: int, *, voter: str, note: str, key: str | None = None
    ) -> ChangeView:
        """Say that the condition of *voter*'s approval is met."""
        body = {"voter": voter, "note": note}
        return self._post(change, "conditions-met", body, key)

    def clear_veto(
        self, change: int, *, veto_by: str, reason: str, key: str | None = None
    ) -> ChangeView:
        body = {"veto_by": veto_by, "reason": reason}
        return self._post(change, "veto-clearances", body, key)

    def comment(self, change: int, text: str, *, key: str | None = None) -> ChangeView:
        return self._post(change, "comments", {"text": text}, key)

    def preview_activation(self, change: int) -> ActivationPreview:
        """Which open changes it would make stale to make it live now.

        Raises:
            Conflict: It could not go live.
        """
        path = self._at(change, "activation", "preview")
        return self._connection.get(path, ActivationPreview)

    def activate(
        self, change: int, review_digest: str, *, key: str | None = None
    ) -> Done:
        body = {"review_digest": review_digest}
        path = self._at(change, "activation")
        return self._connection.post(path, body, Done, key=key)

    def activate_in_emergency(
        self,
        change: int,
        review_digest: str,
        *,
        seat: str,
        incident: str,
        reason: str,
        key: str | None = None,
    ) -> Done:
        body = {
            "review_digest": review_digest,
            "seat": seat,
            "incident": incident,
            "reason": reason,
        }
        path = self._at(change, "emergency")
        return self._connection.post(path, body, Done, key=key)

    def withdraw(
        self, change: int, reason: str, *, key: str | None = None
    ) -> ChangeView:
        return self._post(change, "withdrawal", {"reason": reason}, key)

    def _post(
        self, change: int, part: str, body: object, key: str | None = None
    ) -> ChangeView:
        path = self._at(change, part)
        return self._connection.post(path, body, ChangeView, key=key)

    def _at(self, change: int, *parts: str) -> str:
        return place("v1", "changes", str(change), *parts)
