"""New workbooks by XlsxWriter, its silent refusals made loud."""
