"""Credentials as they were found: which setting, from where, in which form."""

from dataclasses import dataclass, field
from enum import StrEnum

from kalshi_preflight.model.secret import Secret


class KeyForm(StrEnum):
    """How a setting hands over the private key."""

    INLINE = "inline"  # the PEM text itself
    FILE = "file"  # a path to a PEM file
    BASE64 = "base64"  # base64 of the PEM text


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting that was found.

    ``name`` is the variable or key that was read (``KALSHI_API_KEY_ID``), ``source``
    where it stands: ``process environment``, or ``PATH line N`` of a file.
    """

    name: str
    source: str
    value: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something odd about the settings that has a cause id of its own.

    ``cause`` is an id of the catalogue (``key-names-conflict``, ``dotenv-malformed``);
    ``particulars`` are what its hint names. No particular is a secret.
    """

    cause: str
    particulars: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What was found for one environment; nothing has been parsed yet.

    ``names_tried`` and ``files_read`` let a hint say where it looked.
    ``plain_names_belong_to`` is set when names without a suffix were found and passed
    over, because ``KALSHI_ENV`` gives them to that other environment.
    """

    key_id: Setting | None = None
    private_key: Setting | None = None
    key_form: KeyForm | None = None
    names_tried: tuple[str, ...] = ()
    files_read: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    plain_names_belong_to: str | None = None
