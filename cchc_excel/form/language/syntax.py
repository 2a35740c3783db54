"""Text → tree. A small, safe subset of Python expressions over `[id]` references.

    condition  := implied ["=>" condition]
    implied    := conjunct {"or" conjunct}          conjunct := negated {"and" negated}
    negated    := "not" negated | comparison
    comparison := sum {("<" | "<=" | ">" | ">=" | "==" | "!=") sum}
    sum        := product {("+" | "-") product}     product  := factor {("*" | "/") factor}
    factor     := "-" factor | number | "text" | [id] | name "(" list ")" | "(" condition ")"

A chain `a <= b <= c` is read as `a <= b and b <= c`. Every node keeps the offsets of its text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from cchc_excel.errors import ExpressionError

Type = Literal["number", "text", "truth", "entry"]

COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})

# name → (types of its arguments, whether the last one repeats, type of its result)
FUNCTIONS: dict[str, tuple[tuple[Type, ...], bool, Type]] = {
    "abs": (("number",), False, "number"),
    "min": (("number",), True, "number"),
    "max": (("number",), True, "number"),
    "sum": (("number",), True, "number"),
    "round": (("number", "number"), False, "number"),
    "blank": (("entry",), False, "truth"),
    "previous": (("entry",), False, "number"),
    "rounding": (("entry",), False, "number"),
    "is_integer": (("number",), False, "truth"),
    "both_or_neither": (("truth", "truth"), False, "truth"),
    "not_both": (("truth", "truth"), False, "truth"),
    "agrees": (("entry", "number", "number"), False, "truth"),
    "truncated": (("entry", "number", "number"), False, "truth"),
}

OPERATORS = frozenset({"number", "text", "entry", "neg", "+", "-", "*", "/", "not", "and", "or", "=>"}) | COMPARISONS
OPERATORS |= frozenset(FUNCTIONS)
"""Every operator a tree can hold; each reading must have a line for each of them (a test looks)."""

MAX_DEPTH = 60  # levels; no rule written by hand has more than ten, and Python's own stack stays far away


class Node(NamedTuple):
    """One operator with its arguments; `value` is a literal's value or an entry's id."""

    op: str
    args: tuple[Node, ...] = ()
    value: int | Fraction | str = 0
    start: int = 0
    end: int = 0

    def walk(self) -> Iterator[Node]:
        """Every node of the tree, parents first."""
        yield self
        for arg in self.args:
            yield from arg.walk()


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<entry>\[[^\[\]"\s]+\])
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<text>"[^"]*")
    | (?P<name>[A-Za-z_]+)
    | (?P<sign>=>|<=|>=|==|!=|[-+*/<>(),])
    )""",
    re.VERBOSE,
)


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def parse(text: str) -> Node:
    """Return the tree of a condition. Raises ExpressionError, with the offsets of the mistake."""
    return _parsed(text, "truth")


def parse_number(text: str) -> Node:
    """Return the tree of a number, such as an expected value. Raises ExpressionError as `parse` does."""
    return _parsed(text, "number")


def _parsed(text: str, wanted: Type) -> Node:
    parser = _Parser(text)
    node = parser.condition(0)
    if parser.here.kind != "end":
        raise parser.mistake("unexpected", parser.here)
    return parser.must(node, wanted)


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise ExpressionError("unexpected", text, at, at + 1)
        kind = match.lastgroup or ""
        tokens.append(_Token(kind, match[kind], match.start(kind), match.end(kind)))
        at = match.end()
    tokens.append(_Token("end", "", len(text), len(text)))
    return tokens


