"""The project's settings with what a test run must not take from the machine's environment."""

import os
import tempfile

os.environ["SECRET_KEY"] = "only-for-tests-0123456789-0123456789-0123456789"
os.environ["DEBUG"] = "True"
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="tenderwire-tests-"))
for _name in ("REDIS_URL", "REDIS_SENTINELS", "CELERY_BROKER_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"):
    os.environ[_name] = ""
os.environ.setdefault("DATABASE_URL", "")

from project.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file, not SQLite's shared memory: threads then wait for each other as in production.
DATABASES["default"].setdefault("TEST", {})["NAME"] = str(VAR_DIR("test.sqlite3"))  # noqa: F405
