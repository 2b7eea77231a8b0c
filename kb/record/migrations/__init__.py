"""Migrations of the record, run by Alembic."""
