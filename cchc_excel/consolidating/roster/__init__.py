"""The list of units that must report: loaded, refused with all its mistakes at once, matched with names on files."""
