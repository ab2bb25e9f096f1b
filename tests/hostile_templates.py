"""Templates that others' engines have fallen for, and values to go with them.

What each of the second table does is measured in a process of its own.
"""

import json
import resource
import sys
from pathlib import Path

BIG = "x" * 250_000
COMPUTES = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}{{ x.__class__ }}",
    "{{ x.__init__.__globals__ }}",
    "{{ self.__init__.__globals__.__builtins__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].environ }}",
    "{{ config.items() }}",
    "{{ request.application.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ debug() }}",
    "{% debug %}",
    "{{ x|attr('__class__') }}",
    "{{ x|map(attribute='__class__')|list }}",
    "{{ [].append }}{{ x.append('y') }}",
    "{{ x.pop() }}",
    "{{ ().__class__.__bases__[0] }}",
    "{{ (x, x) }}",
    "{{ {'a': 1} }}",
    "{{ x[::-1] }}",
    "{{ x[1:] }}",
    "{% import 'os' as os %}",
    "{% from 'a' import b %}",
    "{% include '/etc/passwd' %}",
    "{% include x %}",
    "{% extends 'a' %}",
    "{% block a %}{% endblock %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% call x() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% set x = x %}",
    "{% set x %}{{ x }}{{ x }}{% endset %}",
    "{% with y = x %}{% endwith %}",
    "{% do x.append(1) %}",
    "{% autoescape true %}{% endautoescape %}",
    "{% for a in x recursive %}{{ loop(a) }}{% endfor %}",
    "{% for a in x if a %}{% endfor %}",
    "{% for a in x %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for loop in x %}{% endfor %}",
    "{% for a in x %}{{ loop.__class__ }}{% endfor %}",
    "{{ 'a' * 800000000 }}",
    "{{ 'a' ~ 'a' }}",
    "{{ x + x }}",
    "{{ 9 ** 99999999 }}",
    "{{ 1 - 1 }}",
    "{{ -x }}",
    "{{ range(100000000) }}",
    "{{ lipsum(n=100000000) }}",
    "{{ x|indent(800000000) }}",
    "{{ x|center(900000000) }}",
    "{{ x|format }}",
    "{{ '%900000000d'|format(1) }}",
    "{{ x|replace('', x) }}",
    "{{ x|batch(1, x) }}",
    "{{ x|list|sort|unique }}",
    "{{ x|groupby('y') }}",
    "{{ x|pprint }}",
    "{{ x|urlencode }}",
    "{{ x|safe }}",
    "{{ x is filter }}",
    "{{ x is divisibleby(0) }}",
    "{{ x is sameas(x) }}",
    "{{ [x, x] }}",
    "{{ 1 if x }}",
    "{{ x|upper(1) }}",
    "{{ x | default(x)(x) }}",
    "{{ and }}",
    "{{ not }}{{ loop }}",
    "{{ " + "-" * 60_000 + "1 }}",
    "{{ 1" + "+1" * 30_000 + " }}",
    "{{ 1" + "~1" * 30_000 + " }}",
    "{{ " + "not " * 15_000 + "1 }}",
    "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "{{ " + "(" * 99 + "1" + ")" * 99 + " }}",
    "{{ x" + ".a" * 30_000 + " }}",
    "{{ x" + "|upper" * 10_000 + " }}",
    "{% if x %}" * 5_000 + "{% endif %}" * 5_000,
    "{% for a in x %}" * 2_000 + "{% endfor %}" * 2_000,
    "{{" * 30_000,
    "{{ x }}" * 9_000,
    "{% if x %}" + "{% elif x %}" * 4_000 + "{% endif %}",
    "{%" * 30_000,
    "{#" * 30_000,
    "{% raw %}" * 7_000,
    "{% raw %}" + "{% " * 20_000,
    '{{ "' + '\\"' * 30_000,
    "{{" + " " * 60_000 + "x }}",
    "x" * 70_000,
)
"""None of these is a template: each could compute, reach or become something."""

TAKES = {
    "text in a loop": ("{% for a in x %}" + "t" * 60_000 + "{% endfor %}", 15_000),
    "constants": ("{% for a in x %}{{ '" + "t" * 1_900 + "' }}{% endfor %}", 15_000),
    "a text in a loop": ("{% for a in x %}{{ b }}{% endfor %}", 5_000),
    "nested loops": ("{% for a in x %}" * 18 + "y" + "{% endfor %}" * 18, 1_000),
    "loops over a text": ("{% for a in b %}" * 18 + "{% endfor %}" * 18, 0),
    "searches": ("{% if q in b %}{% endif %}" * 1_000, 0),
    "searches in a loop": ("{% for a in x %}{% if q in b %}{% endif %}{% endfor %}", 9),
    "searches in lists": (
        "{% for a in x %}{% if q in x %}{% endif %}{% endfor %}",
        15_000,
    ),
    "equal lists": ("{% for a in x %}{% if x == y %}{% endif %}{% endfor %}", 8_000),
    "ordered lists": ("{% for a in x %}{% if x < y %}{% endif %}{% endfor %}", 8_000),
    "equal mappings": ("{% for a in x %}{% if d == e %}{% endif %}{% endfor %}", 3_000),
    "parts": ("{% for a in x %}{% if f.b %}{% endif %}{% endfor %}", 1_000),
    "filters": ("{% for a in x %}{{ b|upper|length }}{% endfor %}", 1_000),
    "filters that lengthen": ("{{ s|upper|upper }}", 0),
    "json": ("{% for a in x %}{{ x|tojson|length }}{% endfor %}", 10_000),
    "joins": ("{{ x|join(b) }}", 10_000),
    "joins of joins": ("{{ x|join(x|join(x|join('x'))) }}", 3_000),
    "json of control characters": ("{{ x }}{{ c|tojson }}", 9),
    "the last": ("{% for a in x %}{{ x|last }}{{ b|last }}{% endfor %}", 10_000),
    "lengths": ("{% for a in x %}{% if b|length %}{% endif %}{% endfor %}", 1_000),
    "defaults": (
        "{% for a in x %}{% if z|default(b) == b %}{% endif %}{% endfor %}",
        9,
    ),
    "many values": ("{{ x }}", 100_000),
    "deep values": ("{{ n }}", 0),
    "many tags": ("{{ n }}" * 2_000, 0),
    "many branches": ("{% if d %}" + "{% elif d %}" * 1_900 + "{% endif %}", 0),
}
"""Templates that are taken, and how long the list `x` is that goes with them."""


def values(length: int) -> dict[str, object]:
    deep: object = 1
    for _ in range(100):
        deep = [deep]
    wide = {f"k{index}": index for index in range(min(length, 3_000))}
    return {
        "x": list(range(length)),
        "y": list(range(length)),
        "b": BIG if length < 1_000 else "x" * 30_000,
        "q": "x" * 1_000 + "y",
        "d": wide,
        "e": dict(wide),
        "f": {"b": "é" * 100_000},
        "s": "ŉ" * 100_000,
        "c": "\x00" * 200_000,
        "n": deep,
    }


def main(name: str, room_bytes: int) -> None:
    """Render one of `TAKES` with so much memory to spare, and say how it ended."""
    from placet.jinja.rendering import render
    from placet.templates import OverLimit

    render("{{ x }}", {"x": 1})
    text, length = TAKES[name]
    given = values(length)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * 4096
    resource.setrlimit(resource.RLIMIT_AS, (used + room_bytes, used + room_bytes))
    try:
        ended: dict[str, object] = {"chars": len(render(text, given))}
    except OverLimit as error:
        ended = {"over": str(error)}
    sys.stdout.write(json.dumps(ended))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
