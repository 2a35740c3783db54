"""Relations that follow from others: a denial, an implication."""

from __future__ import annotations

from cchc_excel.localise import Disjunction, Linear


def negations(linear: Linear) -> tuple[Linear, ...]:
    """The ways in which a linear relation can fail: below its lower bound, above its upper one."""
    below = Linear(linear.id, linear.coefficients, upper=linear.lower, strict_upper=not linear.strict_lower)
    above = Linear(linear.id, linear.coefficients, lower=linear.upper, strict_lower=not linear.strict_upper)
    return ((below,) if linear.lower is not None else ()) + ((above,) if linear.upper is not None else ())


def implication(name: str, premise: tuple[Linear, ...], conclusion: tuple[Linear, ...]) -> Disjunction:
    """`premise => conclusion`, each several relations at once."""
    return Disjunction(name, (*((no,) for one in premise for no in negations(one)), conclusion))
