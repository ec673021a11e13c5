"""``python -m docs.site`` builds the site in build/site: pages that open from a disk, without a server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from docs.site.lectures import ROOT
from docs.site.pages import lay

CONF = Path(__file__).parent


def main(build: Path = Path("build")) -> int:
    """Build the site below ``build``; every warning is an error."""
    pages, new, site = build / "site-pages", build / "site-new", build / "site"
    lay(pages, build / "site-lectures")
    shutil.rmtree(new, ignore_errors=True)
    trees = build / "site-trees"
    sphinx = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", "-E"]
    status = subprocess.run([*sphinx, "-d", trees, "-c", CONF, pages, new], cwd=Path.cwd(), check=False).returncode
    if status == 0:
        for path in sorted(ROOT.glob("notebooks/*/**/*.ipynb")):
            if ".ipynb_checkpoints" not in path.parts:
                shutil.copy(path, new / path.relative_to(ROOT))
        shutil.rmtree(site, ignore_errors=True)
        new.rename(site)
        print(f"open {site / 'index.html'}")
    return status


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
