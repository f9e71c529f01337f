"""The table of dead host names leads to living ones."""

import pytest

from kalshi_preflight.model.retired_hosts import RETIRED_HOSTS
from kalshi_preflight.settings import load_environments
from tests.selftest.settings.files import NO_DOTENV

pytestmark = pytest.mark.selftest


@pytest.mark.parametrize("name", RETIRED_HOSTS)
def test_successor_is_a_host_of_the_environment(name: str) -> None:
    """The host to use instead is one that the named environment really uses."""
    environments = load_environments(None, variables={}, dotenv=NO_DOTENV)
    retired = RETIRED_HOSTS[name]
    endpoints = environments[retired.environment].endpoints.values()
    assert retired.current in {endpoint.target.host for endpoint in endpoints}
    assert name not in {
        endpoint.target.host
        for environment in environments.values()
        for endpoint in environment.endpoints.values()
    }
