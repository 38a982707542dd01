"""Suites of prompts that ``dragoman evaluate`` runs: the built-in one, and the files of others as they are."""
