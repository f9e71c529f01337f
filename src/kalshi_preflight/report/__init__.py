"""What people and their scripts read: one document, redacted once, shown three ways.

The way of the data is ``document`` (facts) -> ``redact`` (the single exit for secrets)
-> ``terminal``, ``html`` and the file that ``writing`` puts down.
"""
