"""What MkDocs calls while it builds the documentation site: see `hooks` in mkdocs.yml."""

import atexit
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tools.documentation_site.families import CLIENTS, SERVICE
from tools.documentation_site.staging import stage

_SECTION = "Requirements"
_PREFIX = "roamspec-site-"


def on_config(config: Any) -> Any:
    """Build from a prepared copy of `docs/`. It is made for the first language, and serves the others."""
    if Path(config.docs_dir).name.startswith(_PREFIX):
        return config
    prepared = Path(tempfile.mkdtemp(prefix=_PREFIX))
    atexit.register(shutil.rmtree, prepared, ignore_errors=True)
    stage(prepared, Path(config.config_file_path).parent)
    config.docs_dir = str(prepared)
    for item in config.nav:
        if isinstance(item, dict) and _SECTION in item:
            item[_SECTION] = [*item[_SECTION], *(f"requirements/{name}.md" for name in (*SERVICE, *CLIENTS))]
    return config
