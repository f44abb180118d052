"""One module a migration; the first makes every table."""
