"""What must be kept of many figures of one row so that they can be added up again; no files, no units."""
