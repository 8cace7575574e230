"""Which engine works follows from the settings alone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pytest_django import Settings

from proposals import engine_choice
from proposals.models import Operation, Project
from tests.claude_engine import do_not_stop
from tests.factories import make_operation
from tests.servers import ROOT


@pytest.fixture
def operation(project: Project) -> Operation:
    """An operation of the project."""
    return make_operation(project)


def test_without_a_key_the_offline_engine_works(operation: Operation) -> None:
    assert engine_choice.is_offline()
    assert engine_choice.make_analysis_engine(operation, check=do_not_stop).name == "offline"
    assert engine_choice.make_writing_engine(operation, check=do_not_stop).name == "offline"
    assert engine_choice.find_ranking_engine(operation, check=do_not_stop) is None


def test_with_a_key_each_task_has_its_model(operation: Operation, settings: Settings) -> None:
    settings.ANTHROPIC_API_KEY = "sk-x"
    settings.PROPOSALS_CLAUDE_ANALYSIS_MODEL = "claude-opus-5-5"

    ranking = engine_choice.find_ranking_engine(operation, check=do_not_stop)

    assert not engine_choice.is_offline()
    assert engine_choice.make_analysis_engine(operation, check=do_not_stop).name == "claude (claude-opus-5-5)"
    assert engine_choice.make_writing_engine(operation, check=do_not_stop).name == "claude (claude-sonnet-5-5)"
    assert ranking is not None
    assert ranking.name == "claude (claude-haiku-5-5)"


def test_the_offline_engine_can_be_kept_although_a_key_is_set(operation: Operation, settings: Settings) -> None:
    settings.ANTHROPIC_API_KEY, settings.PROPOSALS_ENGINE = "sk-x", "offline"

    assert engine_choice.is_offline()
    assert engine_choice.make_analysis_engine(operation, check=do_not_stop).name == "offline"


def test_the_sdk_is_loaded_only_where_it_is_used() -> None:
    code = (
        "import sys, django; django.setup(); import project.urls, proposals.worker, proposals.admin;"
        "sys.exit('anthropic' in sys.modules)"
    )
    env = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""}

    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, check=False)

    assert done.returncode == 0
