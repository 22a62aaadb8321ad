"""How a run of the tests is carried out: in several processes, none of which leaves anything running."""
