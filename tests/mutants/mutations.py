"""Small wrong edits of a module, each of which some test should notice.

A comparison says the opposite or moves by one; `and` becomes `or`, or loses an
operand; a `not`, a `raise`, a `return`, a call or an item of a list goes; an `if`
is turned round or never taken; a constant is another one.

What a reader only reads is left alone: docstrings, annotations, and the words of
errors, hints and reasons.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

WORDS = {"hint", "why", "subject", "trailers"}
"""Arguments that are read by people and by nothing else."""

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
OPPOSITES = {
    "all": "any",
    "any": "all",
    "max": "min",
    "min": "max",
    "sorted": "list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One wrong edit.

    Attributes:
        place: The function that it is in, or the module.
        lines: Where, first and last.
        function: The lines of the function; `None` outside of one.
        assigned: Which statement of the module it is in, if that gives a name to
            a value, as tables are.
        tree: The whole module with the edit in it.
    """

    module: str
    place: str
    before: str
    after: str
    lines: tuple[int, int]
    function: tuple[int, int] | None
    assigned: int | None
    tree: ast.Module

    @property
    def name(self) -> str:
        return f"{self.module}.{self.place}: {self.before} -> {self.after}"


def mutants(module: str, source: str) -> list[Mutant]:
    """Every mutant of *source*, in its order, each once."""
    original = ast.parse(source)
    found: dict[str, Mutant] = {}
    for spot in _spots(original):
        old = getattr(spot.holder, spot.part)
        node = old if spot.index is None else old[spot.index]
        for new in _instead(node, spot):
            tree = _edited(original, spot, new)
            text = ast.unparse(tree)
            if text == ast.unparse(original) or text in found:
                continue
            found[text] = Mutant(
                module=module,
                place=spot.place,
                before=_short(node),
                after=_short(new) if new is not None else "nothing",
                lines=(node.lineno, node.end_lineno or node.lineno),
                function=spot.function,
                assigned=_assigned(original, spot),
                tree=tree,
            )
    return list(found.values())


def _assigned(original: ast.Module, spot: "_Spot") -> int | None:
    index = spot.path[0][1]
    assert index is not None
    named = isinstance(original.body[index], ast.Assign | ast.AnnAssign)
    return index if named else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """Where a node is: which part of *holder*, and where in that if it is a list."""

    path: tuple[tuple[str, int | None], ...]
    holder: ast.AST
    part: str
    index: int | None
    place: str
    function: tuple[int, int] | None


def _spots(tree: ast.Module) -> Iterator[_Spot]:
    yield from _within(tree, (), "module", None)


def _within(
    node: ast.AST,
    path: tuple[tuple[str, int | None], ...],
    place: str,
    function: tuple[int, int] | None,
) -> Iterator[_Spot]:
    for part, index, child in _children(node):
        if _is_left_alone(node, part, child):
            continue
        here = (*path, (part, index))
        yield _Spot(
            path=here,
            holder=node,
            part=part,
            index=index,
            place=place,
            function=function,
        )
        inner, lines = place, function
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inner = child.name if place == "module" else f"{place}.{child.name}"
        if isinstance(child, ast.FunctionDef) and function is None:
            lines = (child.body[0].lineno, child.end_lineno or child.lineno)
        yield from _within(child, here, inner, lines)


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for part, value in ast.iter_fields(node):
        if isinstance(value, list):
            for index, one in enumerate(value):
                if isinstance(one, ast.AST):
                    yield part, index, one
        elif isinstance(value, ast.AST):
            yield part, None, value


def _is_left_alone(holder: ast.AST, part: str, node: ast.AST) -> bool:
    if part in {"annotation", "returns", "decorator_list", "bases"}:
        return True
    if isinstance(holder, ast.Raise):
        return True
    if isinstance(holder, ast.AnnAssign) and part == "target":
        return True
    if isinstance(node, ast.keyword) and node.arg in WORDS:
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.JoinedStr | ast.Assert | ast.Import | ast.ImportFrom)


def _instead(node: ast.AST, spot: _Spot) -> Iterator[ast.AST | None]:
    """What could stand in the place of *node*; `None` for nothing at all."""
    if isinstance(node, ast.stmt):
        yield from _of_statement(node)
    elif isinstance(node, ast.expr):
        yield from _of_expression(node, spot)
    elif isinstance(node, ast.keyword) and spot.function is None:
        yield None


