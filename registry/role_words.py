"""Roles in words: what each allows, in a sentence for whoever gives it."""

from registry.people import Role

ALLOWS = {
    Role.VIEWER: "reads",
    Role.AUTHOR: "proposes, revises, comments",
    Role.EVALUATOR: "attaches what was tried, and vouches for it",
    Role.OPERATOR: "activates, rolls back, stops, recalls",
    Role.AUDITOR: "reads what is told others too; changes nothing",
    Role.ADMIN: "manages people, tokens, notices; agrees to nothing",
}
