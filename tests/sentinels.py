"""A Redis with a replica, and three Sentinels that agree who is the master. All of them want passwords."""

from __future__ import annotations

import subprocess
from pathlib import Path

import redis

from tests.instances import RedisInstance, free_port
from tests.waiting import wait_until

NAME = "tenderwire"
PASSWORD = "servers"
SENTINEL_PASSWORD = "sentinels"

CONFIGURATION = """
port {port}
bind 127.0.0.1
dir {directory}
loglevel warning
requirepass {sentinel_password}
sentinel monitor {name} 127.0.0.1 {master} 2
sentinel auth-pass {name} {password}
sentinel down-after-milliseconds {name} 1000
sentinel failover-timeout {name} 10000
"""


class SentinelGroup:
    """Starts everything, and knows the master."""

    def __init__(self, directory: Path) -> None:
        self.master = RedisInstance(directory, password=PASSWORD)
        replica_of = ["--replicaof", "127.0.0.1", str(self.master.port), "--repl-diskless-sync-delay", "0"]
        self.replica = RedisInstance(directory, password=PASSWORD, options=replica_of)
        self.ports = [free_port() for _ in range(3)]
        self._directory = directory
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def settings(self) -> dict[str, str]:
        """What the project's processes are told."""
        return {
            "REDIS_URL": f"redis://:{PASSWORD}@/0",
            "REDIS_SENTINELS": ",".join(f"127.0.0.1:{port}" for port in self.ports),
            "REDIS_SENTINEL_MASTER": NAME,
            "REDIS_SENTINEL_PASSWORD": SENTINEL_PASSWORD,
        }

    def start(self) -> None:
        self.master.start()
        self.replica.start()
        for port in self.ports:
            self._processes.append(self._start_sentinel(port))
        wait_until(self._know_each_other, seconds=60, what="the Sentinels to know each other and the replica")

    def master_port(self) -> int:
        """Return the port of the server that the Sentinels call the master."""
        with self._client(self.ports[0]) as client:
            return int(client.sentinel_get_master_addr_by_name(NAME)[1])

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
        self.master.kill()
        self.replica.kill()

    def _start_sentinel(self, port: int) -> subprocess.Popen[bytes]:
        file = self._directory / f"sentinel-{port}.conf"
        file.write_text(
            CONFIGURATION.format(
                port=port,
                directory=self._directory,
                name=NAME,
                master=self.master.port,
                password=PASSWORD,
                sentinel_password=SENTINEL_PASSWORD,
            )
        )
        return subprocess.Popen(["redis-server", str(file), "--sentinel"], stdout=subprocess.DEVNULL)

    def _client(self, port: int) -> redis.Redis:
        return redis.Redis(port=port, password=SENTINEL_PASSWORD)

    def _know_each_other(self) -> bool:
        try:
            return all(self._is_ready(port) for port in self.ports)
        except redis.RedisError:
            return False

    def _is_ready(self, port: int) -> bool:
        with self._client(port) as client:
            state = client.sentinel_master(NAME)
            return (int(state["num-other-sentinels"]), int(state["num-slaves"])) == (2, 1)
