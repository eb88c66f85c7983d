"""API keys: shown once, looked up quickly, switched off within seconds."""

import pytest

from support.people import organisation
from tongdian.service.identity import selectors
from tongdian.service.identity.actions import (
    create_api_client,
    rotate_api_key,
    seed_demo_users,
    switch_api_client,
)
from tongdian.service.identity.actors import SYSTEM, Actor
from tongdian.service.identity.demo import DEMO_API_KEY
from tongdian.service.identity.errors import InvalidRequest, NotPermitted
from tongdian.service.identity.models import ApiClient, AuditEntry
from tongdian.service.identity.selectors import actor_of_api_key

pytestmark = pytest.mark.django_db


def make(scopes: tuple[str, ...] = ("read", "submit")) -> tuple[ApiClient, str]:
    organisation("ACME")
    return create_api_client(name="示例平台", organisation="ACME", scopes=scopes, actor=SYSTEM)


def test_a_key_is_an_integrator_of_its_organisation() -> None:
    client, key = make()
    actor = actor_of_api_key(key)
    assert actor is not None
    assert actor.roles == {"integrator"}
    assert (actor.organisation, actor.pseudonym) == ("ACME", client.pseudonym)
    assert actor.scopes == {"read", "submit"}
    assert actor_of_api_key(key + "x") is None
    assert actor_of_api_key("") is None


def test_only_a_digest_of_the_key_is_kept() -> None:
    client, key = make()
    client.refresh_from_db()
    assert key not in str(vars(client))
    assert len(key) >= 43
    assert client.key_start == key[:8]


def test_a_known_key_costs_no_statement(django_assert_num_queries: object) -> None:
    _client, key = make()
    with django_assert_num_queries(1):  # type: ignore[operator]
        for _ in range(3):
            assert actor_of_api_key(key) is not None
    with django_assert_num_queries(1):  # type: ignore[operator]
        for _ in range(3):
            assert actor_of_api_key("td_unknown") is None


def test_a_change_elsewhere_is_noticed_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    client, key = make()
    assert actor_of_api_key(key) is not None
    ApiClient.objects.filter(pk=client.pk).update(active=False)
    assert actor_of_api_key(key) is not None
    later = selectors.time.monotonic() + selectors.KEY_SECONDS + 0.1
    monkeypatch.setattr(selectors.time, "monotonic", lambda: later)
    assert actor_of_api_key(key) is None


def test_switching_off_and_rotating_work_here_at_once() -> None:
    client, key = make()
    assert actor_of_api_key(key) is not None
    switch_api_client(client=client, active=False, actor=SYSTEM)
    assert actor_of_api_key(key) is None
    switch_api_client(client=client, active=True, actor=SYSTEM)
    assert actor_of_api_key(key) is not None
    new = rotate_api_key(client=client, actor=SYSTEM)
    assert actor_of_api_key(key) is None
    found = actor_of_api_key(new)
    assert found is not None
    assert found.pseudonym == client.pseudonym
    kinds = AuditEntry.objects.filter(subject=client.pseudonym).values_list("kind", flat=True)
    assert sorted(kinds) == [
        "api_client_created",
        "api_client_switched",
        "api_client_switched",
        "api_key_rotated",
    ]


def test_the_memory_of_keys_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "KEYS_REMEMBERED", 10)
    for turn in range(30):
        actor_of_api_key(f"td_{turn}")
    assert len(selectors._keys) == 10


def test_the_demo_key_opens_nothing_outside_a_demo(settings: object) -> None:
    seed_demo_users()
    settings.TONGDIAN_DEMO = False  # type: ignore[attr-defined]
    assert actor_of_api_key(DEMO_API_KEY) is None
    selectors.forget_api_keys()
    settings.TONGDIAN_DEMO = True  # type: ignore[attr-defined]
    actor = actor_of_api_key(DEMO_API_KEY)
    assert actor is not None
    assert actor.pseudonym == "demo-integrator"


@pytest.mark.parametrize("scopes", [(), ("everything",), ("read", "x")])
def test_scopes_must_be_known(scopes: tuple[str, ...]) -> None:
    with pytest.raises(InvalidRequest):
        make(scopes)
    assert not ApiClient.objects.exists()


def test_only_administrators_make_clients() -> None:
    organisation("ACME")
    supervisor = Actor(frozenset({"supervisor"}), "GY-FGW", "s")
    with pytest.raises(NotPermitted):
        create_api_client(name="x", organisation="ACME", scopes=["read"], actor=supervisor)
