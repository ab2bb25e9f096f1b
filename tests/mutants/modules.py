"""Which modules are mutated, and which files of `tests/rules` hold each."""

MODULES = {
    # who may do what
    "authorization": "authorization people certifications emergencies limited_roles",
    "resources": "limited_roles authorization certifications stops emergencies",
    "appointments": "appointments limited_roles seats people state",
    # what a policy asks for
    "policies": "policies policy_text proposals policy_changes",
    "policy_rules": "policies policy_text required_checks",
    "freezes": "freezes policy_text",
    "floors": "floors standing policies policy_changes",
    "quorums": "floors standing seats policies policy_changes quorum_laws",
    "seats": "seats standing emergencies judgements quorum_laws",
    "votes": "vetoes standing changes seats reviews conditional_votes quorum_laws",
    "standing": "floors standing changes staleness resuming vetoes seats proposals"
    " policy_switches schedules policy_changes quorum_laws",
    # how a change goes
    "changes": "changes reviews staleness authorship",
    "proposals": "proposals revisions policy_changes resuming limited_roles",
    "revisions": "revisions proposals staleness schedules authorship recalled_content",
    "reviews": "reviews vetoes conditional_votes seats changes policy_switches",
    "activations": "activations staleness schedules policy_switches timing"
    " policy_changes resuming limited_roles",
    "going_live": "activations schedules promotions recalled_content",
    "emergencies": "emergencies policy_switches",
    "judgements": "judgements rollback_ratifications emergencies",
    "required_checks": "required_checks attachments policy_switches",
    "waivers": "required_checks attachments authorization",
}
