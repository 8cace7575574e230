"""An authority of the tests' own, and a certificate for 127.0.0.1 that it signed."""

from __future__ import annotations

from pathlib import Path

import trustme


class Certificates:
    """Two files: the authority's certificate; the server's key and certificate."""

    def __init__(self, directory: Path) -> None:
        authority = trustme.CA()
        self.authority = directory / "authority.pem"
        self.server = directory / "server.pem"
        authority.cert_pem.write_to_path(self.authority)
        authority.issue_cert("127.0.0.1", "localhost").private_key_and_cert_chain_pem.write_to_path(self.server)
