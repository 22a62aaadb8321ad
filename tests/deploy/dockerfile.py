"""The steps of a Dockerfile, carried out in a folder by hand: for machines that build no images."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from scoring.values import Value

__all__ = ["BuildStep", "build_steps", "carry_out", "runtime_settings"]

_HOME = "/opt/huifang"
"""Where the image has the environment; elsewhere it is a folder of the test."""


class BuildStep(Value):
    """An instruction, such as COPY, with what follows it."""

    instruction: str
    rest: str


def build_steps(dockerfile: Path) -> Iterator[list[BuildStep]]:
    """Yield the steps of each stage."""
    lines = [line for line in dockerfile.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    stage: list[BuildStep] = []
    for line in lines:
        instruction, _, rest = line.partition(" ")
        if instruction == "FROM" and stage:
            yield stage
            stage = []
        stage.append(BuildStep(instruction, rest))
    yield stage


def carry_out(steps: list[BuildStep], source: Path, build: Path, home: Path) -> None:
    """Do what the steps of a stage say, with `home` in the place of the image's own environment.

    Only what is copied is there to be built from. Raises CalledProcessError.
    """
    for step in steps:
        if step.instruction == "COPY":
            *names, target = step.rest.split()
            for name in names:
                _copy(source / name, build / target / name if target.endswith("/") else build / target)
        elif step.instruction == "RUN":
            words = [word.replace(_HOME, str(home)) for word in shlex.split(step.rest)]
            words = [sys.executable if word == "python" else word for word in words]
            subprocess.run(words, cwd=build, check=True, capture_output=True, text=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def runtime_settings(steps: list[BuildStep], home: Path) -> Mapping[str, str]:
    """Return the environment that the last stage sets."""
    (line,) = [step.rest for step in steps if step.instruction == "ENV"]
    given = dict(word.split("=", 1) for word in shlex.split(line))
    path = given["PATH"].replace(_HOME, str(home)).replace("$PATH", os.environ["PATH"])
    return {**given, "PATH": path}
