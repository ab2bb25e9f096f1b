"""Write the scenarios again, the same bytes each time: tests/conformance/scenarios/.

python -m tests.conformance.generate
"""

import json
from pathlib import Path

from tests.conformance.attacks import SCENARIOS, as_json

FOLDER = Path(__file__).parent / "scenarios"


def written() -> dict[str, str]:
    """The text of each file, by its name."""
    return {
        f"{name}.json": json.dumps(as_json(name, made()), indent=1) + "\n"
        for name, made in SCENARIOS.items()
    }


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    texts = written()
    for path in FOLDER.glob("*.json"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
