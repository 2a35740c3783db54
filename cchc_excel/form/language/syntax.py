"""Text → tree. A small, safe subset of Python expressions over `[id]` references.

    condition  := implied ["=>" condition]
    implied    := conjunct {"or" conjunct}          conjunct := negated {"and" negated}
    negated    := "not" negated | comparison
    comparison := sum {("<" | "<=" | ">" | ">=" | "==" | "!=") sum} | sum ["not"] "in" "{" literal {"," literal} "}"
    sum        := product {("+" | "-") product}     product  := factor {("*" | "/") factor}
    factor     := "-" factor | number | "text" | [id] | name "(" list ")" | "(" condition ")"

A chain `a <= b <= c` is read as `a <= b and b <= c`, an `if` of two conditions as two implications, `blank` of a sum as
that one of its entries is blank. Every node keeps the offsets of its text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from functools import reduce
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
    "mod": (("number", "number"), False, "number"),
    "if": (("truth", "number", "number"), False, "number"),
    "first_nonblank": (("entry", "number"), True, "number"),
    "count_given": (("entry",), True, "number"),
    "blank": (("entry",), False, "truth"),
    "previous": (("entry",), False, "number"),
    "just_before": (("entry",), False, "number"),
    "same_period_last_year": (("entry",), False, "number"),
    "rounding": (("entry",), False, "number"),
    "is_integer": (("number",), False, "truth"),
    "both_or_neither": (("truth", "truth"), False, "truth"),
    "not_both": (("truth", "truth"), False, "truth"),
    "agrees": (("entry", "number", "number"), False, "truth"),
    "truncated": (("entry", "number", "number"), False, "truth"),
}

EARLIER = ("previous", "just_before", "same_period_last_year")
"""Functions that take a figure from an earlier report: any, the one right before, that of the same period last year."""

OPERATORS = (
    frozenset({"number", "text", "entry", "neg", "+", "-", "*", "/", "not", "and", "or", "=>", "in"}) | COMPARISONS
)
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
    | (?P<sign>=>|<=|>=|==|!=|[-+*/<>(),{}])
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
    tokens = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            rest = text[position:]
            position += len(rest) - len(rest.lstrip())
            raise ExpressionError("unexpected", text, position, position + 1)
        kind = match.lastgroup or ""
        tokens.append(_Token(kind, match[kind], match.start(kind), match.end(kind)))
        position = match.end()
    tokens.append(_Token("end", "", len(text), len(text)))
    return tokens


def _type(node: Node) -> Type:
    if node.op in FUNCTIONS:
        return FUNCTIONS[node.op][2]
    if node.op in {"text", "entry"}:
        return node.op  # type: ignore[return-value]
    if node.op in COMPARISONS or node.op in {"not", "and", "or", "=>", "in"}:
        return "truth"
    return "number"


class _Parser:
    """A recursive descent, one method a line of the grammar; `depth` counts the brackets that are open."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.place = text, _tokens(text), 0

    @property
    def here(self) -> _Token:
        return self.tokens[self.place]

    def mistake(self, kind: str, token: _Token | Node) -> ExpressionError:
        return ExpressionError(kind, self.text, token.start, max(token.end, token.start + 1))

    def take(self, *texts: str) -> _Token | None:
        """The next token if it is one of these, which is passed over then."""
        token = self.here
        if token.kind in {"sign", "name"} and token.text in texts:
            self.place += 1
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
        if self.here.kind == "name" and self.here.text in {"in", "not"}:
            return self.one_of(left)
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

    def one_of(self, left: Node) -> Node:
        """`[1] in {1, 2}`, `[kind] not in {"A", "B"}`: literals of one kind, and what is compared of the same."""
        denied = self.take("not")
        self.expect("in")
        self.expect("{")
        literals = [self.literal()]
        while self.take(","):
            literals.append(self.literal())
        close = self.expect("}")
        kind: Type = "text" if literals[0].op == "text" else "number"
        for literal in literals:
            if literal.op != kind:
                raise self.mistake(f"not_a_{kind}", literal)
        if kind == "text" and _type(left) not in {"text", "entry"}:
            raise self.mistake("not_a_text", left)
        subject = left if kind == "text" else self.must(left, "number")
        found = self.node("in", subject, *literals, end=close.end)
        return self.node("not", found) if denied else found

    def literal(self) -> Node:
        minus, token = self.take("-"), self.here
        if token.kind == "end":
            raise self.mistake("unexpected", token)
        if token.kind != "number" and (minus or token.kind != "text"):
            raise self.mistake("not_a_literal", token)
        self.place += 1
        if token.kind == "text":
            return Node("text", (), token.text[1:-1], token.start, token.end)
        number = _number_of(token)
        if minus:
            return Node("number", (), -number, minus.start, token.end)
        return Node("number", (), number, token.start, token.end)

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
        if token.kind in {"sign", "end"}:
            raise self.mistake("unexpected", token)
        self.place += 1
        if token.kind == "name":
            return self.called(token, depth)
        value = _number_of(token) if token.kind == "number" else token.text[1:-1]
        return Node(token.kind, (), value, token.start, token.end)

    def called(self, name: _Token, depth: int) -> Node:
        if name.text not in FUNCTIONS:
            raise self.mistake("unknown_function", name)
        wanted, repeats, _ = FUNCTIONS[name.text]
        self.expect("(")
        args = [self.condition(depth + 1)]
        while self.take(","):
            args.append(self.condition(depth + 1))
        close = self.expect(")")
        is_too_long = len(args) > len(wanted) and not repeats
        if len(args) < len(wanted) or is_too_long:
            raise self.mistake("wrong_number_of_arguments", name)
        if name.text == "blank" and args[0].op != "entry":
            return self.blank(args[0])
        if name.text == "if" and "truth" in {_type(args[1]), _type(args[2])}:
            return self.choice_of_conditions(*args)
        of_each = wanted + wanted[-1:] * (len(args) - len(wanted))
        typed = [self.must(arg, type_of_arg) for arg, type_of_arg in zip(args, of_each, strict=True)]
        if name.text == "first_nonblank":
            typed = [*(self.must(arg, "entry") for arg in typed[:-1]), typed[-1]]
        if name.text in {"round", "mod"} and typed[1].op != "number":
            raise self.mistake("not_a_literal", typed[1])
        if name.text == "mod" and not typed[1].value:
            raise self.mistake("not_a_literal", typed[1])
        return self.node(name.text, *typed, start=name.start, end=close.end)

    def choice_of_conditions(self, condition: Node, then: Node, otherwise: Node) -> Node:
        """An `if` of two conditions: `condition => then` and `not condition => otherwise`."""
        condition, then, otherwise = (self.must(arg, "truth") for arg in (condition, then, otherwise))
        denied = self.node("not", condition)
        return self.node("and", self.node("=>", condition, then), self.node("=>", denied, otherwise))

    def blank(self, of: Node) -> Node:
        """That a figure of an earlier report is blank, or any entry of a sum, so that it cannot be calculated."""
        if of.op in EARLIER:
            return self.node("blank", of)
        if _type(of) != "number":
            raise self.mistake("not_a_entry", of)
        keys = dict.fromkeys(str(inner.value) for inner in of.walk() if inner.op == "entry")
        if not keys or any(inner.op in EARLIER for inner in of.walk()):
            raise self.mistake("not_a_entry", of)
        entries = [Node("entry", (), key, of.start, of.end) for key in keys]
        tests = [Node("blank", (entry,), 0, of.start, of.end) for entry in entries]
        return reduce(lambda left, right: self.node("or", left, right), tests)


