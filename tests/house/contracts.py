"""A contract for import-linter: each third party has one home, and nobody else imports it."""

from typing import Any, cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

__all__ = ["HomeContract"]


class HomeContract(Contract):
    """Third parties may be imported only from their homes; a home that is not built yet is no mistake.

    import-linter's own `protected` contract guards only our modules, and `forbidden` would need the list of
    everybody else. Options: `guests`, top-level names of installed packages; `homes`, modules of ours.
    """

    type_name = "home"

    guests = fields.SetField(subfield=fields.StringField())
    homes = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 (import-linter's own signature)
        """Collect the lines that import a guest from outside its homes."""
        strays = [line for guest in sorted(cast("set[str]", self.guests)) for line in self._strays(graph, guest)]
        return ContractCheck(kept=not strays, metadata={"strays": strays})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one readable line for each import in the wrong place."""
        for line in check.metadata["strays"]:
            output.print_error(line, bold=False)

    def _strays(self, graph: ImportGraph, guest: str) -> list[str]:
        if guest not in graph.modules:
            return []
        importers = sorted(graph.find_modules_that_directly_import(guest))
        return [self._line(graph, module, guest) for module in importers if not self._is_home(module)]

    def _is_home(self, module: str) -> bool:
        return any(module == home or module.startswith(f"{home}.") for home in cast("set[str]", self.homes))

    def _line(self, graph: ImportGraph, module: str, guest: str) -> str:
        details: list[Any] = list(graph.get_import_details(importer=module, imported=guest))
        lines = ", ".join(f"l.{detail['line_number']}" for detail in details)
        return f"{module} -> {guest} ({lines}): its home is {', '.join(sorted(cast('set[str]', self.homes)))}"
