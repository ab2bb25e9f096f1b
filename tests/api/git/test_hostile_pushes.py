"""What nobody pushes by accident: each one refused in words, and nothing kept.

The trees are made byte for byte, because git's own commands would not make them.
"""

import hashlib
import os
import signal
import struct
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator

import httpx2
import pytest

from tests.api.git.conftest import PLAIN, Clone, Served, run_git

Cloning = Callable[..., Clone]
Entry = tuple[bytes, bytes, str]
FILE, FOLDER = b"100644", b"40000"
PLACE = "refs/for/development"


@pytest.fixture(scope="module")
def base(served: Served, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The commit that is live in development, with something in it."""
    folder = tmp_path_factory.mktemp("base")
    run_git(
        folder,
        "clone",
        "-q",
        served.address("development", served.secret("author")),
        "c",
    )
    path = folder / "c/fragments/hostile/base.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(document("hostile/base"))
    run_git(folder / "c", "add", "-A")
    run_git(folder / "c", "commit", "-qm", "A base")
    run_git(folder / "c", "push", "-q", "origin", f"HEAD:{PLACE}")
    number = served.ask("GET", "/v1/changes?limit=1", "author").json()["items"][0]["id"]
    served.world["operator"].does("activate", str(number))
    served.comes_to_rest()
    return document("hostile/base").decode()


def document(name: str) -> bytes:
    return (
        f'kind: fragment\nname: {name}\nversion: "1.0.0"\nowner: product\n'
        "description: A text.\ntier: low\ntemplate: none\ntext: Hello.\n"
    ).encode()


class Author:
    """Somebody who makes objects byte for byte, on top of what is live."""

    def __init__(self, clone: Clone, served: Served) -> None:
        self.clone = clone
        self.served = served
        self.live = clone.does("rev-parse", "origin/main").strip()

    def store(self, kind: str, data: bytes) -> str:
        words = ("hash-object", "-w", "-t", kind, "--literally", "--stdin")
        return self.clone.does(*words, given=data).strip()

    def blob(self, data: bytes = b"") -> str:
        return self.store("blob", data or document("a/b"))

    def tree(self, *entries: Entry) -> str:
        data = b"".join(
            mode + b" " + name + b"\0" + bytes.fromhex(id) for mode, name, id in entries
        )
        return self.store("tree", data)

    def within(self, *folders: bytes, entry: Entry) -> str:
        """A tree with the entry in folders in folders."""
        tree = self.tree(entry)
        for name in reversed(folders):
            tree = self.tree((FOLDER, name, tree))
        return tree

    def commit(self, tree: str, *, parent: str | None = "") -> str:
        lines = [f"tree {tree}"]
        if parent is not None:
            lines.append(f"parent {parent or self.live}")
        lines += [f"{who} A <a@example.org> 1700000000 +0000" for who in WHO]
        return self.store("commit", "\n".join([*lines, "", "Look", ""]).encode())

    def pack(self, commit: str) -> bytes:
        """A pack of everything that is new in a commit, also where git minds."""
        names = self.clone.does("rev-list", "--objects", commit, f"^{self.live}")
        ids = "".join(f"{line.split()[0]}\n" for line in names.splitlines())
        ran = run_git(
            self.clone.folder, "pack-objects", "--stdout", "-q", given=ids.encode()
        )
        return ran.stdout


WHO = ("author", "committer")


@pytest.fixture
def author(clone: Cloning, served: Served, base: str) -> Author:
    return Author(clone(), served)


@pytest.fixture
def untouched(served: Served, author: Author) -> Iterator[None]:
    """The ledger has the same references and objects afterwards, and nothing stays."""
    before = served.evidence()
    yield
    assert served.evidence() == before
    assert list(served.pushes.iterdir()) == []
    copy = served.world.home / "git/development.git"
    assert run_git(copy, "fsck", "--strict", "--unreachable").stdout == b""
    assert httpx2.get(f"{served.world.url}/livez").status_code == 200


def in_prompts(mode: bytes, name: bytes, data: bytes = b"") -> Callable[[Author], str]:
    return lambda a: a.within(b"prompts", b"a", entry=(mode, name, a.blob(data)))


def on_top(mode: bytes, name: bytes) -> Callable[[Author], str]:
    def make(a: Author) -> str:
        inner = a.tree((FILE, b"x.yaml", a.blob())) if mode == FOLDER else a.blob()
        return a.tree((mode, name, inner))

    return make


def gitlink(a: Author) -> str:
    return a.within(b"prompts", entry=(b"160000", b"a.yaml", a.live))


def folder_and_file(a: Author) -> str:
    inner = a.tree((FILE, b"c.yaml", a.blob()))
    return a.within(b"prompts", entry=(FOLDER, b"a.yaml", inner))


def twice(a: Author) -> str:
    entry = (FILE, b"a.yaml", a.blob())
    return a.tree((FOLDER, b"prompts", a.tree(entry, entry)))


def deep(a: Author) -> str:
    return a.within(*[b"prompts"], *[b"d"] * 40, entry=(FILE, b"a.yaml", a.blob()))


def abyss(a: Author) -> str:
    return a.within(*[b"prompts"], *[b"d"] * 400, entry=(FILE, b"a.yaml", a.blob()))


def crowded(a: Author) -> str:
    blob = a.blob()
    names = sorted(b"n%d.yaml" % n for n in range(1001))
    return a.tree((FOLDER, b"prompts", a.tree(*((FILE, n, blob) for n in names))))


def empty_folders(*levels: int) -> Callable[[Author], str]:
    """Folders in folders: few objects, many places, and no file at all."""

    def make(a: Author) -> str:
        tree = a.tree()
        for folders in levels:
            names = sorted(b"d%d" % n for n in range(folders))
            tree = a.tree(*((FOLDER, name, tree) for name in names))
        return a.tree((FOLDER, b"prompts", tree))

    return make


TREES = {
    "a symbolic link": (
        in_prompts(b"120000", b"x.yaml", b"/etc/passwd"),
        "is a symbolic link",
    ),
    "a link out of the tree": (on_top(b"120000", b"prompts"), "is a symbolic link"),
    "a submodule": (gitlink, "is a submodule"),
    "a program": (in_prompts(b"100755", b"x.yaml"), "is marked as a program"),
    "the mode 100664": (in_prompts(b"100664", b"x.yaml"), "has the odd mode 100664"),
    "another mode": (in_prompts(b"100600", b"x.yaml"), "mode 100600"),
    "a mode with a zero": (in_prompts(b"0100644", b"x.yaml"), "begins with a zero"),
    ".git": (on_top(FOLDER, b".git"), "is called `.git`"),
    ".GIT": (on_top(FOLDER, b".GIT"), "is called `.git`"),
    "git~1": (on_top(FOLDER, b"git~1"), "is called `.git`"),
    ".git in HFS": (on_top(FOLDER, b".g\xe2\x80\x8cit"), "is called `.git`"),
    ".git in NTFS": (on_top(FOLDER, b".git ."), "is called `.git`"),
    ".gitmodules": (on_top(FILE, b".gitmodules"), "git"),
    ".gitattributes": (
        on_top(FILE, b".gitattributes"),
        "'.gitattributes' is not a document",
    ),
    "..": (on_top(FOLDER, b".."), "is called `..`"),
    ".": (on_top(FOLDER, b"."), "is called `.`"),
    "a slash": (on_top(FILE, b"prompts/a.yaml"), "has a slash"),
    "a name that is not UTF-8": (in_prompts(FILE, b"\xff.yaml"), "is not UTF-8"),
    "a name with a line end": (in_prompts(FILE, b"a\nb.yaml"), "is not a document"),
    "capitals": (in_prompts(FILE, b"X.yaml"), "is not a document"),
    "another kind": (
        lambda a: a.within(b"recipes", entry=(FILE, b"c.yaml", a.blob())),
        "does not begin with a kind",
    ),
    "no kind": (on_top(FILE, b"a.yaml"), "is not a document"),
    "the policy": (
        lambda a: a.within(b"policy", entry=(FILE, b"development.yaml", a.blob())),
        "is not a document",
    ),
    "no yaml": (in_prompts(FILE, b"README.md"), "is not a document"),
    "a document as a folder": (folder_and_file, "is not a document"),
    "one name twice": (twice, "has one name twice"),
    "too deep": (deep, "is too deep"),
    "very much too deep": (abyss, "is too deep"),
    "too many": (crowded, "changes more than 1,000 documents"),
    "too many folders": (empty_folders(10_001), "changes more than 10,000 folders"),
    "too many folders in each of many": (
        empty_folders(200, 100),
        "changes more than 10,000 folders",
    ),
    "one folder in millions of places": (
        empty_folders(3000, 3000),
        "the folders in the push are too large",
    ),
    "too large": (
        in_prompts(FILE, b"x.yaml", b"#" * (256 * 2**10 + 1)),
        "has 262,145 bytes",
    ),
    "no commit of ours": (
        in_prompts(FILE, b"x.yaml", b"a: &a [*a]"),
        "there are mistakes in",
    ),
}


@pytest.mark.parametrize("what", TREES)
@pytest.mark.usefixtures("untouched")
def test_a_hostile_tree_is_refused_in_words(author: Author, what: str):
    make, why = TREES[what]
    commit = author.commit(make(author))

    said = author.clone.push(f"{commit}:{PLACE}")

    assert why in said.rejected


@pytest.mark.usefixtures("untouched")
def test_a_hostile_tree_in_the_middle_of_the_history_is_refused_as_well(author: Author):
    hostile = author.commit(on_top(FOLDER, b".git")(author))
    clean = in_prompts(FILE, b"x.yaml", document("a/x"))(author)

    said = author.clone.push(f"{author.commit(clean, parent=hostile)}:{PLACE}")

    assert "is called `.git`" in said.rejected


@pytest.mark.usefixtures("untouched")
def test_a_tag_is_no_commit(author: Author):
    tag = f"object {author.live}\ntype commit\ntag v1\ntagger A <a@b> 1 +0000\n\nv1\n"

    said = author.clone.push(f"{author.store('tag', tag.encode())}:{PLACE}")

    assert said.rejected.startswith("a commit is pushed")


@pytest.mark.usefixtures("untouched")
def test_a_message_that_is_not_unicode_is_refused(author: Author):
    tree = in_prompts(FILE, b"x.yaml", document("a/x"))(author)
    who = [f"{one} A <a@b.c> 1700000000 +0000" for one in WHO]
    head = "\n".join([f"tree {tree}", f"parent {author.live}", *who, "", ""]).encode()

    said = author.clone.push(f"{author.store('commit', head + bytes([255]))}:{PLACE}")

    assert said.rejected == "the commit's message is not UTF-8"


@pytest.mark.usefixtures("untouched")
def test_more_objects_than_anybody_needs_are_refused_before_they_are_read(
    author: Author,
):
    stream = b"".join(
        b"blob\ndata %d\n%d\n" % (len(b"%d" % n), n) for n in range(20_001)
    )
    author.clone.does("fast-import", "--quiet", given=stream)
    listing = ("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    ids = author.clone.does(*listing)
    pack = run_git(
        author.clone.folder, "pack-objects", "--stdout", "-q", given=ids.encode()
    ).stdout

    answer = send(author, PLACE, author.live, pack)

    assert b"objects, and 20,000 are taken" in answer.content


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("kind", ["tree", "delta"])
def test_a_few_bytes_that_become_gigabytes_are_refused(author: Author, kind: str):
    commit = author.commit(in_prompts(FILE, b"x.yaml", document("a/x"))(author))

    answer = send(author, PLACE, commit, bomb(kind))

    assert answer.status_code == 200
    assert b"too much memory" in answer.content


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    "pack", [b"PACK", b"no pack at all, but long", b"PACK" + bytes(8) + b"\xff" * 30]
)
def test_what_is_no_pack_is_refused(author: Author, pack: bytes):
    commit = author.commit(in_prompts(FILE, b"x.yaml", document("a/x"))(author))

    assert b"ng refs/for/development" in send(author, PLACE, commit, pack).content


@pytest.mark.usefixtures("untouched")
def test_objects_that_are_missing_are_named_as_such(author: Author):
    commit = author.commit(in_prompts(FILE, b"x.yaml", document("a/x"))(author))
    alone = run_git(
        author.clone.folder,
        "pack-objects",
        "--stdout",
        "-q",
        given=f"{commit}\n".encode(),
    ).stdout

    answer = send(author, PLACE, commit, alone)

    assert b"does not bring all it needs" in answer.content


def test_objects_of_another_environment_cannot_be_named(
    author: Author, served: Served, clone: Cloning
):
    """Who guesses the id of a text must not get it into a change of theirs."""
    secret = clone("staging", to="staging")
    path = secret.folder / "fragments/hidden/text.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(document("hidden/text"))
    secret.proposes("A secret", to="refs/for/staging")
    hidden = secret.does("rev-parse", "HEAD:fragments/hidden/text.yaml").strip()
    assert run_git(served.ledger, "cat-file", "-t", hidden).stdout == b"blob\n"
    tree = author.within(b"fragments", b"hidden", entry=(FILE, b"text.yaml", hidden))
    commit = author.commit(tree)
    pack = run_git(
        author.clone.folder,
        "pack-objects",
        "--stdout",
        "-q",
        given=f"{commit}\n{tree}\n".encode(),
    ).stdout

    answer = send(author, PLACE, commit, pack)

    served.comes_to_rest()
    assert b"does not bring all it needs" in answer.content


@pytest.mark.usefixtures("untouched")
def test_nothing_is_deleted_by_a_push(author: Author):
    assert author.clone.push("--delete", "main").status == 1
    for place in (PLACE, "refs/heads/main"):
        answer = send(author, place, "0" * 40, b"", old=author.live)
        assert b"ng " + place.encode() in answer.content


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("before", "capability", "why"),
    [
        (b"shallow " + b"a" * 40, b"", b"a shallow push"),
        (b"push-cert\0 report-status side-band-64k", b"", b""),
        (b"", b" atomic", b"the option 'atomic'"),
        (b"", b" push-options", b"the option 'push-options'"),
        (b"", b" object-format=sha256", b"the option 'object-format=sha256'"),
    ],
    ids=["shallow", "signed", "atomic", "options", "sha256"],
)
def test_kinds_of_push_that_are_not_offered_are_refused(
    author: Author, before: bytes, capability: bytes, why: bytes
):
    commit = author.commit(in_prompts(FILE, b"x.yaml", document("a/x"))(author))
    pack = author.pack(commit)

    answer = send(author, PLACE, commit, pack, before=before, more=capability)

    assert b"ok refs" not in answer.content
    assert why in answer.content


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    "words", [("--atomic",), ("--signed",), ("-o", "ci.skip")], ids=" ".join
)
def test_gits_client_says_itself_what_is_not_offered(author: Author, words):
    commit = author.commit(in_prompts(FILE, b"x.yaml", document("a/x"))(author))

    said = author.clone.push(*words, f"{commit}:{PLACE}")

    assert said.status != 0
    assert "does not support" in said.text


@pytest.mark.usefixtures("untouched")
def test_a_shallow_clone_can_propose_or_is_told_what_to_do(
    author: Author, served: Served, tmp_path
):
    address = served.address("development", served.secret("author"))
    run_git(tmp_path, "clone", "-q", "--depth", "1", address, "shallow")
    shallow = tmp_path / "shallow"
    (shallow / "README.md").write_text("no document")
    run_git(shallow, "add", "-A")
    run_git(shallow, "commit", "-qm", "Look")

    said = run_git(shallow, "push", "origin", f"HEAD:{PLACE}").stderr.decode()

    assert "remote rejected" in said


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    "body",
    [
        b"zzzz",
        b"0003",
        b"0001",
        b"ffff" + b"a" * 10,
        b"0010hello world!0000",
        b"00" * 100_000,
        b"0009hello" * 200,
    ],
)
def test_what_no_client_of_git_sends_is_refused(author: Author, served: Served, body):
    answer = served.ask(
        "POST",
        "/git/development.git/git-receive-pack",
        "author",
        content=body,
        content_type="application/x-git-receive-pack-request",
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.usefixtures("untouched")
def test_a_push_that_is_too_large_is_refused_in_words(author: Author, served: Served):
    def body() -> Iterator[bytes]:
        yield command(PLACE, "a" * 40)
        for _ in range(42):
            yield os.urandom(2**20)

    answer = receive(served, body())

    assert b"the push is larger than 40 MiB" in answer.content


@pytest.mark.usefixtures("untouched")
def test_hooks_and_settings_in_what_is_pushed_are_not_run(
    author: Author, tmp_path, served: Served
):
    """They are refused as files; and no hook would be looked for in any case."""
    trap = f"#!/bin/sh\ntouch {tmp_path}/sprung\n".encode()
    entry = (b"100755", b"pre-receive", author.blob(trap))
    tree = author.tree((FOLDER, b"hooks", author.tree(entry)))
    copy = served.world.home / "git/development.git"
    (copy / "hooks").mkdir(exist_ok=True)
    for name in ("pre-receive", "post-receive", "update", "reference-transaction"):
        (copy / "hooks" / name).write_bytes(trap)
        (copy / "hooks" / name).chmod(0o755)

    said = author.clone.push(f"{author.commit(tree)}:{PLACE}")

    assert "is marked as a program" in said.rejected
    assert not (tmp_path / "sprung").exists()


@pytest.mark.usefixtures("untouched")
def test_a_push_that_is_killed_leaves_nothing(author: Author, served: Served):
    """In the middle of what it sends: the server waits for the rest of a push."""
    host, _, port = served.world.url.removeprefix("http://").partition(":")
    script = f"exec 3<>/dev/tcp/{host}/{port}; cat >&3; sleep 60"
    head = (
        "POST /git/development.git/git-receive-pack HTTP/1.1\r\nHost: here\r\n"
        f"Authorization: Bearer {served.secret('author')}\r\n"
        "Content-Type: application/x-git-receive-pack-request\r\n"
        "Content-Length: 100000\r\n\r\n"
    )
    sending = subprocess.Popen(
        ["bash", "-c", script], stdin=subprocess.PIPE, env=PLAIN, start_new_session=True
    )
    sending.stdin.write(head.encode() + command(PLACE, "a" * 40) + b"PACK")
    sending.stdin.close()
    time.sleep(0.3)

    os.killpg(sending.pid, signal.SIGKILL)

    sending.wait()


def bomb(kind: str) -> bytes:
    """A pack of a few MB that asks for gigabytes: of zeros, or of copies of them."""
    if kind == "tree":
        objects = [zeros(2, 3 * 2**29)]
    else:
        base = zeros(3, 2**20)
        copy = bytes([0b11000000, 0x10])  # 2**20 bytes, from the beginning
        delta = number(2**20) + number(3000 * 2**20) + copy * 3000
        offset = len(base)
        back = [offset & 127]
        while offset := offset >> 7:
            offset -= 1
            back.insert(0, 128 | (offset & 127))
        objects = [base, head(6, len(delta)) + bytes(back) + zlib.compress(delta)]
    pack = b"PACK" + struct.pack(">II", 2, len(objects)) + b"".join(objects)
    return pack + hashlib.sha1(pack, usedforsecurity=False).digest()


def zeros(type: int, size: int) -> bytes:
    packing = zlib.compressobj(9)
    step = min(size, 2**24)
    parts = [packing.compress(bytes(step)) for _ in range(size // step)]
    return head(type, size) + b"".join(parts) + packing.flush()


def head(type: int, size: int) -> bytes:
    """Type and size of an object in a pack."""
    first, rest = (type << 4) | (size & 15), size >> 4
    return bytes([first | 128]) + number(rest) if rest else bytes([first])


def number(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(128 | (value & 127))
        value >>= 7
    return bytes([*found, value])


def pkt(data: bytes) -> bytes:
    return b"%04x" % (len(data) + 4) + data


def command(
    place: str, new: str, *, old: str = "0" * 40, before: bytes = b"", more: bytes = b""
) -> bytes:
    """What a push begins with."""
    said = b" report-status side-band-64k agent=git/2" + more
    line = f"{old} {new} {place}".encode() + b"\0" + said
    return (pkt(before) if before else b"") + pkt(line) + b"0000"


def send(author: Author, place: str, new: str, pack: bytes, **more) -> httpx2.Response:
    """Push as a client does that was made for the purpose."""
    return receive(author.served, command(place, new, **more) + pack)


def receive(served: Served, body) -> httpx2.Response:
    return served.ask(
        "POST",
        "/git/development.git/git-receive-pack",
        "author",
        content=body,
        content_type="application/x-git-receive-pack-request",
        timeout=60,
    )