def _number_of(token: _Token) -> int | Fraction:
    number = Fraction(token.text)
    return int(number) if number.denominator == 1 else number


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """Return the tree with its entries' ids replaced by `names`; ids that are not in it stay."""
    if node.op == "entry":
        return Node("entry", (), names.get(str(node.value), node.value), node.start, node.end)
    if not node.args:
        return node
    return Node(node.op, tuple(renamed(arg, names) for arg in node.args), node.value, node.start, node.end)


def or_zero(node: Node) -> Node:
    """The tree with a blank counted as 0 wherever an entry stands for its figure."""
    if node.op == "entry":
        return Node("first_nonblank", (node, Node("number", (), 0, node.start, node.end)), 0, node.start, node.end)
    if node.op in {"blank", "rounding", "first_nonblank", "count_given", *EARLIER}:
        return node
    if not node.args:
        return node
    return node._replace(args=tuple(or_zero(arg) for arg in node.args))


def is_or_zero(node: Node) -> bool:
    """Whether it is an entry of which a blank counts as 0."""
    if node.op != "first_nonblank" or len(node.args) != 2:
        return False
    otherwise = node.args[1]
    return otherwise.op == "number" and otherwise.value == 0


def misused_texts(node: Node, texts: Collection[str]) -> Iterator[Node]:
    """Yield the entries of kind text (their ids in `texts`) that stand where a number is needed, and the reverse."""
    for parent in node.walk():
        if parent.op in {"blank", "count_given"}:
            continue
        entries = [arg for arg in parent.args if arg.op == "entry"]
        has_text = any(arg.op == "text" for arg in parent.args) or any(entry.value in texts for entry in entries)
        takes_texts = parent.op in {"==", "!=", "in"} and has_text
        for entry in entries:
            is_text = entry.value in texts
            if is_text != takes_texts:
                yield entry


def sides(node: Node) -> tuple[Node, Node] | None:
    """Return the two sides of a condition that is one comparison of numbers, else None."""
    if node.op in COMPARISONS and not any(arg.op == "text" for arg in node.args):
        return node.args[0], node.args[1]
    return None
