"""Views: what routes answer, made from the state and from nothing else.

Where a value of the rules says it well, the value is the answer; these are for
where it does not.  No field has a default, so that every one is always there.
"""
