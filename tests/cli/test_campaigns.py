"""check and campaign as a user runs them: processes of their own, their output and exit codes."""

import json
import os
import subprocess
import sys

import pytest
from PIL import Image

from core.settings import ROOT

BRIEF = {
    "topic": "Sabão de coco da Dona Nena, feito com 60% de óleo reciclado",
    "call_to_action": "Leve dois! #SabãoDaNena",
    "width": 160,
    "height": 160,
}


@pytest.fixture
def dataprep(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CHAMADA_")}
    environment |= {"CHAMADA_DATA_DIR": str(tmp_path / "library"), "CHAMADA_LANGUAGE": "en"}

    def run(*arguments: object) -> tuple[int, str, str]:
        command = [sys.executable, "dataprep.py", *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def write(tmp_path):
    def write(name: str, content: object):
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_faulty_text_gives_a_finding_a_line_and_exit_code_1(dataprep, write):
    text = "O sabão da Dona Nena leva 90% de óleo reciclado. Leve dois! #SabãoDaNena"
    code, out, _ = dataprep("check", write("brief.json", BRIEF), write("post.txt", text))
    findings = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    found = next(each for each in findings if each["code"] == "number_not_in_brief")
    assert found["level"] == "error"
    assert text[slice(*found["span"])] == "90%"
    assert found["message"]


def test_a_clean_text_gives_no_error_and_exit_code_0(dataprep, write):
    text = "O sabão de coco da Dona Nena é feito com 60% de óleo reciclado. Leve dois! #SabãoDaNena"
    code, out, _ = dataprep("check", write("brief.json", BRIEF), write("post.txt", text))
    assert code == 0
    assert not [line for line in out.splitlines() if json.loads(line)["level"] == "error"]


def test_a_campaign_is_a_text_a_picture_and_its_chain(dataprep, write, tmp_path):
    out = tmp_path / "out"
    assert dataprep("campaign", write("brief.json", BRIEF), "--out", out)[0] == 0
    assert (out / "post.txt").read_text(encoding="utf-8").rstrip().endswith("Leve dois! #SabãoDaNena")
    with Image.open(out / "post.png") as picture:
        assert picture.size == (160, 160)
    told = json.loads((out / "campaign.json").read_text(encoding="utf-8"))
    assert len(told["steps"]) == 5
    assert not [finding for finding in told["findings"] if finding["level"] == "error"]


def test_many_briefs_make_a_folder_each_and_a_second_run_makes_nothing(dataprep, write, tmp_path):
    lines = [json.dumps(BRIEF), "", json.dumps({"tone": "alegre"}), "{", json.dumps(BRIEF | {"with_image": False})]
    path, out = write("briefs.jsonl", "\n".join(lines)), tmp_path / "out"
    code, said, problems = dataprep("campaign", path, "--out", out)
    assert code == 1
    assert "2 made" in said
    assert "briefs.jsonl:3" in problems
    assert "briefs.jsonl:4" in problems
    assert sorted(folder.name[:4] for folder in out.iterdir()) == ["0001", "0005"]
    assert "0 made, 2 already there" in dataprep("campaign", path, "--out", out)[1]


@pytest.mark.parametrize(
    "content",
    ["", "{", "null", "[]", '"topic"', "{}", '{"topic": 7}', '{"topic": "😀😀"}', '{"topic": "#a #b"}']
    + [json.dumps(BRIEF | {"width": width}) for width in (0, 7, 65_536, "NaN")]
    + ['{"topic": "pão", "width": NaN}', json.dumps({"topic": "a" * 100_000}), '{"topic": "pão", "colour": 1}'],
)
def test_a_brief_that_cannot_be_used_is_said_in_a_sentence(dataprep, write, tmp_path, content):
    code, _, problem = dataprep("campaign", write("brief.json", content), "--out", tmp_path / "out")
    assert code == 2
    assert 10 < len(problem.strip()) < 400
    assert "pydantic" not in problem


def test_files_that_cannot_be_read_or_written_are_named(dataprep, write, tmp_path):
    brief = write("brief.json", BRIEF)
    assert "nowhere.json" in dataprep("campaign", tmp_path / "nowhere.json", "--out", tmp_path)[2]
    (tmp_path / "latin.txt").write_bytes("ção".encode("cp1252"))
    assert "UTF-8" in dataprep("check", brief, tmp_path / "latin.txt")[2]
    code, _, problem = dataprep("campaign", brief, "--out", write("file", "x") / "out")
    assert code == 3
    assert "--out" in problem
