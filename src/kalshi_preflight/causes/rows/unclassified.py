"""A failure that fits no row: named by its layer, and a defect of this suite."""

from kalshi_preflight.causes.questions import MAIN_QUESTIONS
from kalshi_preflight.causes.row import Row
from kalshi_preflight.model.cause import Blame, Commands

ROWS = tuple(
    Row(
        id=f"{layer}-unclassified",
        layer=layer,
        blame=Blame.UNKNOWN,
        question=question,
        summary=f"{{target}} failed on the {layer} layer in a way this suite does not"
        " know: {error}",
        why="No row of the catalogue fits. That is a defect of this suite: the evidence"
        " in the report is what its makers need.",
        check=Commands(
            powershell=("pytest -m {environment} -vv",),
            posix=("pytest -m {environment} -vv",),
        ),
        fix=Commands(
            powershell=("# report it with reports/diagnosis.json attached",),
            posix=("# report it with reports/diagnosis.json attached",),
        ),
    )
    for layer, question in MAIN_QUESTIONS.items()
)
