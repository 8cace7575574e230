"""`manage.py serve`: the ASGI server with the embedded worker beside it; in one process, or in several on one port."""

from __future__ import annotations

import argparse
import asyncio
import errno
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

    def handle(self, *args: Any, **options: Any) -> None:
        if options["processes"] < 1:
            raise CommandError("--processes must be at least 1.")
        if options["processes"] > 1 and settings.REALTIME_REDIS is None:
            raise CommandError(
                f"--processes {options['processes']} needs REDIS_URL: "
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
        try:
            asyncio.run(Supervisor(listener=listener, command=command, processes=options["processes"]).run())
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
