"""GitPython, imported without anybody's configuration.

GitPython runs `git version` while it is imported, in the environment as it is, and
cannot be imported where that fails: under an account whose home folder it may not
read, or beside a damaged `~/.gitconfig`.  The ledger reads neither (`processes`), so
they must not keep it from starting.
"""

import os

_UNREAD = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
_before = {name: os.environ.get(name) for name in _UNREAD}

os.environ.update(_UNREAD)
try:
    from git import Git, GitCommandError
    from git.exc import CommandError
finally:
    for _name, _value in _before.items():
        if _value is None:
            del os.environ[_name]
        else:
            os.environ[_name] = _value

__all__ = ["CommandError", "Git", "GitCommandError"]
