"""The verification of a database against the promises of docs/reliability.md, by `huifang doctor --verify`."""
