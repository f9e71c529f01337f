"""Questions to a resolver that is odd, and answers that are right all the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.hooks import AnswerDns
from kalshi_preflight.exchange.ledger import Question
from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.model.journey import Diagnosis, Reach
from kalshi_preflight.plugin.sandbox import sandbox_environment
from tests.selftest.surveys import survey_environment

pytestmark = pytest.mark.selftest


@contextmanager
def answering(directory: Path, answer: AnswerDns) -> Iterator[Exchange]:
    """An exchange whose first resolver answers in this way."""
    exchange = Exchange(directory)
    exchange.hooks.dns.answers.append(answer)
    with exchange:
        yield exchange


def survey(directory: Path, answer: AnswerDns) -> Diagnosis:
    """Survey the sandbox with a resolver that answers in this way."""
    with answering(directory, answer) as exchange:
        return survey_environment(sandbox_environment(exchange.state))


async def _knows_no_edns(
    question: Question, reply: dns.message.Message
) -> dns.message.Message:
    if question.extended:
        reply.answer.clear()
        reply.set_rcode(dns.rcode.FORMERR)
    return reply


async def _truncates_udp(
    question: Question, reply: dns.message.Message
) -> dns.message.Message:
    if question.transport == "udp":
        reply.answer.clear()
        reply.flags |= dns.flags.TC
    return reply


async def _fails_on_aaaa(
    question: Question, reply: dns.message.Message
) -> dns.message.Message:
    if question.record_type == "AAAA":
        reply.set_rcode(dns.rcode.SERVFAIL)
    return reply


async def _aliases(
    question: Question, reply: dns.message.Message
) -> dns.message.Message:
    asked, alias = reply.question[0].name, "edge.kalshi.test."
    reply.answer[:] = [dns.rrset.from_text(asked, 5, "IN", "CNAME", alias)]
    if question.record_type == "A":
        reply.answer.append(dns.rrset.from_text(alias, 5, "IN", "A", "127.0.0.1"))
    return reply


@pytest.mark.parametrize(
    "answer", [_knows_no_edns, _truncates_udp, _fails_on_aaaa, _aliases]
)
def test_what_programs_put_up_with_is_no_fault(
    answer: AnswerDns, tmp_path: Path
) -> None:
    """FORMERR to EDNS alone, truncation, a broken AAAA and aliases: all is well."""
    found = survey(tmp_path, answer)
    assert (found.verdict, found.other_causes) == (Reach.REACHABLE, ())


@pytest.mark.parametrize("name", ["api..kalshi.test", "a" * 64 + ".test", "-." * 130])
def test_a_name_that_is_none_is_not_found(name: str, tmp_path: Path) -> None:
    """A double dot or a label of 64 characters is no name, and no resolver's fault."""
    with Exchange(tmp_path) as exchange:
        sandbox = sandbox_environment(exchange.state)
        endpoints = {
            kind: replace(endpoint, target=HostPort(name, endpoint.target.port))
            for kind, endpoint in sandbox.endpoints.items()
        }
        found = survey_environment(replace(sandbox, endpoints=endpoints))
    assert found.root_cause is not None
    assert found.root_cause.id == "dns-name-not-found"


def test_no_question_leaves_the_laboratory(tmp_path: Path) -> None:
    """Every name asked at a laboratory's resolvers is its own, a control or invalid."""

    async def deny(_: Question, reply: dns.message.Message) -> dns.message.Message:
        reply.answer.clear()
        reply.answer.append(
            dns.rrset.from_text(reply.question[0].name, 5, "IN", "A", "10.0.0.9")
        )
        return reply

    with answering(tmp_path, deny) as exchange:
        survey_environment(sandbox_environment(exchange.state))
        asked = {question.name for question in exchange.ledger.questions}
    canaries = {name for name in asked if name.endswith(".invalid")}
    assert asked - canaries == {"localhost"}
    assert canaries
