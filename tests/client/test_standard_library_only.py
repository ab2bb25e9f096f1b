"""A chatbot installs nothing with us, so what we import is Python's own."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import placet

SOURCE = Path(placet.__file__).parent.parent


def loaded_by(statement):
    """Top-level names of all modules, without site-packages within reach."""
    script = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); {statement}"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script + "; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_the_client_loads_only_the_standard_library():
    loaded = loaded_by("import placet")

    assert "placet" in loaded
    assert loaded <= set(sys.stdlib_module_names) | {"placet", "__main__"}


def test_what_is_for_tests_loads_only_the_standard_library_too():
    loaded = loaded_by("import placet.testing")

    assert loaded <= set(sys.stdlib_module_names) | {"placet", "__main__"}


def test_a_chatbot_does_not_load_what_is_for_tests():
    loaded_by("import placet; assert 'placet.testing' not in sys.modules")


def test_importing_starts_no_thread_and_reads_no_network():
    loaded_by("import placet, threading; assert threading.active_count() == 1")


def test_type_checkers_are_told_that_it_is_typed():
    assert files("placet").joinpath("py.typed").is_file()
