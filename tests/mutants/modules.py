"""Which modules are mutated, and which files of `tests/rules` hold each."""

MODULES = {
    # who may do what
    "authorization": "authorization people certifications emergencies limited_roles",
    "resources": "limited_roles authorization certifications stops emergencies",
    "appointments": "appointments limited_roles seats people state",
    # what a policy asks for
    "policies": "policies policy_text proposals policy_changes",
    "policy_rules": "policies policy_text required_checks policy_switches",
    "agreeing": "agreeing policy_switches",
    "freezes": "freezes policy_text",
    "floors": "floors standing policies policy_changes seats",
    "quorums": "floors standing seats policies policy_changes quorum_laws judgements",
    "seats": "seats standing emergencies judgements quorum_laws appointments"
    " required_checks",
    "votes": "vetoes standing changes seats reviews conditional_votes quorum_laws"
    " timing policy_changes",
    "standing": "floors standing changes staleness resuming vetoes seats proposals"
    " policy_switches schedules policy_changes quorum_laws facts timing",
    "staleness": "staleness changes resuming proposals policy_changes facts waiting",
    "vetoes": "vetoes seats resuming policy_changes reviews",
    # how a change goes
    "changes": "changes reviews staleness authorship",
    "proposals": "proposals revisions policy_changes resuming limited_roles promotions"
    " certifications",
    "revisions": "revisions proposals staleness schedules authorship recalled_content"
    " facts",
    "reviews": "reviews vetoes conditional_votes seats changes policy_switches"
    " staleness",
    "activations": "activations staleness schedules policy_switches timing"
    " policy_changes resuming limited_roles waiting",
    "going_live": "activations schedules promotions recalled_content facts"
    " effects stops",
    "emergencies": "emergencies policy_switches unagreed_content",
    "judgements": "judgements rollback_ratifications emergencies",
    "required_checks": "required_checks attachments policy_switches",
    "unagreed_content": "unagreed_content authorship emergencies",
    "waivers": "required_checks attachments authorization",
}
