"""Stories of the workflow from beginning to end, as chance has it.

What rarely comes about by itself: everybody agrees and something comes in between,
somebody has an emergency that others judge, somebody vetoes and leaves.  Each method
is one story; the machine of `test_workflow_machine` has the steps that they take.
"""

from registry import commands
from registry.changes import Verdict
from registry.people import REGISTRY, SESSION, TIMER, Limit
from registry.ratification import Judgement
from tests.rules.checking import content, result
from tests.rules.texts import BOT, PROMPT, TONE
from tests.rules.workflow_model import OTHER
from tests.rules.workflow_world import PEOPLE, SOURCES

REFS = [TONE, PROMPT, OTHER, BOT]
SEATS = ["product", "risk", "board", "legal", "incident"]
HANDLES = list(PEOPLE)
AUTHORS = ["author", "editor", "product", "risk"]
VOTERS = ["product", "second-product", "risk", "board", "legal", "responder"]
LIMITS = [
    Limit(held="product", environments=(), names=("acme/**",)),
    Limit(held="product", environments=(), names=("beta/**",)),
    Limit(held="product", environments=("development",), names=()),
    Limit(held="board", environments=(), names=("acme/**",)),
    Limit(held="risk", environments=("production",), names=("beta/**",)),
    Limit(held="author", environments=(), names=("acme/**",)),
]

MEANWHILE = ["nothing"] * 4
MEANWHILE += ["object", "wait", "wait", "leave"] * 2 + ["govern", "overlap"] * 2
MEANWHILE += [
    "write",
    "recall",
    "recall",
    "go_back",
    "fail",
    "rewrite",
    "agree_otherwise",
]

STORIES = ["race"] * 6 + ["emergency"] * 3 + ["veto_and_clear"]
STORIES += ["stop_and_resume", "condition", "there_and_back"] * 2
STORIES += ["check_and_waive"] * 4
STORIES += ["appoint", "schedule", "govern", "reset", "end", "limit"]
TIERS = ["low", "low", "high"]