def _of_statement(node: ast.stmt) -> Iterator[ast.AST]:
    acts = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if acts or isinstance(node, ast.Raise | ast.AugAssign):
        yield ast.Pass()
    elif isinstance(node, ast.Return) and not _is_falsy(node.value):
        yield ast.Return(value=ast.Constant(value=None))


def _is_falsy(value: ast.expr | None) -> bool:
    """Whether it is as good as nothing already."""
    if isinstance(value, ast.Tuple):
        return not value.elts
    return value is None or (isinstance(value, ast.Constant) and not value.value)


def _of_expression(node: ast.expr, spot: _Spot) -> Iterator[ast.AST | None]:
    if spot.part in {"test", "ifs"}:
        yield from _of_condition(node, spot)
    if _is_item(spot):
        yield None
    for kind, instead in INSTEAD.items():
        if isinstance(node, kind):
            yield from instead(node)


def _of_condition(node: ast.expr, spot: _Spot) -> Iterator[ast.expr]:
    if not isinstance(node, ast.Compare | ast.BoolOp):
        yield _not(node)
    yield ast.Constant(value=spot.part == "ifs")


def _is_item(spot: _Spot) -> bool:
    return (
        spot.part == "elts"
        and isinstance(spot.holder, ast.Tuple | ast.List | ast.Set)
        and not isinstance(getattr(spot.holder, "ctx", None), ast.Store)
        and not (isinstance(spot.holder, ast.Set) and len(spot.holder.elts) == 1)
    )


def _not(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    return ast.UnaryOp(op=ast.Not(), operand=node)


def _of_comparison(node: ast.Compare) -> Iterator[ast.expr]:
    for index, operator in enumerate(node.ops):
        for other in COMPARED[type(operator)]:
            changed = copy.deepcopy(node)
            changed.ops[index] = other()
            yield changed


def _of_junction(node: ast.BoolOp) -> Iterator[ast.expr]:
    other = copy.deepcopy(node)
    other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield other
    for index in range(len(node.values)):
        left = [one for at, one in enumerate(node.values) if at != index]
        yield left[0] if len(left) == 1 else ast.BoolOp(op=node.op, values=left)


def _of_negation(node: ast.UnaryOp) -> Iterator[ast.expr]:
    if isinstance(node.op, ast.Not):
        yield node.operand


def _of_count(node: ast.BinOp) -> Iterator[ast.expr]:
    if type(node.op) in COUNTED:
        other = copy.deepcopy(node)
        other.op = COUNTED[type(node.op)]()
        yield other


def _of_call(node: ast.Call) -> Iterator[ast.expr]:
    if isinstance(node.func, ast.Name) and node.func.id in OPPOSITES:
        other = copy.deepcopy(node)
        other.func = ast.Name(id=OPPOSITES[node.func.id], ctx=ast.Load())
        yield other


def _of_constant(node: ast.Constant) -> Iterator[ast.expr]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(value=not value)
    elif isinstance(value, int):
        yield ast.Constant(value=value + 1)
        yield ast.Constant(value=value - 1)
    elif isinstance(value, str) and " " not in value:
        yield ast.Constant(value=value + "-mutated")


INSTEAD: dict[type[ast.expr], Callable[..., Iterator[ast.expr]]] = {
    ast.Compare: _of_comparison,
    ast.BoolOp: _of_junction,
    ast.UnaryOp: _of_negation,
    ast.BinOp: _of_count,
    ast.Call: _of_call,
    ast.Constant: _of_constant,
}


def _edited(original: ast.Module, spot: _Spot, new: ast.AST | None) -> ast.Module:
    tree = copy.deepcopy(original)
    holder: ast.AST = tree
    for part, index in spot.path[:-1]:
        held = getattr(holder, part)
        holder = held if index is None else held[index]
    part, index = spot.path[-1]
    if index is None:
        old = getattr(holder, part)
        setattr(holder, part, _placed(new, old))
    elif new is None:
        del getattr(holder, part)[index]
    else:
        old = getattr(holder, part)[index]
        getattr(holder, part)[index] = _placed(new, old)
    return ast.fix_missing_locations(tree)


def _placed(new: ast.AST | None, old: ast.AST) -> ast.AST:
    assert new is not None
    return ast.copy_location(copy.deepcopy(new), old)


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 120 else f"{text[:117]}..."
