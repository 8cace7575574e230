"""Real processes of the project: servers, workers, commands, each with an environment of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import weakref
from collections.abc import Mapping
from pathlib import Path

import httpx

from tests.instances import free_port
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "demo-tenderwire"


class Process:
    """A process in a group of its own, whose output goes to a file."""

    def __init__(self, arguments: list[str], *, env: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                arguments, cwd=ROOT, env=dict(env), stdout=output, stderr=output, start_new_session=True
            )

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def is_running(self) -> bool:
        return self._popen.poll() is None

    @property
    def pid(self) -> int:
        return self._popen.pid

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process alone."""
        self._popen.send_signal(number)

    def kill(self) -> None:
        """Kill the whole group without notice."""
        if self.is_running:
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()

    def stop(self, *, seconds: float = 20.0) -> int:
        """End the process in good order and return its exit code."""
        if self.is_running:
            self.signal(signal.SIGTERM)
        return self.wait(seconds=seconds)

    def wait(self, *, seconds: float) -> int:
        """Wait for the end of the process and return its exit code."""
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop within {seconds} s:\n{self.output[-4000:]}") from None

    def wait_for_output(self, pattern: str, *, seconds: float = 30.0) -> re.Match[str]:
        """Return the first match of the pattern in the output."""

        def find() -> re.Match[str] | None:
            match = re.search(pattern, self.output)
            assert match or self.is_running, f"ended early:\n{self.output[-4000:]}"
            return match

        return wait_until(find, seconds=seconds, what=f"output like {pattern!r}")


class Site:
    """One installation of the project in a folder: a database, files, and the processes started on it."""

    def __init__(self, directory: Path, **settings: str) -> None:
        self.directory = directory
        self.processes: list[Process] = []
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
        self.env = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "SECRET_KEY": "only-for-tests-0123456789-0123456789-0123456789",
            "DEBUG": "True",
            "VAR_DIR": str(directory / "var"),
            "DATABASE_URL": f"sqlite:///{directory / 'site.sqlite3'}",
            "REDIS_URL": "",
            "REDIS_SENTINELS": "",
            "CELERY_BROKER_URL": "",
            "ANTHROPIC_API_KEY": "",
            "PYTHONUNBUFFERED": "1",
            "THROTTLE_LOGIN": "10000/min",
            # Crowds of test clients come from one address, as one user.
            "REALTIME_HANDSHAKES_BURST": "0",
            "REALTIME_SOCKETS_PER_USER": "0",
            **settings,
        }

    def manage(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a management command to its end."""
        return self.run("manage.py", *arguments, timeout=timeout)

    def run(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run Python to its end."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=True,
        )

    def prepare(self, *, demo: bool) -> None:
        """Create the tables and, if asked, the demo cast."""
        self.manage("migrate", "--verbosity", "0")
        if demo:
            self.manage("load_demo")

    def start(self, *arguments: str, name: str) -> Process:
        """Start a process that the site stops at its end."""
        number = len(self.processes)
        process = Process([sys.executable, *arguments], env=self.env, log=self.directory / f"{number}-{name}.log")
        self.processes.append(process)
        return process

    def serve(self, *arguments: str) -> tuple[Process, str]:
        """Start the shipped server on a free port; return it and its URL."""
        process = self.start("manage.py", "serve", "--port", "0", *arguments, name="serve")
        url = process.wait_for_output(r"Tenderwire: (http://\S+?)/\s")[1]
        wait_until(lambda: _answers(url), seconds=60, what="the server to answer")
        return process, url

    def serve_daphne(self, *arguments: str) -> tuple[Process, str]:
        """Start daphne on a free port; operations need a worker beside it."""
        port = free_port()
        address = ("-b", "127.0.0.1", "-p", str(port))
        process = self.start("-m", "daphne", *address, *arguments, "project.asgi:application", name="daphne")
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: process.is_running and _answers(url), seconds=30, what="daphne to answer")
        return process, url

    def publish(self, project_id: str, count: int, *options: str) -> Process:
        """Start a process that publishes events on a project (see tests/event_source.py)."""
        return self.start("-m", "tests.event_source", project_id, str(count), *options, name="source")

    def work(self) -> Process:
        """Start the embedded worker in a process of its own."""
        process = self.start("manage.py", "worker", name="worker")
        process.wait_for_output("Worker ready")
        return process

    def work_with_celery(self, *, application: str = "project", children: int = 1) -> Process:
        """Start a Celery worker with so many child processes."""
        arguments = ("-m", "celery", "-A", application, "worker", "--concurrency", str(children), "--loglevel", "INFO")
        process = self.start(*arguments, "--without-mingle", "--without-gossip", name="celery")
        process.wait_for_output(r"ready\.")
        return process

    def close(self) -> None:
        """Kill what still runs."""
        for process in self.processes:
            process.kill()


class Person:
    """A user of a site, signed in over REST."""

    def __init__(self, url: str, username: str, password: str = PASSWORD) -> None:
        self.url = url
        self.http = httpx.Client(base_url=f"{url}/api", timeout=30)
        # A socket that the garbage collector closes warns, which Python 3.11 may take badly in the middle of an import.
        weakref.finalize(self, self.http.close)
        answer = self.http.post("/auth/token/", json={"username": username, "password": password})
        answer.raise_for_status()
        self.token: str = answer.json()["access"]
        self.refresh: str = answer.json()["refresh"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def projects(self) -> list[dict[str, str]]:
        """Return the projects of the user's company, newest first."""
        return list(self.http.get("/projects/").raise_for_status().json()["results"])

    def create_project(self, rc: Path | None = None) -> str:
        """Create a project, with an RC if one is given; return its id."""
        project_id = str(self.http.post("/projects/", json={"title": "Un projet"}).raise_for_status().json()["id"])
        if rc is not None:
            self.upload(project_id, rc)
        return project_id

    def upload(self, project_id: str, file: Path) -> None:
        """Upload an RC."""
        with file.open("rb") as content:
            answer = self.http.post(f"/projects/{project_id}/documents/", files={"file": content}, data={"kind": "rc"})
        answer.raise_for_status()

    def start(self, project_id: str, kind: str = "rc_analysis") -> str:
        """Start an operation and return its id."""
        answer = self.http.post(f"/projects/{project_id}/operations/", json={"kind": kind})
        return str(answer.raise_for_status().json()["id"])

    def operation(self, operation_id: str) -> dict[str, object]:
        """Return an operation as REST shows it."""
        return dict(self.http.get(f"/operations/{operation_id}/").raise_for_status().json())

    def socket_url(self, project_id: str, query: str = "") -> str:
        """Return the URL of a project's socket."""
        return f"{self.url.replace('http', 'ws', 1)}/ws/projects/{project_id}{query}"


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/livez", timeout=2).status_code == 200
    except httpx.TransportError:
        return False
