"""Runs a project's tests in forked children of one interpreter; needs nothing but the standard library."""
