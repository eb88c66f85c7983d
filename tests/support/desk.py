"""Staff at the desk as they are met over HTTP: signed in, filling the forms of actions."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from support.people import make_user, sign_in

ROLES = ("clerk", "engineer", "fieldworker", "lead", "officer")


@dataclass
class Desk:
    """One signed-in person for each role."""

    clients: dict[str, Client] = field(default_factory=dict)

    def act(self, role: str, number: str, kind: str, data: dict[str, Any]) -> Any:
        """Fill and send the form of an action."""
        if role not in self.clients:
            self.clients[role] = sign_in(Client(), make_user(f"api-{role}", role))
        form = {f"{kind}-{name}": value for name, value in data.items()}
        return self.clients[role].post(f"/desk/cases/{number}/{kind}/", form)
