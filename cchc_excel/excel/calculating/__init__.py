"""Results of formulas, by IronCalc."""
