"""The only place that reads the environment: `.env` beside manage.py, then the process environment wins."""

from __future__ import annotations

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()


def load_dotenv() -> None:
    """Read `.env` when it exists; variables that are already set keep their value."""
    dotenv = BASE_DIR / ".env"
    if dotenv.exists():
        env.read_env(str(dotenv))
