"""Documents to send, as their authors would write them."""


def prompt(
    name: str = "acme/refunds",
    version: str = "1.0.0",
    text: str = "Answer politely.",
    tier: str = "medium",
) -> str:
    return f"""\
kind: prompt
name: {name}
version: "{version}"
owner: product
description: Answers a question.
tier: {tier}
template: none
messages:
  - role: system
    content: |
      {text}
"""


def template(name: str = "acme/greeting", version: str = "1.0.0") -> str:
    return f"""\
kind: prompt
name: {name}
version: "{version}"
owner: product
description: Greets somebody.
tier: low
template: simple
inputs:
  type: object
  additionalProperties: false
  required: [customer]
  properties:
    customer: {{type: string}}
messages:
  - role: user
    content: Hello {{{{ customer }}}}!
  - placeholder: history
"""


def fragment(version: str = "1.0.0", text: str = "Be kind.") -> str:
    return f"""\
kind: fragment
name: acme/tone
version: "{version}"
owner: product
description: How to speak.
tier: low
template: none
text: {text}
"""


def bot(name: str = "acme/support", version: str = "1.0.0") -> str:
    return f"""\
kind: bot
name: {name}
version: "{version}"
owner: product
description: Answers customers.
tier: medium
purpose: Support
audience: customers
deputy: author2
on_call: operator
review_by: "2027-01-01"
disclosure: You talk to a machine.
fallback: Please call us.
prompts: {{refunds: acme/refunds}}
"""


INCLUDES_TONE = "{{> fragments/acme/tone }}"
