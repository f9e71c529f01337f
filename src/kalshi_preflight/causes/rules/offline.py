"""Whether it is the machine's own network, whatever the symptom was."""

from kalshi_preflight.causes.findings import Context


def machine_is_offline(context: Context) -> bool:
    """Whether no control host at all was reached (and some were asked).

    Without controls nobody can tell, so the answer is no.
    """
    controls = context.observations.get("controls", {})
    return bool(controls.get("asked")) and not controls.get("reached")
