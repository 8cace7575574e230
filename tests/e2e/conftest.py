"""What end-to-end tests share."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.servers import ROOT


@pytest.fixture(scope="session")
def sample_rc() -> Path:
    """The RC that the demo analyses."""
    return ROOT / "proposals/samples/rc/accord-cadre-services-numeriques.pdf"


@pytest.fixture(scope="session")
def long_rc(sample_rc: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same RC many times over: it takes long enough to be interrupted."""
    target = tmp_path_factory.mktemp("rc") / "long.pdf"
    document = pypdfium2.PdfDocument.new()
    with pypdfium2.PdfDocument(sample_rc) as source:
        for _ in range(4):
            document.import_pages(source)
    document.save(target)
    document.close()
    return target
