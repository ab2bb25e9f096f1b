"""Which modules are mutated, and which tests hold them."""

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "authorization": {
        "authorization": ("authorization", "people", "certifications", "emergencies"),
        "resources": (
            *("limited_roles", "authorization", "certifications", "stops", "rollbacks"),
            *("emergencies", "promotions", "proposals", "resuming"),
        ),
        "appointments": ("appointments", "seats", "people", "state"),
    },
    "policy": {
        "votes": (
            *("vetoes", "standing", "changes", "seats", "reviews", "quorum_laws"),
            *("policy_switches", "conditional_votes"),
        ),
        "seats": ("seats", "quorum_laws", "standing", "emergencies", "judgements"),
        "floors": (
            "floors",
            "standing",
            "policies",
            "policy_changes",
            "proposals",
            "decide",
        ),
        "freezes": ("freezes", "policy_text"),
        "quorums": (
            "floors",
            "standing",
            "seats",
            "quorum_laws",
            "policies",
            "policy_changes",
        ),
        "standing": (
            *(
                "floors",
                "standing",
                "staleness",
                "resuming",
                "vetoes",
                "seats",
                "proposals",
            ),
            *("policy_switches", "schedules", "quorum_laws", "policy_changes"),
        ),
        "policies": ("policies", "policy_text", "proposals", "policy_changes"),
        "policy_rules": ("policies", "policy_text", "required_checks"),
    },
    "changes": {
        "changes": ("changes", "reviews", "staleness", "authorship"),
        "proposals": ("proposals", "revisions", "policy_changes", "resuming"),
        "revisions": (
            *("revisions", "proposals", "staleness", "schedules", "authorship"),
            "recalled_content",
        ),
        "reviews": (
            *("reviews", "vetoes", "conditional_votes", "seats", "changes"),
            "policy_switches",
        ),
        "activations": (
            *("activations", "staleness", "schedules", "policy_switches", "timing"),
            *("policy_changes", "resuming"),
        ),
        "going_live": ("activations", "schedules", "promotions", "recalled_content"),
        "emergencies": ("emergencies", "policy_switches"),
        "judgements": ("judgements", "rollback_ratifications", "emergencies"),
        "required_checks": ("required_checks", "attachments", "policy_switches"),
        "waivers": ("required_checks", "attachments", "authorization"),
    },
}
