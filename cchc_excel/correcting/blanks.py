"""What a blank must hold by the figures around it, and whether that is sure enough to be written.

In:     the findings of one submission; what the solver deduced; which entries are doubted.
Out:    a Fix for the finding of a blank, and the checks that would fail by it.
Never:  takes one check's value for the only one while another check names another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cchc_excel.checking import failing
from cchc_excel.codes import Fixing
from cchc_excel.correcting.candidates import WHOLE_PERCENT, changed, some_component_fits
from cchc_excel.correcting.digits import LEAST_FOR_DIGITS
from cchc_excel.correcting.doubts import Doubts
from cchc_excel.finding import Alternative, Because, Certainty, EntryChange, Finding, Fix
from cchc_excel.form import Check, Form
from cchc_excel.form.language import Record
from cchc_excel.submission import Figure

MOST_TOLD = 3  # checks that a reason names
FOLLOWS = 10  # evidence of a blank that the figures around it determine


class Blanks:
    """The blanks of one submission, with all that is known of what they must hold."""

    def __init__(
        self,
        findings: Iterable[Finding],
        deduced: Mapping[str, Figure],
        record: Record,
        doubts: Doubts,
        form: Form,
    ) -> None:
        self.deduced, self.record, self.doubts, self.form = deduced, record, doubts, form
        self.values_of: dict[str, list[Figure]] = {}
        for finding in findings:
            self._remember(finding)

    def _remember(self, finding: Finding) -> None:
        """Keep the value that a finding names for a blank."""
        value = finding.compared_with
        if finding.indicators and finding.observed is None and value is not None and not isinstance(value, str):
            values = self.values_of.setdefault(finding.indicators[0], [])
            if value not in values:
                values.append(value)

    def filled(self, finding: Finding) -> Fix | None:
        """The figure that a blank must hold by the figures around it."""
        target, value = finding.indicators[0], finding.compared_with
        if value is None:
            return self._follows(finding)
        if isinstance(value, str):
            return None
        others = [other for other in self.values_of.get(target, ()) if other != value]
        if others:
            return _one_of_several(target, value, others)
        contradicted = self._contradicted(finding, {target: value})
        if contradicted is not None:
            return contradicted
        is_calculated = self.form.fixing_of(finding.code) is Fixing.SAFE
        return Fix(
            changes=(EntryChange(target, None, value),),
            certainty=Certainty.DEDUCED if self._is_sure(finding) else Certainty.SUGGESTED,
            because=Because("components_give" if is_calculated else "only_value_left"),
            evidence=0 if self._may_stay_blank(finding) or self._is_out_of_a_slip(finding) else FOLLOWS,
        )

    def as_in_twin(self, finding: Finding, check: Check) -> Fix | None:
        """The figures of the percentage that mostly has the same components, all at once; none that is doubted."""
        twin = self.form[check.roles["twin"]]
        copied = {
            check.target: twin.id,
            check.roles["own_whole"]: twin.whole or "",
            check.roles["own_part"]: twin.part or "",
        }
        if not self.doubts.beside(finding).isdisjoint(copied.values()):
            return None
        values = self.record.values
        figures = {own: values[other] for own, other in copied.items() if other in values}
        contradicted = self._contradicted(finding, figures)
        if contradicted is not None:
            return contradicted
        return Fix(_fillings(figures), Certainty.SUGGESTED, Because("as_in_twin"), evidence=FOLLOWS)

    def _follows(self, finding: Finding) -> Fix | None:
        """The figure that a blank must hold by all that the others say together."""
        target = finding.indicators[0]
        value = self.deduced.get(target)
        if value is None:
            return None
        contradicted = self._contradicted(finding, {target: value})
        if contradicted is not None:
            return contradicted
        return Fix(_fillings({target: value}), Certainty.SUGGESTED, Because("only_value_left"), evidence=FOLLOWS)

    def _contradicted(self, finding: Finding, figures: Mapping[str, Figure]) -> Fix | None:
        """The figures with the checks that fail by them; None where another figure is doubted of each that does."""
        doubted = self.doubts.beside_blank(finding.indicators[0]).difference(figures, finding.indicators)
        broken = [
            code
            for code, target in self._broken_by(figures)
            if doubted.isdisjoint(self.form.by_target[code, target].involved)
            and self._may_hold(self.form.by_target[code, target], figures)
        ]
        if not broken:
            return None
        told = list(dict.fromkeys(broken))[:MOST_TOLD]
        because = Because("would_contradict", {"checks": ", ".join(told)})
        return Fix(_fillings(figures), Certainty.SUGGESTED, because)

    def _may_hold(self, check: Check, figures: Mapping[str, Figure]) -> bool:
        """Whether a check can hold with any figures in these blanks: a percentage that cannot is wrong itself."""
        components = figures.keys() - {check.target}
        if not check.is_of_a_rate or len(components) != 1 or check.target in figures:
            return True
        return some_component_fits(check, self.record, *components)

    def _broken_by(self, figures: Mapping[str, Figure]) -> list[tuple[str, str]]:
        """The checks, by code and target, that hold while these entries are blank and fail once they are filled."""
        before = failing(self.record, self.form, figures)
        after = failing(changed(self.record, figures), self.form, figures)
        return [place for place in after if place not in before]

    def _is_sure(self, finding: Finding) -> bool:
        """Whether a blank may be filled unasked: nothing else doubts these entries, and nothing breaks by it."""
        if not self.doubts.beside(finding).isdisjoint(finding.indicators) or _is_of_nothing(finding):
            return False
        return finding.compared_with is not None and not self._broken_by({finding.indicators[0]: finding.compared_with})

    def _is_out_of_a_slip(self, finding: Finding) -> bool:
        """Whether a blank component follows from a percentage that says what the other one says: 97 % of 97."""
        roles = self.form.by_target[finding.code, finding.indicators[0]].roles
        written, part, whole = (self.record.values.get(roles.get(role, "")) for role in ("written", "part", "whole"))
        return written is not None and written != WHOLE_PERCENT and written in {part, whole}

    def _may_stay_blank(self, finding: Finding) -> bool:
        """Whether a percentage would be 0, and one digit typed wrong makes its whole of a 0."""
        if not _is_of_nothing(finding):
            return False
        whole = finding.facts["whole"]
        return isinstance(whole, int) and whole < LEAST_FOR_DIGITS


def is_contradicted(fix: Fix) -> bool:
    """Whether a figure is named only to say which checks speak against it."""
    return fix.because.reason == "would_contradict"


def _is_of_nothing(finding: Finding) -> bool:
    """Whether a percentage would be 0: 0 of a wrong figure looks the same as 0 of 0, where the blank is right."""
    return finding.facts.get("part") == 0


def _one_of_several(target: str, value: Figure, others: Sequence[Figure]) -> Fix:
    """A value that one check names while others name others: nothing tells which of them is right."""
    alternatives = [Alternative(_fillings({target: other}), Because("named_elsewhere")) for other in others]
    return Fix(
        changes=_fillings({target: value}),
        certainty=Certainty.SUGGESTED,
        because=Because("checks_differ"),
        alternatives=tuple(alternatives),
    )


def _fillings(figures: Mapping[str, Figure]) -> tuple[EntryChange, ...]:
    return tuple(EntryChange(key, None, value) for key, value in figures.items())
