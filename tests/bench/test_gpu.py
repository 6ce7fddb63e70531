"""The bench for a graphics card runs its true code on tiny models; without a card it says so."""

import json
import sys
from pathlib import Path

import pytest

from bench import gpu


def test_without_a_card_it_says_so_and_ends_well(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr(sys, "argv", ["gpu"])
    gpu.main()
    assert "not yet measured" in capsys.readouterr().out


def test_the_text_part_tells_tokens_a_second_alone_and_together(models: Path):
    rows = list(gpu.Bench(models, "t4", tiny=True).text())
    assert [row["what"] for row in rows] == ["Llama: load", "Llama: batch of 1", "Llama: batch of 8"]
    assert rows[2]["tokens_s"] > 0
    assert all(row["peak_gb"] < 0.1 for row in rows)


def test_the_image_part_tells_what_ran(models: Path, monkeypatch: pytest.MonkeyPatch):
    name, sampling = list(gpu.samplings())[2]
    monkeypatch.setattr(gpu, "samplings", lambda: iter([(name, sampling)]))
    alone, together = gpu.Bench(models, "gpu", tiny=True).images()
    assert (alone["what"], alone["note"]) == ("qualidade", "25 + 6 steps")
    assert alone["first_s"] >= 0 < together["then_s"]


def test_the_table_and_the_json_say_the_same(models: Path, tmp_path: Path, monkeypatch, capsys):
    (models / "done").touch()
    monkeypatch.setattr(gpu, "measure", lambda options: iter([{"memory": "all", "what": "x", "then_s": 1.5}]))
    monkeypatch.setattr(
        sys, "argv", ["gpu", "--tiny", "--models", str(models), "--json", str(tmp_path / "figures.json")]
    )
    gpu.main()
    assert "1.50" in capsys.readouterr().out
    assert json.loads((tmp_path / "figures.json").read_text())["rows"][0]["then_s"] == 1.5
