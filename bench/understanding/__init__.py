"""`python -m bench.understanding FILE…`: how many of a list of phrases are read as meant; without FILE our own lists.

A list is a TOML file of `[[phrases]]`, each with `text`, `locale`, `survey` and `question` (of the shipped surveys),
`means` and, for a number with a reason, `rest`. `means` is a rating, `all 5`, `each 5 4 5 5 3`, a wish (`stop`, `end`,
`person`, `who`, `thanks`, `skip`, `back`), `complaint`, or `again` for what is kept and asked again; several with `|`
where any is right.
"""
