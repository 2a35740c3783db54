"""The printed form as cells, for all who draw it: the template and the district workbook."""
