"""Scripts of other people's repositories, read as text and as syntax trees only."""

from __future__ import annotations

import ast
import os
import stat
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from adapters.syntax import is_old, why_not
from harness.model.faults import FaultKind
from harness.model.history import Trouble

_LARGEST = 5_000_000
_TOOLS_OWN = {"alembic", "sqlalchemy", "migrate"}


class UnreadableError(Exception):
    """A file cannot be read; the message says why, in words for a person."""


class OldPythonError(UnreadableError):
    """A script is written for Python 2, which this Python does not parse."""


def text_of(file: Path) -> bytes:
    """Return what a file holds; `UnreadableError` if it is none, or too large."""
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("it is not a file")
        if status.st_size > _LARGEST:
            message = f"it is larger than {_LARGEST} bytes"
            raise UnreadableError(message)
        return file.read_bytes()
    except OSError as error:
        raise UnreadableError(error.strerror or type(error).__name__) from error


def listed(folder: Path) -> tuple[Path, ...]:
    """Return what lies in a folder, sorted; `UnreadableError` if it cannot be listed."""
    try:
        return tuple(sorted(folder.iterdir()))
    except OSError as error:
        raise UnreadableError(error.strerror or type(error).__name__) from error


def is_folder(path: Path) -> bool:
    """Tell whether there is a folder that we may look at."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir() raises where it may not


def tree_of(file: Path) -> ast.Module:
    """Return the syntax tree of a script; `UnreadableError` with line if there is none."""
    source = text_of(file)
    try:
        with warnings.catch_warnings():
            # An escape that Python frowns upon is its author's business.
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        kind = OldPythonError if is_old(error) else UnreadableError
        raise kind(why_not(source, error)) from error
    except (RecursionError, MemoryError) as error:
        message = f"it is nested too deeply, or too large ({error or 'out of memory'})"
        raise UnreadableError(message) from error
    except ValueError as error:
        message = f"not Python ({error})"
        raise UnreadableError(message) from error


def unreadable(file: Path, error: UnreadableError, remedy: str) -> Trouble:
    """Return the trouble with a file that cannot be read."""
    if isinstance(error, OldPythonError):
        return Trouble(
            FaultKind.PYTHON_2,
            f"is written for Python 2, so what it does is not read: {error}",
            "leave it if it is run by Python 2; else write it anew for Python 3",
            (file,),
        )
    return Trouble(FaultKind.UNREADABLE, f"cannot be read: {error}", remedy, (file,))


def no_script(folder: Path) -> Trouble:
    """Return the trouble with a folder that holds no script."""
    words = "the folder holds no script that the tool takes"
    remedy = "write a first one, or name the right folder with --versions"
    return Trouble(FaultKind.NO_SCRIPTS, words, remedy, (folder,))


def constants(body: Iterable[ast.stmt]) -> dict[str, ast.expr]:
    """Return what names are assigned, the last one each, in plain assignments."""
    found: dict[str, ast.expr] = {}
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found[name] = value
            case ast.Assign(
                targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)
            ) if len(names) == len(values):
                for one, value in zip(names, values, strict=True):
                    if isinstance(one, ast.Name):
                        found[one.id] = value
            case _:
                pass
    return found


def bound(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the names that a module gives a meaning, each with the statement that does.

    Also those under a condition, in a loop or by an import; not those inside of
    functions and classes. `*` stands for all that an import may bring.
    """
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        statement = waiting.pop()
        yield from ((name, statement) for name in _bound_by(statement))
        waiting.extend(_inside(statement))


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.split(".")[0] for alias in names)
        case _:
            inner = set(map(id, _inside(statement)))
            parts = (n for n in ast.iter_child_nodes(statement) if id(n) not in inner)
            for node in (node for part in parts for node in ast.walk(part)):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


