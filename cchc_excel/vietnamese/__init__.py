"""Vietnamese as clerks write it: text made comparable, encodings from before Unicode, names of units."""
