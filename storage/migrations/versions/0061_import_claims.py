"""Which imports name what was there already, so that taking another one back leaves it.

Of imports of before that is not known: what they have named goes with the import that brought it, as it did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0061_import_claims"
down_revision = "0060_file_owners"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "import_claims",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("hash", "import", "told")),
        sa.PrimaryKeyConstraint("hash", "import", name="pk_import_claims"),
        sa.ForeignKeyConstraint(["import"], ["imports.id"], name="fk_import_claims_import"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_import_claims_import", "import_claims", ["import"])