def _inside(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield the statements directly inside of one that is no function and no class."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for part in ast.iter_child_nodes(statement):
        if isinstance(part, ast.stmt):
            yield part
        elif isinstance(part, ast.ExceptHandler | ast.match_case):
            yield from part.body


def names_at(
    line: int, tree: ast.Module, function: ast.FunctionDef
) -> dict[str, ast.expr]:
    """Return what names stand for at a line of a function: what was assigned before."""
    before = sorted(
        (
            node
            for node in ast.walk(function)
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno <= line
        ),
        key=lambda node: node.lineno,
    )
    return {**constants(tree.body), **constants(before)}


def literal(node: ast.expr | None, names: Mapping[str, ast.expr]) -> Any:  # noqa: ANN401
    """Return the value that an expression spells out; `ValueError` if it is worked out."""
    match node:
        case ast.Name(id=name) if name in names:
            rest = {key: value for key, value in names.items() if key != name}
            return literal(names[name], rest)
        case (
            ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements)
        ):
            return tuple(literal(element, names) for element in elements)
        case ast.expr():
            return ast.literal_eval(node)
        case _:
            return None


def word(node: ast.expr | None, names: Mapping[str, ast.expr]) -> str:
    """Return the text that an expression spells out, or nothing.

    Of a text that is put together only the beginning is known.
    """
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str(begins)), *_]):
            return begins
        case ast.Call(func=func, args=[inner, *_]) if last_name(func) in {"text", "f"}:
            return word(inner, names)
        case ast.Call(func=ast.Attribute(value=inner, attr="bindparams" | "format")):
            return word(inner, names)
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add()):
            return word(left, names)
        case ast.Name(id=name) if name in names:
            rest = {key: value for key, value in names.items() if key != name}
            return word(names[name], rest)
        case ast.Constant(value=str(text)):
            return text
    return ""


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name, or nothing."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def root_name(node: ast.expr) -> str:
    """Return the name that a chain of attributes, calls and items begins with."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return a keyword argument of a call, None if it is not given."""
    return next((k.value for k in call.keywords if k.arg == name), None)


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """Return an argument of a call by its position or its name."""
    if position < len(call.args):
        return call.args[position]
    return keyword(call, name)


def functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """Return the functions of a module by name, also those that depend on a condition."""
    found: dict[str, ast.FunctionDef] = {}
    for statement in tree.body:
        inner: list[ast.stmt] = [statement]
        if isinstance(statement, ast.If | ast.Try):
            inner = [*statement.body, *statement.orelse]
        found.update({f.name: f for f in inner if isinstance(f, ast.FunctionDef)})
    return found


def reached(name: str, tree: ast.Module) -> tuple[ast.FunctionDef, ...]:
    """Return a function of a module with those of the module that it calls."""
    there = functions(tree)
    order, waiting = dict.fromkeys([name] if name in there else []), [name]
    while waiting:
        function = there.get(waiting.pop())
        for node in ast.walk(function) if function else ():
            match node:
                case ast.Name(id=called) if called in there and called not in order:
                    order[called] = None
                    waiting.append(called)
                case _:
                    pass
    return tuple(there[called] for called in order)


def imported_from_elsewhere(tree: ast.Module) -> frozenset[str]:
    """Return the names that come from neither Python, SQLAlchemy nor the tools."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found.update(
                    alias.asname or alias.name.split(".")[0]
                    for alias in names
                    if _foreign(alias.name)
                )
            case ast.ImportFrom(module=module, names=names) if _foreign(module or ""):
                found.update(alias.asname or alias.name for alias in names)
            case _:
                pass
    return frozenset(found)


def calls_as_statements(function: ast.FunctionDef) -> Iterator[ast.Call]:
    """Return the calls whose value nobody takes, and those of `with`."""
    for node in ast.walk(function):
        match node:
            case ast.Expr(value=ast.Call() as call):
                yield call
            case ast.With(items=items):
                contexts = (item.context_expr for item in items)
                yield from (call for call in contexts if isinstance(call, ast.Call))
            case _:
                pass


def only_raises(function: ast.FunctionDef) -> str:
    """Return what a function raises if it does nothing else, or nothing."""
    body = [s for s in function.body if not _says_nothing(s)]
    match body:
        case [ast.Raise(exc=ast.expr() as raised)]:
            return root_name(raised) or ast.unparse(raised)
    return ""


def is_blank(function: ast.FunctionDef) -> bool:
    """Tell whether a function holds no statement that could do anything."""
    return all(map(_says_nothing, function.body))


def _says_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=value) | ast.Return(value=value):
            return value is None or isinstance(value, ast.Constant)
    return False


def _foreign(module: str) -> bool:
    top = module.split(".", maxsplit=1)[0]
    return top not in _TOOLS_OWN and top not in sys.stdlib_module_names
