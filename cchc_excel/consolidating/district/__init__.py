"""The district workbook, one file a sheet."""
