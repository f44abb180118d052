"""What is measured, against whom and on which data; each module prints a table. See README.md beside this."""
