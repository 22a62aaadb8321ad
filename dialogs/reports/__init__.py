"""Reports as documents: sections of tables and bar charts, which every format shows alike."""
