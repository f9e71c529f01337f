"""The plugin: the one room that knows pytest.

Each module does one thing: ``options`` declares what a user may want, ``wishes`` reads
what this one does, ``selection`` decides which questions are asked and ``ordering`` in
which order, ``answers`` stands between a live test and the survey, ``outcome`` turns
causes into test outcomes, ``engine`` does both for the questions about the engine,
``questions`` notes which were asked, ``reporting`` brings the document out, ``html``
the report, ``lock`` keeps the gate shut against all that pytest lets pass, and
``redaction`` (with ``streams`` and ``written``) keeps secrets in.
"""

pytest_plugins = [
    "kalshi_preflight.plugin.options",
    "kalshi_preflight.plugin.selection",
    "kalshi_preflight.plugin.ordering",
    "kalshi_preflight.plugin.outcome",
    "kalshi_preflight.plugin.engine",
    "kalshi_preflight.plugin.questions",
    "kalshi_preflight.plugin.reporting",
    "kalshi_preflight.plugin.lock",
    "kalshi_preflight.plugin.html",
    "kalshi_preflight.plugin.redaction",
]
