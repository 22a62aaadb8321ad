"""A customer whose survey waits for its first answer."""

import pytest

from tests.support.stage.company import Company


@pytest.fixture
def company() -> Company:
    """Close a ticket of a customer, and let them be asked; further tickets are asked about as well."""
    asked = Company("09:00", survey__quarantine="0s")
    asked.closes()
    asked.waits(minutes=31)
    return asked
