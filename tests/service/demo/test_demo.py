"""The demonstration as ``make demo`` runs it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[3]
DEMO = [sys.executable, "-m", "service", "demo", "--port", "0"]


def test_once_it_ends_with_the_tables_and_status_0(tmp_path: Path) -> None:
    recording = tmp_path / "replies.jsonl"
    lines = [
        {"model": "right", "prompt": None, "expected_language": "de", "response": "Das ist eine gute Frage von Ihnen."},
        {"model": "wrong", "prompt": None, "expected_language": "de", "response": "That is a very good question."},
        {"model": "none", "prompt": "x", "response": None},
        {
            "model": "official",
            "language": "en",
            "prompt": "Name two colours, in JSON format.",
            "response": '["red", "blue"]',
            "instruction_id_list": ["en:detectable_format:json_format"],
            "strict": [True],
            "loose": [True],
        },
    ]
    recording.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    command = [*DEMO, "--once", "--requests", "128", "--rate", "60", "--replies", str(recording)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    assert re.search(r"The first verdict, on a reply of (multilingual|english): (pass|fail|abstain): \w+", run.stdout)
    assert "multilingual (stable)" in run.stdout
    assert "english (canary)" in run.stdout
    assert "128 of 128 instructions answered" in run.stdout
    assert re.search(r"Caught: english answers in en whatever was wanted \(\d+ of \d+ replies\)", run.stdout)
    assert "Caught: multilingual" not in run.stdout
    german = next(line for line in run.stdout.splitlines() if line.startswith("│ de "))
    stable, canary = re.findall(r"(\d+)% of", german)
    assert int(stable) >= 90
    assert int(canary) <= 10
    assert re.search(r"Counters at /metrics: multilingual .*pass \d+; english .*fail \d+", run.stdout)
    assert re.search(r"│ right +│ +1 │ +0 │ +0 │", run.stdout)
    assert re.search(r"│ wrong +│ +0 │ +1 │ +0 │ en 1", run.stdout)
    assert "ours agree with 1 of 1" in run.stdout
    assert "curl -s http://127.0.0.1:" in run.stdout


def test_it_serves_on_and_what_it_prints_works_as_pasted(tmp_path: Path) -> None:
    log = tmp_path / "out.txt"
    with (
        log.open("w") as out,
        subprocess.Popen([*DEMO, "--requests", "16", "--rate", "40"], stdout=out, cwd=ROOT) as run,
    ):
        try:
            for _ in range(600):
                if "Serving until Ctrl-C" in log.read_text(encoding="utf-8"):
                    break
                time.sleep(0.2)
            text = log.read_text(encoding="utf-8")
            command = next(line for line in text.splitlines() if line.startswith("curl "))
            program = text[text.index("from openai import OpenAI") : text.index("Serving until")]
            answered = subprocess.run(command, shell=True, capture_output=True, check=True, timeout=60)
            assert json.loads(answered.stdout)["diagnostics"]["language"]["verdict"] == "fail"
            printed = subprocess.run(
                [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
            )
            assert "'verdict': 'pass'" in printed.stdout
            url = re.search(r"http://[\d.:]+", command)
            assert url
            run.send_signal(signal.SIGINT)
            assert run.wait(timeout=30) == 0
            with pytest.raises(httpx.TransportError):
                httpx.get(f"{url.group()}/health")
        finally:
            run.kill()
