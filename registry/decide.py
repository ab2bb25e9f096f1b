"""Deciding: what comes of a command.

`decide` is the one door to the rules.  It is a pure function: the same
situation and command give the same decision, or the same refusal.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from registry import (
    activations,
    appointments,
    attachments,
    certifications,
    commands,
    conditional_votes,
    emergencies,
    epochs,
    judgements,
    promotions,
    proposals,
    recalls,
    reviews,
    rollbacks,
    stops,
    waivers,
)
from registry.decisions import Decision, Situation
from registry.errors import NotAllowed
from registry.events import next_time
from registry.people import LOCAL, REGISTRY, TIMER

_DECIDE: dict[type[commands.Command], Callable[[Situation, Any], Decision]] = {
    commands.Create: appointments.create,
    commands.RaiseEpoch: epochs.raise_epoch,
    commands.SetPerson: appointments.set_person,
    commands.ConfirmPerson: appointments.confirm_person,
    commands.RefusePerson: appointments.refuse_person,
    commands.Submit: proposals.submit,
    commands.Revise: proposals.revise,
    commands.SubmitPolicy: proposals.submit_policy,
    commands.Promote: promotions.promote,
    commands.Resume: proposals.resume,
    commands.Comment: reviews.comment,
    commands.Vote: reviews.vote,
    commands.MeetCondition: conditional_votes.meet,
    commands.AttachCheck: attachments.attach,
    commands.WaiveCheck: waivers.waive,
    commands.ClearVeto: reviews.clear_veto,
    commands.Withdraw: reviews.withdraw,
    commands.Activate: activations.activate,
    commands.ActivateInEmergency: emergencies.activate_in_emergency,
    commands.Judge: judgements.judge,
    commands.Certify: certifications.certify,
    commands.Rollback: rollbacks.roll_back,
    commands.Stop: stops.stop,
    commands.Recall: recalls.recall,
}

_BY_ITSELF: dict[str, type[commands.Command]] = {
    TIMER: commands.Activate,
    LOCAL: commands.RaiseEpoch,
}
"""The one thing that the registry itself does, by how it is recognised."""


def decide(situation: Situation, command: commands.Command) -> Decision:
    """What is to be written.

    The time that counts is the one that the event will have, so that a clock
    that was set back opens nothing again.

    Raises:
        RegistryError: The command is refused, and nothing comes of it.
    """
    actor = situation.actor
    alone = _BY_ITSELF.get(actor.via) if actor.handle == REGISTRY else None
    if alone is not None and not isinstance(command, alone):
        raise NotAllowed(
            "the registry does nothing by itself but what was scheduled",
            hint="Somebody has to do it in person.",
        )
    now = next_time(situation.now, situation.state.head.at)
    return _DECIDE[type(command)](replace(situation, now=now), command)
