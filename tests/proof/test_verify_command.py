"""verify.py as people run it: alone, under any Python, one file or two."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.proof_samples import CASE, OTHER, SampleLog, changed, history
from tongdian.proof import verify
from tongdian.proof.heads import SigningKey
from tongdian.proof.receipts import export_case

SOURCE = Path(verify.__file__)


def interpreters() -> list[str]:
    """Every Python that is here: on the path, or installed by pyenv."""
    names = [f"python3.{minor}" for minor in range(9, 16)]
    found = {name: shutil.which(name) for name in names}
    for folder in sorted((Path.home() / ".pyenv" / "versions").glob("3.*")):
        minor = ".".join(folder.name.split(".")[:2])
        if f"python{minor}" in found and (folder / "bin" / "python3").exists():
            found[f"python{minor}"] = str(folder / "bin" / "python3")
    return [sys.executable, *(path for path in found.values() if path and _starts(path))]


def _starts(path: str) -> bool:
    return subprocess.run([path, "-c", ""], capture_output=True).returncode == 0


def save(folder: Path, name: str, document: Any) -> str:
    path = folder / name
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("python", interpreters())
def test_alone_under_every_python(log: SampleLog, tmp_path: Path, python: str) -> None:
    alone = shutil.copy(SOURCE, tmp_path / "alone.py")
    genuine = save(tmp_path, "receipt.json", log.receipt(1))
    forged = changed(log.receipt(1), ("event", "payload", "load_kw"), "9.000")
    export = save(tmp_path, "case.json", log.export())

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [python, "-I", "-S", alone, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )

    key = log.key.public_bytes.hex()
    good = run("--json", "--key", key, genuine)
    assert (good.returncode, good.stderr) == (0, "")
    assert json.loads(good.stdout)["verified"] is True
    assert run(export).returncode == 0
    bad = run(save(tmp_path, "forged.json", forged))
    assert (bad.returncode, bad.stdout) == (1, "")
    assert bad.stderr == "核验不通过：第 1 条事件的 payload 与摘要不符，内容已被改动\n"
    assert run(str(tmp_path / "missing.json")).returncode == 2


def test_only_the_standard_library_is_imported() -> None:
    names = [
        line.split()[1]
        for line in SOURCE.read_text("utf-8").splitlines()
        if line.startswith(("import ", "from "))
    ]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    assert len(names) >= 8


def test_a_terminal_without_chinese_still_gets_an_answer(log: SampleLog, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", str(SOURCE), save(tmp_path, "receipt.json", log.receipt(1))],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0


def test_standard_input(log: SampleLog) -> None:
    done = subprocess.run(
        [sys.executable, str(SOURCE), "-", "--json"],
        input=json.dumps(log.receipt(2)).encode(),
        capture_output=True,
    )
    assert json.loads(done.stdout)["seq"] == 2


def test_words_in_both_languages(
    log: SampleLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path, "receipt.json", log.receipt(1, erase=1))
    assert verify.main([path]) == 0
    spoken = capsys.readouterr().out
    assert spoken.startswith(f"核验通过：案件 {CASE} 第 1 条事件（application_submitted），记录于 ")
    assert "2026-11-24 15:56:52 北京时间" in spoken
    assert "只核对了它的封存摘要" in spoken
    assert log.key.public_bytes.hex() in spoken
    assert verify.main([path, "--lang", "en", "--key", log.key.public_bytes.hex().upper()]) == 0
    spoken = capsys.readouterr().out
    assert spoken.startswith(f"Verified: event 1 (application_submitted) of case {CASE}")
    assert "compare it with" not in spoken
    assert verify.main([save(tmp_path, "bad.json", {}), "--lang", "en"]) == 2
    assert capsys.readouterr().err.startswith("Cannot verify: not a Tongdian receipt")


def test_programs_get_the_findings(
    log: SampleLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = changed(log.receipt(1), ("event", "payload", "load_kw"), "9.000")
    forged["tree_head"]["log_id"] = "another"
    assert verify.main([save(tmp_path, "forged.json", forged), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verified"], answer["status"], answer["part"]) == (
        False,
        "tampered",
        "tree_head",
    )
    assert [finding["parts"] for finding in answer["findings"]] == [
        ["tree_head"],
        ["event.payload"],
    ]


@pytest.mark.parametrize("arguments", [[], ["--lang", "fr", "x.json"], ["--key", "12", "x.json"]])
def test_wrong_usage_is_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(arguments) == 2


def test_unreadable_files_are_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "latin.json").write_bytes(b'{"a": "\xe9"}')
    assert verify.main([str(tmp_path / "latin.json")]) == 2
    assert "不是 UTF-8 文本（第 8 字节）" in capsys.readouterr().err
    assert verify.main([str(tmp_path)]) == 2


class TestTwoFiles:
    """Consistency of two heads, and files that tell the same story."""

    def run(self, folder: Path, *documents: Any) -> tuple[int, Any]:
        paths = [save(folder, f"{index}.json", part) for index, part in enumerate(documents)]
        try:
            return 0, verify.check_files(paths)
        except verify.Tampered as error:
            return 1, error
        except verify.Unreadable as error:
            return 2, error

    @pytest.mark.parametrize("old", [300, 301, 304])
    def test_heads_and_receipts_with_their_proof(
        self, log: SampleLog, tmp_path: Path, old: int
    ) -> None:
        proof = log.proof(old, log.size)
        earlier, later = log.published_head(old), log.receipt(4)
        for files in ((earlier, later, proof), (proof, later, earlier)):
            code, found = self.run(tmp_path, *files)
            assert (code, found["from"], found["to"]) == (0, old, log.size)

    def test_a_damaged_proof(self, log: SampleLog, tmp_path: Path) -> None:
        earlier, later, proof = log.receipt(1, size=304), log.receipt(4), log.proof(304, log.size)
        assert self.run(tmp_path, earlier, later, proof)[0] == 0
        for path, value in ((("path", 0), "00" * 32), (("first",), 303), (("path",), [])):
            code, error = self.run(tmp_path, earlier, later, changed(proof, path, value))
            assert (code, error.part) == (1, str(path[0]))

    def test_without_a_proof_it_says_what_is_needed(self, log: SampleLog, tmp_path: Path) -> None:
        code, error = self.run(tmp_path, log.receipt(1, size=304), log.receipt(4))
        assert code == 2
        assert f"/api/v1/log/consistency?first=304&second={log.size}" in error.zh

    def test_one_size_needs_no_proof(self, log: SampleLog, tmp_path: Path) -> None:
        code, found = self.run(tmp_path, log.receipt(1), log.receipt(2, case=OTHER))
        assert (code, found["kind"]) == (0, "consistency")

    def test_a_forked_log_is_found(self, log: SampleLog, tmp_path: Path) -> None:
        fork = SampleLog(log.key, fork=b"!")
        code, error = self.run(tmp_path, log.published_head(), fork.published_head())
        assert (code, error.part) == (1, "tree_head.root_hash")
        proof = fork.proof(304, fork.size)
        assert self.run(tmp_path, log.published_head(304), fork.published_head(), proof)[0] == 1

    def test_a_fork_shows_in_two_inclusion_proofs_alone(
        self, log: SampleLog, tmp_path: Path
    ) -> None:
        fork = SampleLog(log.key, fork=b"!")
        code, error = self.run(tmp_path, log.receipt(1, size=304), fork.receipt(4))
        assert code == 1
        assert "日志被改写过" in error.zh

    def test_a_receipt_and_the_export_of_its_case(self, log: SampleLog, tmp_path: Path) -> None:
        for export in (log.export(), log.export(with_log=False)):
            assert self.run(tmp_path, log.receipt(3), export)[0] == 0
        records = history(CASE)
        forged = export_case(CASE, history(CASE)[:2])
        assert self.run(tmp_path, log.receipt(3), forged)[0] == 0
        rewritten = log.export(case=OTHER, with_log=False)
        text = json.dumps(rewritten).replace(OTHER, CASE)
        assert self.run(tmp_path, log.receipt(3), json.loads(text))[0] == 1
        assert len(records) == 4

    def test_a_rewritten_chain_disagrees_with_a_receipt(
        self, log: SampleLog, tmp_path: Path
    ) -> None:
        """A chain rewritten with all its hashes holds by itself, and not beside a receipt."""
        rewritten = export_case(CASE, rehashed())
        verify.check(rewritten)
        code, error = self.run(tmp_path, log.receipt(3), rewritten)
        assert (code, error.part) == (1, "event")
        assert f"案件 {CASE} 第 2 条事件说法不同" in error.zh

    def test_files_without_anything_in_common(self, log: SampleLog, tmp_path: Path) -> None:
        export = log.export(case=OTHER, with_log=False)
        assert self.run(tmp_path, log.receipt(1), export)[0] == 2

    def test_heads_of_two_logs(self, log: SampleLog, tmp_path: Path) -> None:
        other = SampleLog(SigningKey.generate())
        code, error = self.run(tmp_path, log.published_head(), other.published_head())
        assert (code, error.part) == (1, "public_key")

    def test_tampering_names_the_file(self, log: SampleLog, tmp_path: Path) -> None:
        forged = changed(log.receipt(2), ("event", "payload", "complete"), False)
        code, error = self.run(tmp_path, log.receipt(1), forged)
        assert code == 1
        assert error.zh.startswith(str(tmp_path / "1.json") + "：第 2 条事件的 payload")

    def test_numbers_of_files(self, log: SampleLog, tmp_path: Path) -> None:
        proof = log.proof(300, log.size)
        assert self.run(tmp_path, proof)[0] == 2
        assert self.run(tmp_path, proof, log.receipt(1))[0] == 2
        assert self.run(tmp_path, log.receipt(1), log.receipt(2), log.receipt(3))[0] == 2


def rehashed() -> list[Any]:
    """The history of CASE with event 2 rewritten and every later hash made anew."""
    from dataclasses import replace

    from tongdian.proof.events import event_hash, payload_digest

    records = history(CASE)
    payload = {"complete": False}
    digest = payload_digest(payload, None)
    header = replace(records[1].header, payload_digest=digest)
    records[1] = replace(records[1], header=header, payload=payload, hash=event_hash(header))
    for index in (2, 3):
        header = replace(records[index].header, previous_hash=records[index - 1].hash)
        records[index] = replace(records[index], header=header, hash=event_hash(header))
    return records
