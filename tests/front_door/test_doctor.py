"""`tongdian doctor` where there is nothing, and where the database cannot be reached."""

from pathlib import Path

import pytest

from support.terminal import run
from tongdian.service import doctor
from tongdian.service.doctor import examine


def statuses(checks: list[dict[str, str]]) -> dict[str, str]:
    return {check["id"]: check["status"] for check in checks}


def test_an_empty_folder_is_no_fault_and_stays_empty(tmp_path: Path) -> None:
    answer = run("doctor", "--json", cwd=tmp_path, TONGDIAN_DATA=str(tmp_path / "data"))
    assert answer.status == 0
    assert answer.data["ok"] is True
    found = statuses(answer.data["checks"])
    assert found["python"] == found["postgresql"] == found["plan"] == found["fonts"] == "ok"
    assert found["data"] == found["signing-key"] == found["database"] == "note"
    assert list(tmp_path.iterdir()) == [], "an examination leaves no trace"


def test_it_tells_people_what_to_do_in_both_languages(tmp_path: Path) -> None:
    where = {"cwd": tmp_path, "TONGDIAN_DATA": str(tmp_path / "data")}
    zh, en = run("doctor", **where), run("doctor", "--lang", "en", **where)  # type: ignore[arg-type]
    assert "! 数据库：还没有数据库\n  → 运行 tongdian serve --demo" in zh.out
    assert zh.out.endswith("一切正常。\n")
    assert "! database: there is no database yet.\n  → tongdian serve --demo" in en.out
    assert en.out.endswith("All is well.\n")


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "does not answer"),
        ("postgresql:///none?host=/nowhere", "does not answer"),
        ("nonsense", "no address of a database"),
        ("mysql://127.0.0.1/none", "no address of a database"),
    ],
)
def test_a_database_that_cannot_be_reached(tmp_path: Path, address: str, word: str) -> None:
    answer = run(
        "doctor", "--json", TONGDIAN_DATA=str(tmp_path / "data"), TONGDIAN_DATABASE_URL=address
    )
    assert answer.status == 1
    assert answer.data["ok"] is False
    database = answer.data["checks"][-1]
    assert (database["id"], database["status"]) == ("database", "wrong")
    assert word in database["en"]
    assert database["remedy_zh"]
    assert (
        "postgresql://" in database["remedy_en"]
        or "TONGDIAN_DATABASE_URL" in (database["remedy_en"])
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["serve", "demo", "worker"])
def test_nothing_begins_without_a_database(tmp_path: Path, command: str) -> None:
    answer = run(
        command, "--json", TONGDIAN_DATA=str(tmp_path), TONGDIAN_DATABASE_URL="mysql://127.0.0.1/"
    )
    assert answer.status == 2
    assert "TONGDIAN_DATABASE_URL" in answer.data["error"]["zh"]


def test_a_database_that_is_down_stops_serve_with_its_reason(tmp_path: Path) -> None:
    down = "postgresql://nobody@127.0.0.1:1/none"
    answer = run("serve", TONGDIAN_DATA=str(tmp_path), TONGDIAN_DATABASE_URL=down)
    assert answer.status == 2
    assert "数据库没有应答" in answer.err
    assert "TONGDIAN_DATABASE_URL" in answer.err
    assert "Traceback" not in answer.err


def test_a_key_that_others_can_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tongdian.proof.heads import SigningKey

    key = tmp_path / "log-key.pem"
    key.write_bytes(SigningKey.generate().to_pem())
    key.chmod(0o644)
    monkeypatch.setenv("TONGDIAN_SIGNING_KEY_FILE", str(key))
    monkeypatch.setenv("TONGDIAN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("TONGDIAN_DATABASE_URL", raising=False)

    def finding() -> doctor.Finding:
        return next(found for found in examine() if found.id == "signing-key")

    assert finding().status == "wrong"
    assert "chmod 600" in finding().remedy_en
    key.chmod(0o600)
    assert finding().status == "ok"
    key.write_text("no key")
    assert finding().status == "wrong"


def test_a_full_disk_and_an_old_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGDIAN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("TONGDIAN_DATABASE_URL", raising=False)
    monkeypatch.setattr(doctor, "NEEDED_MB", 10**12)
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (9, 0))
    monkeypatch.setenv("TONGDIAN_PG_BIN", str(tmp_path))
    wrong = {found.id: found for found in examine() if found.status == "wrong"}
    assert set(wrong) == {"disk", "python", "postgresql"}
    for found in wrong.values():
        assert found.remedy_zh
        assert found.remedy_en
