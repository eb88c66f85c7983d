"""The five steps of an integrator, as commands that work as they stand."""

import json
import shlex

from tongdian.service.api.examples import APPLICATION

_AUTH = '-H "Authorization: Bearer $KEY"'
_JSON = "-H 'Content-Type: application/json'"


def set_up(base: str, key: str) -> str:
    """Where the service is and who asks: every step below uses both."""
    return f"export TONGDIAN={shlex.quote(base)}\nexport KEY={shlex.quote(key)}"


def _body(value: object) -> str:
    return shlex.quote(json.dumps(value, ensure_ascii=False, indent=2))


COMMANDS: dict[str, str] = {
    "ask": 'curl -sS "$TONGDIAN/api/v1/precheck" -G -d load_kw=80 \\\n'
    "  -d purpose=commercial -d applicant_kind=small_micro",
    "submit": f'curl -sS "$TONGDIAN/api/v1/cases" {_AUTH} \\\n'
    f"  -H 'Idempotency-Key: order-1' {_JSON} \\\n"
    f"  -d {_body(APPLICATION)} | tee case.json",
    "read": "NUMBER=$(grep -o 'GY[0-9]\\{13\\}[0-9A-Z]' case.json | head -n 1)\n"
    'CASE="$TONGDIAN/api/v1/cases/$NUMBER"\n'
    f'curl -sS "$CASE" {_AUTH}\n'
    f'curl -sS "$CASE/timeline" {_AUTH}',
    "act": f'curl -sS "$CASE/actions/withdrawn?expected_seq=1" {_AUTH} \\\n'
    f"  -H 'Idempotency-Key: order-1-withdrawn' {_JSON} \\\n"
    """  -d '{"reason_code": "plans_changed"}'""",
    "verify": f'curl -sS "$CASE/receipt" {_AUTH} -o receipt.json\n'
    'curl -sS "$TONGDIAN/verify/verify.py" -o verify.py\n'
    "python3 verify.py receipt.json",
}
