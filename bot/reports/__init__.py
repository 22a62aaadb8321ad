"""The formats of reports: a page to print, a workbook, plain tables."""
