"""The server leaves out what links it to its root."""

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer, chain_of


def _issuing(authority: Authority) -> Issuer:
    root = Issuer.of(authority.root)
    return root.appoint("Embedded Issuing CA", "Embedded exchange")


def _leaf_alone(hooks: Hooks) -> None:
    hooks.web.chain = lambda authority: _issuing(authority).chain(sent=0)


def _one_is_missing(hooks: Hooks) -> None:
    def chain(authority: Authority) -> Chain:
        upper = _issuing(authority)
        return upper.appoint("Lower Issuing CA", "Embedded exchange").chain(sent=1)

    hooks.web.chain = chain


def _a_useless_one_instead(hooks: Hooks) -> None:
    def chain(authority: Authority) -> Chain:
        leaf, key = _issuing(authority).leaf()
        other = Issuer.root("Old Issuing CA", "Embedded exchange")
        return chain_of(key, leaf, other.certificate)

    hooks.web.chain = chain


def _logged_leaf_alone(hooks: Hooks) -> None:
    def chain(_: Authority) -> Chain:
        public = Issuer.root("Public Root", "A Public Authority")
        issuing = public.appoint("R42", "A Brand Of It")
        return issuing.chain(Form(is_logged=True), sent=0)

    hooks.web.chain = chain


FAULTS = (
    Fault(
        "tls-incomplete-chain",
        "tls",
        "The leaf is sent without the certificate of its issuer.",
        "tls-incomplete-chain",
        _leaf_alone,
    ),
    Fault(
        "tls-incomplete-chain-upper",
        "tls",
        "Of two intermediate certificates the upper one is not sent.",
        "tls-incomplete-chain",
        _one_is_missing,
    ),
    Fault(
        "tls-incomplete-chain-wrong-one",
        "tls",
        "The leaf is sent with the certificate of an issuer that did not sign it.",
        "tls-incomplete-chain",
        _a_useless_one_instead,
    ),
    Fault(
        "tls-incomplete-chain-logged",
        "tls",
        "A leaf that public logs vouch for is sent alone; nobody knows its issuer.",
        "tls-incomplete-chain",
        _logged_leaf_alone,
    ),
)
