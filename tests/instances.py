"""Private instances of Redis and PostgreSQL on free ports, which tests may kill, freeze and restart."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
import redis

from tests.certificates import Certificates
from tests.waiting import wait_until


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RedisInstance:
    """
    A Redis server without persistence: a restart forgets everything and keeps the port.

    Args:
        password: of the default user.
        certificates: speak TLS with these, and nothing else.
        options: further words for the command line of redis-server.
    """

    def __init__(
        self,
        directory: Path,
        *,
        password: str = "",
        certificates: Certificates | None = None,
        options: Sequence[str] = (),
    ) -> None:
        self.port = free_port()
        self.certificates = certificates
        self.password = password
        self._directory = directory
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        login = f":{self.password}@" if self.password else ""
        return f"{'rediss' if self.certificates else 'redis'}://{login}127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *self._ports(), *self._options]
        if self.password:
            options += ["--requirepass", self.password, "--masterauth", self.password]
        self._process = subprocess.Popen(
            ["redis-server", *options, "--dir", str(self._directory), "--loglevel", "warning"],
            stdout=subprocess.DEVNULL,
        )
        wait_until(self._answers, what="Redis to answer")

    def client(self) -> redis.Redis:
        tls = {"ssl_ca_certs": str(self.certificates.authority)} if self.certificates else {}
        return redis.Redis.from_url(self.url, **tls)

    def connections(self, name: str) -> int:
        """Return how many connections have this name."""
        with self.client() as client:
            return sum(entry["name"] == name for entry in client.client_list())

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the server in good order, as an update of the machine does."""
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None

    def _ports(self) -> list[str]:
        if self.certificates is None:
            return ["--port", str(self.port)]
        files = ["--tls-cert-file", str(self.certificates.server), "--tls-key-file", str(self.certificates.server)]
        authority = ["--tls-ca-cert-file", str(self.certificates.authority), "--tls-auth-clients", "no"]
        return ["--port", "0", "--tls-port", str(self.port), *files, *authority]

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


class PostgresInstance:
    """A PostgreSQL cluster of its own; it refuses to run as root, so root starts it as another user."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self._data = directory / "postgres"
        self._bin = _postgres_bin()
        self._as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        self._data.mkdir(parents=True)
        if os.getuid() == 0:
            account = pwd.getpwnam("postgres")
            for path in (self._data, *_private_parents(self._data)):
                os.chmod(path, 0o755)
            os.chown(self._data, account.pw_uid, account.pw_gid)
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "--no-sync")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        log = str(self._data / "log.txt")
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", log, "-w", "start")
        wait_until(self._answers, what="PostgreSQL to answer")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop", check=False)

    def count_connections(self, database_url: str) -> int:
        """Return how many connections a database has now, from whomever."""
        name = database_url.rsplit("/", 1)[1]
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name]).fetchone()
        assert row is not None
        return int(row[0])

    def new_database(self, name: str) -> str:
        """Create an empty database and return its URL."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type,unused-ignore]
        return self.url.rsplit("/", 1)[0] + f"/{name}"

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        subprocess.run(
            [*self._as_user, str(self._bin / program), *arguments],
            check=check,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


class Pgbouncer:
    """A pgbouncer in front of a PostgreSQL instance: a server connection is lent for one transaction only."""

    def __init__(self, directory: Path, postgres: PostgresInstance, *, server_connections: int) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = directory / "pgbouncer.ini"
        lines = [
            "[databases]",
            f"* = host=127.0.0.1 port={postgres.port} user=postgres",
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            f"listen_port = {self.port}",
            "unix_socket_dir =",
            "auth_type = any",
            "pool_mode = transaction",
            f"default_pool_size = {server_connections}",
            "max_client_conn = 500",
        ]
        self._settings.write_text("\n".join(lines))

    def url_of(self, database_url: str) -> str:
        """Return the URL by which a database is reached through the pooler."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database_url.rsplit('/', 1)[1]}"

    def start(self) -> None:
        program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
        arguments = [program, str(self._settings)]
        if os.getuid() == 0:  # it refuses to run as root
            for path in (self._settings.parent, *_private_parents(self._settings)):
                os.chmod(path, 0o755)
            arguments = ["runuser", "-u", "postgres", "--", *arguments]
        self._process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers, what="pgbouncer to answer")

    def kill(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url_of("/postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def _postgres_bin() -> Path:
    versions = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    found = versions[-1] if versions else shutil.which("initdb")
    assert found, "PostgreSQL is not installed"
    return Path(found).parent


def _private_parents(path: Path) -> list[Path]:
    """Return the parents that only the current user may enter (pytest makes such), below the temporary folder."""
    return [parent for parent in path.parents if parent.stat().st_mode & 0o777 == 0o700]
