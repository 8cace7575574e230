"""
Build the sample RCs: HTML sources to PDF, `python -m proposals.samples.build`.

A source whose name ends in `-scan` becomes what a photocopier makes of it: greyscale images, a little turned
and noisy, without a text layer. The rest keep their text. Same fonts and same library versions give the same
pixels; the dates written into the scans are fixed.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Sequence
from hashlib import shake_256
from pathlib import Path

import pypdfium2
import weasyprint
from PIL import Image, ImageChops

RC_FOLDER = Path(__file__).parent / "rc"
SCAN_SUFFIX = "-scan"

SCAN_DPI = 200
POINTS_PER_INCH = 72
SCAN_TILTS_DEGREES = (0.45, -0.35, 0.2, -0.5)
SCAN_NOISE_LEVELS = 10
SCAN_PAPER_GREY = 246
SCAN_JPEG_QUALITY = 22
SCAN_DATE = time.struct_time((2027, 1, 4, 8, 0, 0, 0, 4, 0))


def build_samples(*, sources: Path, target: Path) -> list[Path]:
    """
    Render every HTML source to a PDF of the same name.

    Args:
        sources: folder of the `*.html` files.
        target: existing folder for the PDFs; files there are overwritten.

    Returns:
        The PDFs written, in the order of their names.
    """
    return [build_sample(source, target / f"{source.stem}.pdf") for source in sorted(sources.glob("*.html"))]


def build_sample(source: Path, pdf_path: Path) -> Path:
    """Render one HTML file, as a scan where its name says so, and return the path of the PDF."""
    pdf: bytes = weasyprint.HTML(filename=source).write_pdf()
    pdf_path.write_bytes(scan(pdf, seed=source.stem) if source.stem.endswith(SCAN_SUFFIX) else pdf)
    return pdf_path


def scan(pdf: bytes, *, seed: str) -> bytes:
    """
    Return the PDF as a photocopier would have scanned it: one greyscale image a page, no text.

    Args:
        pdf: a PDF with a text layer.
        seed: decides the noise; the same seed and PDF give the same scan.
    """
    document = pypdfium2.PdfDocument(pdf)
    pages = [scan_page(document[index], index, seed=seed) for index in range(len(document))]
    document.close()
    return save_images(pages)


def scan_page(page: pypdfium2.PdfPage, index: int, *, seed: str) -> Image.Image:
    """Return one page as a greyscale image at `SCAN_DPI`, tilted and with the grain of paper."""
    clean = page.render(scale=SCAN_DPI / POINTS_PER_INCH, grayscale=True).to_pil().convert("L")
    tilt = SCAN_TILTS_DEGREES[index % len(SCAN_TILTS_DEGREES)]
    tilted = clean.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255)
    return ImageChops.subtract(tilted, make_grain(tilted.size, seed=f"{seed}/{index}"))


def make_grain(size: tuple[int, int], *, seed: str) -> Image.Image:
    """Return what paper and sensor take away from white, 0 to 255 a pixel, decided by the seed alone."""
    # Half resolution: single-pixel noise doubles the size of the JPEG and looks like no scanner.
    width, height = size[0] // 2 + 1, size[1] // 2 + 1
    raw = Image.frombytes("L", (width, height), shake_256(seed.encode()).digest(width * height))
    darkest = 255 - SCAN_PAPER_GREY
    grain = raw.point([darkest + level * SCAN_NOISE_LEVELS // 255 for level in range(256)])
    return grain.resize(size, Image.Resampling.BILINEAR)


def save_images(pages: Sequence[Image.Image]) -> bytes:
    """Return one PDF with one JPEG a page."""
    buffer = io.BytesIO()
    pages[0].save(
        buffer,
        format="PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=SCAN_DPI,
        quality=SCAN_JPEG_QUALITY,
        creationDate=SCAN_DATE,
        modDate=SCAN_DATE,
    )
    return buffer.getvalue()


def main() -> None:
    """Build the samples of a folder and say how large each PDF is."""
    parser = argparse.ArgumentParser(description="Render the sample RCs to PDF.")
    parser.add_argument("--sources", type=Path, default=RC_FOLDER / "src")
    parser.add_argument("--target", type=Path, default=RC_FOLDER)
    arguments = parser.parse_args()
    for path in build_samples(sources=arguments.sources, target=arguments.target):
        sys.stdout.write(f"{path.name}: {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    main()
