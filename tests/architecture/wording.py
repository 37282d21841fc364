"""Finds words that no catalog can reach: bare sentences in Python. Templates are looked at in `tests/ui`."""

import ast
import re
from collections.abc import Iterator

TRANSLATING = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
}  # fmt: skip
# Told to whoever wrote the code, not to whoever uses it.
FOR_DEVELOPERS = {
    "AssertionError", "BrokenReference", "CannotUnseal", "LookupError", "NotInAWrite", "NothingToDraw", "UnknownSvg",
    "UnrecordedWrite", "ValueError",
}  # fmt: skip
TWO_WORDS = re.compile(r"[A-Za-z]{2,},? [A-Za-z]{2,}")
SENTENCE = re.compile(r"^\W*[A-Z].*|.*[.?!:]\W*$", re.DOTALL)
SQL = re.compile(r"(SELECT|INSERT INTO|UPDATE|DELETE FROM) ")  # told to the database
UNNAMED = re.compile(r"%[sd]|\{\d*[:!}]")


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _text(node: ast.AST) -> str | None:
    """What a literal says, `{}` for each part that is filled in; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "{}" for part in node.values)
    return None


def _documentation(tree: ast.AST) -> set[int]:
    """Docstrings and other strings that stand alone as a statement."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def bare_sentences(source: str) -> Iterator[str]:
    """Every sentence, and every word of a refusal, that does not go through `gettext` or one of its kin."""
    tree = ast.parse(source)
    passed = _documentation(tree)
    refusals: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in TRANSLATING:
            passed |= {id(each) for argument in node.args for each in ast.walk(argument)}
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            inside = {id(each) for argument in node.exc.args for each in ast.walk(argument)}
            if _called(node.exc) in FOR_DEVELOPERS:
                passed |= inside
            else:
                refusals |= {id(argument) for argument in node.exc.args}
        elif isinstance(node, ast.JoinedStr):
            passed |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        text = _text(node)
        if text is None or id(node) in passed or SQL.match(text):
            continue
        if id(node) in refusals or (TWO_WORDS.search(text) and SENTENCE.match(text)):
            yield f"line {getattr(node, 'lineno', 0)}: {text}"


def unreadable_messages(source: str) -> Iterator[str]:
    """Messages that `makemessages` cannot read, or whose translator could not tell what is filled in."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or _called(node) not in TRANSLATING or not node.args:
            continue
        message = node.args[0]
        if isinstance(message, ast.JoinedStr | ast.BinOp | ast.Call):
            yield f"line {node.lineno}: not a literal"
        elif (text := _text(message)) and UNNAMED.search(text):
            yield f"line {node.lineno}: a value has no name in {text!r}"
