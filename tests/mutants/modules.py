"""Which modules are mutated, and which tests hold them."""

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "authorization": {
        "authorization": ("authorization", "people", "commands", "certifications"),
        "resources": ("authorization", "commands", "promotions", "rollbacks", "seats"),
        "appointments": ("appointments", "seats", "people"),
    },
    "policy": {
        "policies": ("policies", "policy_text", "decide", "proposals"),
        "policy_rules": ("policies", "policy_text", "required_checks"),
        "freezes": ("freezes", "policy_text"),
        "floors": ("standing", "policies", "decide"),
        "quorums": ("standing", "seats", "quorum_laws", "decide", "waiting"),
        "seats": ("seats", "quorum_laws", "standing", "emergencies"),
        "votes": ("standing", "reviews", "vetoes", "quorum_laws", "policy_switches"),
        "standing": (
            *("standing", "staleness", "resuming", "decide", "vetoes", "seats"),
            *("policy_switches", "schedules", "quorum_laws", "emergencies"),
        ),
    },
    "changes": {
        "changes": ("changes", "decide", "reviews"),
        "proposals": ("proposals", "revisions", "policy_changes", "resuming"),
        "revisions": ("revisions", "proposals", "staleness", "schedules"),
        "reviews": ("reviews", "vetoes", "conditional_votes", "seats", "changes"),
        "activations": ("activations", "staleness", "schedules", "policy_switches"),
        "going_live": ("activations", "schedules", "promotions", "rollbacks"),
        "emergencies": ("emergencies",),
        "judgements": ("judgements", "rollback_ratifications", "emergencies"),
        "required_checks": ("required_checks", "attachments", "check_lines"),
        "waivers": ("required_checks", "attachments"),
    },
}
