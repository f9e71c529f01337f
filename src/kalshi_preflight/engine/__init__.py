"""The trading engine: its database, log, process, settings and dashboard.

Read-only by construction: files are opened for reading, databases as SQLite's
``mode=ro`` or from a copy, processes are only listed. Nothing is created, written,
started or stopped in the workspace.
"""
