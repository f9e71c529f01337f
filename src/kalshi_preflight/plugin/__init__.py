"""The plugin: the one room that knows pytest.

Each module does one thing: ``options`` declares what a user may want, ``wishes`` reads
what this one does, ``selection`` decides which questions are asked and ``ordering`` in
which order, ``answers`` stands between a live test and the survey, ``outcome`` turns
causes into test outcomes, ``engine`` does both for the questions about the engine,
``reporting`` brings the document out, ``html`` the report, ``junit``, ``github`` and
``metrics`` what other programs read, ``history`` remembers and tells, ``redaction``
keeps secrets in, and ``bystanders`` keeps other plugins from costing what they do not
give.
"""

pytest_plugins = [
    "kalshi_preflight.plugin.options",
    "kalshi_preflight.plugin.selection",
    "kalshi_preflight.plugin.ordering",
    "kalshi_preflight.plugin.outcome",
    "kalshi_preflight.plugin.engine",
    "kalshi_preflight.plugin.reporting",
    "kalshi_preflight.plugin.html",
    "kalshi_preflight.plugin.junit",
    "kalshi_preflight.plugin.github",
    "kalshi_preflight.plugin.metrics",
    "kalshi_preflight.plugin.history",
    "kalshi_preflight.plugin.redaction",
    "kalshi_preflight.plugin.bystanders",
]
