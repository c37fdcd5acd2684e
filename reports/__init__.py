"""Documents the office hands out, written from plain data."""
