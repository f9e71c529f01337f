"""What the user configured: environments, the dotenv file, variables, credentials."""

from kalshi_preflight.settings.credentials import credentials_for
from kalshi_preflight.settings.dotenv import Dotenv, read_dotenv
from kalshi_preflight.settings.environments import load_environments
from kalshi_preflight.settings.errors import SettingsError
from kalshi_preflight.settings.fix_logon import with_fix_logon
from kalshi_preflight.settings.proxies import system_proxies
from kalshi_preflight.settings.secrets import secrets_of
from kalshi_preflight.settings.trading import Trading, trading_environment

__all__ = [
    "Dotenv",
    "SettingsError",
    "Trading",
    "credentials_for",
    "load_environments",
    "read_dotenv",
    "secrets_of",
    "system_proxies",
    "trading_environment",
    "with_fix_logon",
]
