"""Keys, loaded once an environment: the programs' own, and the one for FIX."""

import asyncio
import re

from kalshi_preflight.model.credentials import Credentials, Remark, Setting
from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes.line import Identity
from kalshi_preflight.survey.plan import Plan

#: A key id wherever it stands in a setting: quotes and blanks make no other of it.
_KEY_ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


async def identity_of(plan: Plan) -> Identity:
    """The identity of the programs, for REST and WebSocket; empty if not used."""
    if not plan.needs_identity:
        return Identity()
    credentials = plan.environment.credentials
    return await _loaded(credentials, credentials.remarks)


async def fix_identity_of(plan: Plan) -> Identity:
    """The identity for a FIX logon; empty unless a logon was asked for and has a key.

    A key id that any program may be using is a problem and gives no signer: without a
    signer nothing can be sent. The exchange allows one FIX session a key, so a logon
    would keep the program from coming back, and its ``141=Y`` resets the sequence
    numbers that the program counts on.
    """
    wished = plan.environment.fix_logon
    if wished is None or plan.heights.get(EndpointKind.FIX) is not Layer.FIX:
        return Identity()
    if wished.credentials.key_id is None or wished.credentials.private_key is None:
        return Identity()
    if shared := _shared(plan.environment, wished.credentials.key_id, wished.taken):
        return Identity(problem=shared)
    return await _loaded(wished.credentials, ())


def _shared(
    environment: Environment, own: Setting, taken: tuple[Setting, ...]
) -> Remark | None:
    """The problem that the key id is somebody else's as well."""
    programs = environment.credentials.key_id
    others = [*taken, *([programs] if programs is not None else [])]
    ids = _key_ids(own)
    also = [setting for setting in others if ids & _key_ids(setting)]
    if not also:
        return None
    particulars: dict[str, object] = {
        "setting": own.name,
        "source": own.source,
        "others": list(dict.fromkeys(f"{s.name} ({s.source})" for s in also)),
        "ends_with": own.value.last_four(),
    }
    return Remark(cause="fix-key-shared", particulars=particulars)


def _key_ids(setting: Setting) -> set[str]:
    found = _KEY_ID.findall(setting.value.reveal())
    return {key_id.replace("-", "").lower() for key_id in found}


async def _loaded(credentials: Credentials, remarks: tuple[Remark, ...]) -> Identity:
    """Load the key; what keeps it from being loaded is the identity's problem."""
    from kalshi_preflight.signing.keys import signer_from
    from kalshi_preflight.signing.problem import KeyProblem

    try:
        # Parsing an RSA key takes some 35 ms, which the other journeys need not wait.
        signer = await asyncio.to_thread(signer_from, credentials)
    except KeyProblem as problem:
        found = Remark(cause=problem.cause, particulars=problem.particulars)
        return Identity(problem=found, remarks=remarks)
    return Identity(signer=signer, remarks=(*remarks, *signer.remarks))