def _type(node: Node) -> Type:
    if node.op in FUNCTIONS:
        return FUNCTIONS[node.op][2]
    if node.op in {"text", "entry"}:
        return node.op  # type: ignore[return-value]
    return "truth" if node.op in COMPARISONS or node.op in {"not", "and", "or", "=>"} else "number"


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.at = text, _tokens(text), 0

    @property
    def here(self) -> _Token:
        return self.tokens[self.at]

    def mistake(self, kind: str, token: _Token | Node) -> ExpressionError:
        return ExpressionError(kind, self.text, token.start, max(token.end, token.start + 1))

    def take(self, *texts: str) -> _Token | None:
        token = self.here
        if token.kind in {"sign", "name"} and token.text in texts:
            self.at += 1
            return token
        return None

    def expect(self, text: str) -> _Token:
        token = self.take(text)
        if token is None:
            raise self.mistake("unexpected", self.here)
        return token

    def must(self, node: Node, wanted: Type) -> Node:
        """Give `node` the wanted type, or refuse: a bare entry can stand for its number or for "is given"."""
        found = _type(node)
        if found == wanted or (found == "entry" and wanted == "number"):
            return node
        if found == "entry" and wanted == "truth":
            return self.node("not", self.node("blank", node))
        raise self.mistake(f"not_a_{wanted}", node)

    def node(self, op: str, *args: Node, start: int | None = None, end: int | None = None) -> Node:
        first = args[0].start if start is None else start
        last = args[-1].end if end is None else end
        return Node(op, args, 0, first, last)

    def condition(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.mistake("too_deep", self.here)
        left = self.joined("or", depth)
        if self.take("=>"):
            right = self.condition(depth + 1)
            return self.node("=>", self.must(left, "truth"), self.must(right, "truth"))
        return left

    def joined(self, word: str, depth: int) -> Node:
        def inner() -> Node:
            return self.joined("and", depth) if word == "or" else self.negated(depth)

        left = inner()
        while self.take(word):
            left = self.node(word, self.must(left, "truth"), self.must(inner(), "truth"))
        return left

    def negated(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.mistake("too_deep", self.here)
        token = self.take("not")
        if token:
            inner = self.must(self.negated(depth + 1), "truth")
            return self.node("not", inner, start=token.start)
        return self.comparison(depth)

    def comparison(self, depth: int) -> Node:
        left, chain = self.sum(depth), []
        while token := self.take(*COMPARISONS):
            right = self.sum(depth)
            chain.append(self.compared(token.text, left, right))
            left = right
        if not chain:
            return left
        whole = chain[0]
        for link in chain[1:]:
            whole = self.node("and", whole, link)
        return whole

    def compared(self, sign: str, left: Node, right: Node) -> Node:
        if "text" in {_type(left), _type(right)}:
            for side in (left, right):
                if _type(side) not in {"text", "entry"}:
                    raise self.mistake("not_a_text", side)
            if sign not in {"==", "!="}:
                raise self.mistake("not_a_number", left if _type(left) == "text" else right)
            return self.node(sign, left, right)
        return self.node(sign, self.must(left, "number"), self.must(right, "number"))

    def sum(self, depth: int) -> Node:
        left = self.product(depth)
        while token := self.take("+", "-"):
            left = self.node(token.text, self.must(left, "number"), self.must(self.product(depth), "number"))
        return left

    def product(self, depth: int) -> Node:
        left = self.factor(depth)
        while token := self.take("*", "/"):
            left = self.node(token.text, self.must(left, "number"), self.must(self.factor(depth), "number"))
        return left

    def factor(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.mistake("too_deep", self.here)
        token = self.here
        if self.take("-"):
            return self.node("neg", self.must(self.factor(depth + 1), "number"), start=token.start)
        if self.take("("):
            inner = self.condition(depth + 1)
            self.expect(")")
            return inner
        self.at += token.kind != "end"
        if token.kind == "number":
            number = Fraction(token.text)
            return Node("number", (), int(number) if number.denominator == 1 else number, token.start, token.end)
        if token.kind in {"text", "entry"}:
            return Node(token.kind, (), token.text[1:-1], token.start, token.end)
        if token.kind == "name":
            return self.called(token, depth)
        raise self.mistake("unexpected", token)

    def called(self, name: _Token, depth: int) -> Node:
        if name.text not in FUNCTIONS:
            raise self.mistake("unknown_function", name)
        wanted, repeats, _ = FUNCTIONS[name.text]
        self.expect("(")
        args = [self.condition(depth + 1)]
        while self.take(","):
            args.append(self.condition(depth + 1))
        close = self.expect(")")
        if len(args) < len(wanted) or (len(args) > len(wanted) and not repeats):
            raise self.mistake("wrong_number_of_arguments", name)
        typed = [self.must(arg, wanted[min(index, len(wanted) - 1)]) for index, arg in enumerate(args)]
        if name.text == "round" and typed[1].op != "number":
            raise self.mistake("not_a_literal", typed[1])
        return self.node(name.text, *typed, start=name.start, end=close.end)


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """Return the tree with its entries' ids replaced by `names`; ids that are not in it stay."""
    if node.op == "entry":
        return Node("entry", (), names.get(str(node.value), node.value), node.start, node.end)
    if not node.args:
        return node
    return Node(node.op, tuple(renamed(arg, names) for arg in node.args), node.value, node.start, node.end)


def misused_texts(node: Node, texts: Collection[str]) -> Iterator[Node]:
    """Yield the entries of kind text (their ids in `texts`) that stand where a number is needed, and the reverse."""
    for parent in node.walk():
        entries = [arg for arg in parent.args if arg.op == "entry"]
        if parent.op == "blank":
            continue
        with_text = any(arg.op == "text" or (arg.op == "entry" and arg.value in texts) for arg in parent.args)
        comparable = parent.op in {"==", "!="} and with_text
        for entry in entries:
            if (entry.value in texts) != comparable:
                yield entry


def sides(node: Node) -> tuple[Node, Node] | None:
    """Return the two sides of a condition that is one comparison of numbers, else None."""
    if node.op in COMPARISONS and not any(arg.op == "text" for arg in node.args):
        return node.args[0], node.args[1]
    return None
