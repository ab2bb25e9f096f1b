"""Evidence packs: what somebody outside is given, and can check without us.

A pack is about a change, about a moment of an environment, or about a period.  It
is made of what is signed and of nothing else, and the same ledger and the same
question give the same bytes.

`history` reads the events and what followed from each; `change`, `moment` and
`period` make the values; `reports` says them for people, `html` and `markdown` lay
that out; `folder` puts the files together.
"""