class Stories:
    """Of a machine; *chance* is a `random.Random`."""

    def race(self, chance):
        """What everybody has agreed to is activated, but something came first."""
        meanwhile, by = chance.choice(MEANWHILE), chance.choice(VOTERS)
        n, tier = chance.randrange(60), chance.choice(["low", "high"])
        refs = chance.choice([[OTHER], [TONE], [PROMPT], [BOT], [OTHER, BOT]])
        author = chance.choice(["author", "author", "responder", "evaluator"])
        gone = refs == [OTHER] and n % 4 == 0
        self.submit(author, "production", refs, tier, gone, False, None)
        change = len(self.registry.state.changes)
        if change not in self.registry.state.open_changes:
            return
        told = result(content(self.registry, change))
        self.do("evaluator", commands.AttachCheck(change=change, result=told))
        for handle in ("product", "second-product", "risk", "board")[n % 2 :]:
            for seat in self.registry.state.people[handle].seats[:1]:
                self.approve(handle, change, seat)
        digest = self.digest(change)
        getattr(self, f"_{meanwhile}")(change, by, n)
        for named in (digest, self.digest(change)):  # not the same after a revision
            for handle in (author, "operator"):
                command = commands.Activate(change=change, review_digest=named)
                self.do(handle, command)

    def _nothing(self, change, by, n):
        pass

    def _object(self, change, by, n):
        verdict = Verdict.ASK if n % 2 else Verdict.VETO
        self.vote(by, 100 + change, verdict, None, SESSION, None, old=False)

    def _govern(self, change, by, n):
        """Another policy; sometimes the one that was there comes back."""
        which = sorted(SOURCES)[n % len(SOURCES)]
        known = self.world.model.places["production"].policy["digest"]
        before = next(
            k for k in SOURCES if self.world.model.policies[k]["digest"] == known
        )
        for policy in (which, before)[: 1 + n % 2]:
            self.put("editor", "production", [BOT], "low", policy)

    def _overlap(self, change, by, n):
        """The same document, or what it includes; sometimes with another tier."""
        found = self.registry.change(change)
        refs = [edit.document for edit in found.revision.edits] or [BOT]
        others = refs[:1] if n % 3 else [TONE]
        self.put("editor", found.environment, others, ["low", "high"][n % 2], None)

    def _wait(self, change, by, n):
        self.wait([25, 97, 121, 150, 730][n % 5])

    def _leave(self, change, by, n):
        self.set_person("admin", by, {"active": False} if n % 2 else {"seats": ()})

    def _write(self, change, by, n):
        """Somebody who has agreed to a text, or not, proposes it, too."""
        if n % 4 == 1:
            self.vote(by, 100 + change, Verdict.ASK, None, SESSION, None, old=False)
        edits = self.registry.change(change).revision.edits
        texts = [self.registry.documents[e.digest] for e in edits if e.digest]
        proposal = self.world.proposal(texts)
        author = by if n % 2 else "product"
        self.do(author, commands.Submit(environment="development", proposal=proposal))
        if n % 8 == 1:
            self.vote(by, 100 + change, Verdict.RETRACT, None, SESSION, None, old=False)

    def _rewrite(self, change, by, n):
        """Another revision, for which some have voted."""
        self.revise("editor", 100 + change, [OTHER], "low")
        if n % 3 == 0:
            self.vote(by, 100 + change, Verdict.APPROVE, None, SESSION, None, old=True)
        if n % 3 == 1:
            self.agree(100 + change)

    def _agree_otherwise(self, change, by, n):
        """In another seat, or nobody any more."""
        verdict = Verdict.RETRACT if n % 3 else Verdict.APPROVE
        seat = SEATS[n % len(SEATS)]
        for handle in (by, "product"):
            self.vote(handle, 100 + change, verdict, seat, SESSION, None, old=False)

    def _recall(self, change, by, n):
        for edit in self.registry.change(change).revision.edits[:1]:
            if edit.digest:
                recall = commands.Recall(digest=edit.digest, reason="Harmful.")
                self.do("operator", recall)

    def _go_back(self, change, by, n):
        environment = self.registry.change(change).environment
        self.roll_back("operator", None, 1, False, environment)

    def _fail(self, change, by, n):
        self.attach_check(100 + change, "evaluator", 5)

    def emergency(self, chance):
        """It is judged, overdue or not, and perhaps undone."""
        ref, seat = chance.choice(REFS), chance.choice(["incident"] * 4 + ["risk"])
        author, tier = chance.choice(["author", "product"]), chance.choice(TIERS)
        self.submit(author, "production", [ref], tier, False, False, None)
        change = len(self.registry.state.changes)
        if change in self.registry.state.open_changes:
            if chance.random() < 0.3:
                self._object(change, chance.choice(VOTERS), chance.randrange(2))
            by = "responder" if seat == "incident" else "risk"
            self.activate_in_emergency(100 + change, by, seat)
        self.wait(chance.choice([0, 0, 0, 11, 30]))
        likely = chance.choice(list(Judgement))
        for by in chance.choices(VOTERS, k=chance.randrange(5)):
            if self.registry.state.ratifications:
                judgement = chance.choice([likely, likely, *Judgement])
                self.judge(by, judgement, None)
        for _ in range(chance.randrange(3)):
            self.undo("operator", 1)

    def veto_and_clear(self, chance):
        """Also when whoever vetoed has left, or there is a new revision."""
        by = chance.choice(VOTERS)
        self.submit("editor", "production", [OTHER], "low", False, False, None)
        change = 100 + len(self.registry.state.changes)
        self.vote(by, change, Verdict.VETO, None, SESSION, None, old=False)
        if chance.random() < 0.3:
            self.set_person("admin", by, {"active": False})
        if chance.random() < 0.3:
            self.revise("editor", change, [OTHER], "low")
            self.agree_and_activate(change, 0)
        for handle in [*chance.choices(HANDLES, k=2), "board", by]:
            self.clear_veto(change, handle, by)
            self.vote(by, change, Verdict.APPROVE, None, SESSION, None, old=False)
        self.agree_and_activate(change, 0)

    def check_and_waive(self, chance):
        """What was tried and what was done without has to last until it goes live."""
        by = chance.choice([*["risk"] * 5, "board"])
        author = chance.choice(["author", "evaluator"])
        self.submit(author, "production", [BOT], "high", False, False, None)
        change = 100 + len(self.registry.state.changes)
        if change - 100 not in self.registry.state.open_changes:
            return
        attached_by = chance.choice([None, None, "evaluator", author, "risk"])
        if attached_by is not None:
            self.attach_check(change, attached_by, chance.choice([0, 0, 5]))
        self.waive(change, by, chance.choice([1, 3, 29, 31]))
        meanwhile = chance.choice([None, "revise", "revise", "leave", "write"])
        if meanwhile == "revise":
            self.revise("editor", change, [BOT], "high")
        elif meanwhile is not None:
            getattr(self, f"_{meanwhile}")(change - 100, by, 0)
        self.agree_and_activate(change, chance.choice([0, 0, 25, 80]))

    def stop_and_resume(self, chance):
        """Perhaps something goes live beneath."""
        self.stop(chance.choice(["operator", "product", "legal"]), SESSION)
        self.resume("author")
        change = 100 + len(self.registry.state.changes)
        meanwhile = chance.choice([None, TONE, BOT, "recall", "recall"])
        if meanwhile == "recall":
            live = self.registry.environment().live[chance.choice([TONE, PROMPT, BOT])]
            digest = chance.choice([live.document.digest, live.document.composed])
            self.do("operator", commands.Recall(digest=digest, reason="Harmful."))
        elif meanwhile:
            self.put("editor", "production", [meanwhile], "low", None)
        self.agree_and_activate(change, 0)

    def condition(self, chance):
        by = chance.choice(VOTERS)
        self.submit("author", "production", [OTHER], "low", False, False, None)
        change = 100 + len(self.registry.state.changes)
        self.vote(by, change, Verdict.APPROVE, None, SESSION, 24, old=False)
        again = chance.choice([None, None, Verdict.RETRACT, Verdict.APPROVE])
        if again is not None:
            self.vote(by, change, again, None, SESSION, None, old=False)
        if chance.random() < 0.5:
            self.agree_and_activate(change, 0)
        for handle in (chance.choice(["editor", "board"]), by):
            self.meet_condition(change, handle, by, SESSION)

    def there_and_back(self, chance):
        ref, tier = chance.choice(REFS), chance.choice(TIERS)
        self.put("author", "production", [ref], tier, None)
        self.wait(chance.choice([0, 0, 100, 200]))
        scope, propose = chance.choice([None, BOT, PROMPT]), chance.random() < 0.3
        by = chance.choice(["operator", "operator", "product"])
        self.roll_back(by, scope, chance.randrange(1, 4), propose, "production")
        if propose:
            self.agree_and_activate(0, 0)
        for by in chance.choices(VOTERS, k=2):
            if self.registry.state.ratifications:
                self.judge(by, Judgement.RATIFY, None)

    def appoint(self, chance):
        """Whom somebody asks for, somebody confirms; then they vote in two seats."""
        whom = chance.choice(["product", "second-product", "risk", "board"])
        asking, confirming = chance.choices(["admin", "second-admin"], k=2)
        self.set_person(asking, whom, {"seats": ("product", "risk")})
        self.wait(chance.choice([0, 0, 30, 200]))
        self.confirm(whom, confirming, 0)
        self.submit("author", "production", [PROMPT], "high", False, False, None)
        change = len(self.registry.state.changes)
        if change in self.registry.state.open_changes:
            told = result(content(self.registry, change))
            self.do("evaluator", commands.AttachCheck(change=change, result=told))
            for seat in ("product", "risk"):
                self.approve(whom, change, seat)
            self.activate(100 + change, "operator", False, SESSION)
        self.restore_or_limit(asking, whom, chance.choice([None, None, *LIMITS]))

    def limit(self, chance):
        """Whoever speaks for a part says what they may of all of it."""
        one = chance.choice([*LIMITS, *LIMITS[:2] * 3])
        by, other = one.held, "board" if one.held == "product" else "second-product"
        if by in PEOPLE:
            self.restore_or_limit("admin", by, one)
            self.set_person("admin", "second-product", {"active": False})
        self.wait(chance.choice([0, 0, 25]))
        refs = chance.choice([[OTHER], [PROMPT], *[[OTHER, BOT]] * 3])
        self.submit("editor", "production", refs, "low", False, False, None)
        change = 100 + len(self.registry.state.changes)
        self.vote(other, change, Verdict.VETO, None, SESSION, None, old=False)
        self.clear_veto(change, by, other)
        self.clear_veto(change, other, other)
        self.agree_and_activate(change, 0)

    def schedule(self, chance):
        """Just before, exactly then, or too late."""
        hours = chance.choice([2, 30])
        self.submit("author", "production", [OTHER], "low", False, False, hours)
        change = 100 + len(self.registry.state.changes)
        self.agree(change)
        self.activate(change, "operator", False, SESSION)
        if chance.random() < 0.5:
            self.wait_for_the_next_moment()
        else:
            self.wait(hours + chance.choice([0.5, 2, 11]))
        if chance.random() < 0.5:
            digest = self.digest(change - 100)
            command = commands.Activate(change=change - 100, review_digest=digest)
            self.do(REGISTRY, command, TIMER)

    def govern(self, chance):
        """Another policy, perhaps before it has cooled down or after an objection."""
        self.submit_policy("editor", chance.choice(sorted(SOURCES)))
        change = len(self.registry.state.changes)
        if chance.random() < 0.3 and change in self.registry.state.open_changes:
            self._object(change, "legal", 1)
            self.agree(100 + change)
            self.wait(11)
            retract = Verdict.RETRACT
            self.vote("legal", 100 + change, retract, None, SESSION, None, old=False)
        self.agree_and_activate(100 + change, chance.choice([0, 0, 13, 25]))

    def reset(self, chance):
        """Whose password somebody else has set waits where the policy says so."""
        if chance.random() < 0.5:
            self.put("editor", "production", [BOT], "low", "two")
        whom, other = chance.choice(VOTERS), chance.choice(["admin", "second-admin"])
        self.submit("editor", "production", [OTHER], "low", False, False, None)
        change = 100 + len(self.registry.state.changes)
        if chance.random() < 0.5:
            self._object(change - 100, whom, 0)
        for handle in (whom, other):
            self.world.reset(handle)
        self.wait(chance.choice([0, 1, 23, 25]))
        self.clear_veto(change, whom, whom)
        self.vote(whom, change, Verdict.APPROVE, None, SESSION, None, old=False)
        given = {"seats": (chance.choice(SEATS),)}
        asking = chance.choice([other, "admin"])
        self.set_person(asking, chance.choice(["legal", "editor"]), given)
        self.confirm("legal", chance.choice([other, "second-admin"]), 0)
        self.agree_and_activate(change, 0)

    def end(self, chance):
        """Whoever ends it, may they or not; and whether it has ended."""
        self.submit("editor", "production", [OTHER], "low", False, False, None)
        change = 100 + len(self.registry.state.changes)
        if chance.random() < 0.3:
            self.withdraw(change, chance.choice(["author", "editor", "product"]))
        else:
            by = chance.choice(VOTERS)
            self.vote(by, change, Verdict.REJECT, None, SESSION, None, old=False)
        self.agree_and_activate(change, chance.choice([0, 0, 0, 730]))
