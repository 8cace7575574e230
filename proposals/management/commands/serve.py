"""`manage.py serve`: the ASGI server with the embedded worker beside it; in one process, or in several on one port."""

from __future__ import annotations

import argparse
import asyncio
import errno
import logging
import os
import signal
import socket
import sys
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from proposals import checks
from proposals.worker import Worker, threads_of_this_process
from realtime.server import bind, do_nothing, make_server
from realtime.supervisor import DidNotStart, Supervisor, say_ready

logger = logging.getLogger(__name__)

DEMO_LOGIN = "alice / demo-tenderwire (aussi : bob, charlie ; administration : admin)"


class Command(BaseCommand):
    help = "Serve HTTP and WebSockets, and run operations, in one process or in several on one port."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="0: any free port")
        parser.add_argument("--processes", type=int, default=1, help="on the same port; needs REDIS_URL")
        parser.add_argument("--no-worker", action="store_true", help="run operations elsewhere; still reap")
        parser.add_argument("--show-login", action="store_true", help="print the demo log-in")
        parser.add_argument(
            "--forwarded-allow-ips", default="", help="addresses of the proxies whose headers are believed"
        )
        # What the supervisor tells its processes.
        for option in ("--fd", "--ready-fd", "--supervisor"):
            parser.add_argument(option, type=int, help=argparse.SUPPRESS)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Settle what SIGHUP does before the checks, which take time, and run."""
        _take_hangup(alone=options["processes"] == 1 and options["fd"] is None)
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["processes"] < 1:
            raise CommandError("--processes must be at least 1.")
        # For a process of a supervisor too: REDIS_URL may have gone from `.env` since the supervisor read it.
        if (options["processes"] > 1 or options["fd"] is not None) and settings.REALTIME_REDIS is None:
            raise CommandError(
                "Serving in several processes (--processes) needs REDIS_URL: "
                "without Redis an event reaches the sockets of its own process only."
            )
        if not options["no_worker"]:
            self.check(tags=[checks.TAG], include_deployment_checks=True)
        if options["fd"] is not None:
            self._serve(socket.socket(fileno=options["fd"]), options)
            return
        listener = self._listen(options["host"], options["port"])
        self._greet(listener, show_login=options["show_login"])
        if options["processes"] == 1:
            self._serve(listener, options)
        else:
            self._supervise(listener, options)

    def _serve(self, listener: socket.socket, options: dict[str, Any]) -> None:
        worker = Worker(threads=0 if options["no_worker"] else threads_of_this_process())
        application = settings.ASGI_APPLICATION.replace(".application", ":application")
        server = make_server(
            application,
            forwarded_allow_ips=options["forwarded_allow_ips"],
            on_ready=do_nothing if options["ready_fd"] is None else partial(say_ready, options["ready_fd"]),
            on_drain=worker.ask_to_stop,
            supervisor=options["supervisor"],
        )
        # Before the server handles signals, the worker must still give back what it runs.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        worker.start()
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:  # before the server handles signals
            self.stdout.write("")
        finally:
            worker.stop()

    def _supervise(self, listener: socket.socket, options: dict[str, Any]) -> None:
        command = [sys.executable, sys.argv[0], "serve", "--forwarded-allow-ips", options["forwarded_allow_ips"]]
        if options["no_worker"]:
            command.append("--no-worker")
        inherited = os.environ.items()  # noqa: TID251 - handed on, not read
        supervisor = Supervisor(
            listener=listener,
            command=command,
            # Each process reads `.env` as it is when it starts; what it inherits would win.
            environment={name: value for name, value in inherited if name not in settings.DOTENV_NAMES},
            processes=options["processes"],
        )
        try:
            asyncio.run(supervisor.run())
        except DidNotStart as failure:
            raise CommandError("A process did not start; its log says why.") from failure

    def _listen(self, host: str, port: int) -> socket.socket:
        try:
            return bind(host, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(f"Port {port} is taken; choose another, e.g. PORT={port + 1}.") from error
            raise CommandError(f"Cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}.") from error

    def _greet(self, listener: socket.socket, *, show_login: bool) -> None:
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        self.stdout.write(f"Tenderwire: http://{shown}:{port}/")
        if show_login:
            self.stdout.write(f"Connexion de démonstration : {DEMO_LOGIN}")
        self.stdout.flush()


def _take_hangup(*, alone: bool) -> None:
    """
    Settle what SIGHUP does.

    A supervisor that is not at work yet ignores it, its processes being still to be started; and so do they, when a
    terminal that is closed, or `pkill`, sends it to all. A process alone exchanges nothing: it drains if it is the
    terminal that goes, and else says so. Under `nohup` it goes on.
    """
    if not alone:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    elif signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _drain if sys.stdin is not None and sys.stdin.isatty() else _refuse_exchange)


def _drain(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _refuse_exchange(*_: object) -> None:
    logger.warning("SIGHUP is ignored: only `serve --processes 2` or more exchanges its processes; restart this one.")
