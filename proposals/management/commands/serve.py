"""`manage.py serve`: the ASGI server with the embedded worker beside it, in one process."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from proposals import checks
from proposals.worker import Worker, threads_of_this_process
from realtime.server import bind, make_server

DEMO_LOGIN = "alice / demo-tenderwire (aussi : bob, charlie ; administration : admin)"


class Command(BaseCommand):
    help = "Serve HTTP and WebSockets, and run operations, in one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="0: any free port")
        parser.add_argument("--no-worker", action="store_true", help="run operations elsewhere; still reap")
        parser.add_argument("--show-login", action="store_true", help="print the demo log-in")
        parser.add_argument(
            "--forwarded-allow-ips", default="", help="addresses of the proxies whose headers are believed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["no_worker"]:
            self.check(tags=[checks.TAG], include_deployment_checks=True)
        listener = self._listen(options["host"], options["port"])
        self._greet(listener, show_login=options["show_login"])
        worker = Worker(threads=0 if options["no_worker"] else threads_of_this_process())
        application = settings.ASGI_APPLICATION.replace(".application", ":application")
        server = make_server(application, forwarded_allow_ips=options["forwarded_allow_ips"])
        # uvicorn raises the signal again after its shutdown; the worker must still give back what it runs.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        worker.start()
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            self.stdout.write("")
        finally:
            worker.stop()

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
