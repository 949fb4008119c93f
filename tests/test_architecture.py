"""Rules about the code as a whole: which way imports go, sizes, weight, what is pinned."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "assistant"
MODULES = sorted(PACKAGE.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# corpus → index → retrieve → excerpts → answer → (eval, conversation, matrix) → export → api →
# web → cli: a part imports only parts with a lower number, and itself. What is shared may be
# imported by all and imports only what is shared.
SHARED = {"__init__", "types", "errors", "config", "workspace", "offline", "imports", "database"}
LAYERS = {
    "corpus": 1,
    "index": 2,
    "retrieve": 3,
    "excerpts": 4,
    "answer": 5,
    "conversation": 6,
    "eval": 6,
    "matrix": 6,
    "export": 7,
    "api": 8,
    "web": 9,
    "cli": 10,
    "__main__": 11,
    "notebook": 11,
}
FRONT = PACKAGE / "__init__.py"  # names what programs import, loaded when asked for
MAX_LINES = 300
HEAVY = {
    *("torch", "transformers", "sentence_transformers", "gradio", "chromadb", "llama_index"),
    *("scipy", "sklearn", "statsmodels", "matplotlib", "ir_measures", "openai"),
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part_of(module: str) -> str:
    """The first name below ``assistant`` in a dotted module name."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def layer_of(part: str) -> int:
    return 0 if part in SHARED else LAYERS[part]


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, by its full name, wherever in the file."""
    parents = path.relative_to(ROOT).parent.parts  # an __init__ stands in its own package
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = parents[: len(parents) - node.level + 1] if node.level else ()
            origin = ".".join((*base, *((node.module,) if node.module else ())))
            if origin == "assistant":  # `from assistant import x`: x may be a module
                yield from ((f"assistant.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield origin, node.lineno


def is_module(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def test_there_is_code_to_check() -> None:
    assert MODULES


def test_every_part_of_the_package_has_its_place_in_the_flow() -> None:
    parts = {path.stem for path in PACKAGE.glob("*.py")}
    parts |= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert parts <= SHARED | LAYERS.keys(), "name the new part's layer in this test"


@pytest.mark.parametrize("path", [path for path in MODULES if path != FRONT], ids=name_of)
def test_imports_go_one_way(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    wrong = [
        f"line {line}: {module}"
        for module, line in imports_of(path)
        if module.partition(".")[0] == "assistant"
        and is_module(module)
        and part_of(module) != own
        and not layer_of(part_of(module)) < max(layer_of(own), 1)
    ]
    assert not wrong, f"{name_of(path)} imports against the flow: {wrong}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_no_longer_than_it_can_be_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES, f"{name_of(path)} has {lines} lines; is it still one noun?"


@pytest.mark.parametrize("module", ["assistant", "assistant.types", "assistant.cli.main"])
def test_importing_the_command_loads_nothing_heavy(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert run.returncode == 0, run.stderr
    loaded = {name.partition(".")[0] for name in json.loads(run.stdout)}
    assert not loaded & HEAVY


# --- What is declared and pinned --------------------------------------------------------


def imported_distributions() -> dict[str, set[str]]:
    """Which distributions each top-level name that the package imports comes from."""
    own = {"assistant"} | set(sys.stdlib_module_names)
    full = {module for path in MODULES for module, _ in imports_of(path)}
    providers = metadata.packages_distributions()
    found: dict[str, set[str]] = {}
    for module in full:
        top = module.partition(".")[0]
        if top in own or top == "__future__":
            continue
        found[module] = {canonicalize_name(name) for name in providers.get(top, [])}
    return found


def test_what_the_package_imports_is_declared() -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
    undeclared = {
        module: sorted(providers)
        for module, providers in imported_distributions().items()
        if not providers & declared
    }
    assert not undeclared, f"not among the dependencies of pyproject.toml: {undeclared}"


def pins() -> dict[str, Requirement]:
    """The constraints that hold for this interpreter, by distribution."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    return {
        canonicalize_name(pin.name): pin
        for pin in found
        if pin.marker is None or pin.marker.evaluate()
    }


def needed() -> dict[str, str]:
    """Every distribution that the development environment needs, with its version."""
    found: dict[str, str] = {}
    todo = [(metadata.metadata("doctrine-assistant")["Name"], frozenset({"dev"}))]
    seen = set(todo)
    while todo:
        name, extras = todo.pop()
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            found[canonicalize_name(name)] = "not installed"
            continue
        found[canonicalize_name(name)] = distribution.version
        for line in distribution.requires or ():
            requirement = Requirement(line)
            marker = requirement.marker
            if marker and not any(marker.evaluate({"extra": extra}) for extra in extras | {""}):
                continue
            item = (canonicalize_name(requirement.name), frozenset(requirement.extras))
            if item not in seen:
                seen.add(item)
                todo.append(item)
    del found["doctrine-assistant"]
    return found


def test_every_version_is_pinned_and_installed_as_pinned() -> None:
    pinned = pins()
    wrong = {
        name: f"{version}, pinned {pinned[name].specifier if name in pinned else 'nowhere'}"
        for name, version in needed().items()
        if name not in pinned or not pinned[name].specifier.contains(version, prereleases=True)
    }
    assert not wrong, f"constraints.txt and the environment differ: {wrong}"


def test_pins_are_exact() -> None:
    loose = [
        str(pin) for pin in pins().values() if [spec.operator for spec in pin.specifier] != ["=="]
    ]
    assert not loose


# --- What must not be in the repository -------------------------------------------------

# Written in pieces, so that this file does not find itself.
FORBIDDEN = re.compile(
    "|".join(
        re.escape(first + second).replace("/wo", r"(?<![\w.])/wo")
        for first, second in [
            ("/wo", "rk/"),
            ("/fa", "rm/"),
            ("/ro", "ot/"),
            ("/opt/", "wheels"),
            ("/opt/", "pypi"),
            ("pypi", ".org"),
            ("python", "hosted.org"),
            ("registry.npm", "js.org"),
            ("deb.deb", "ian.org"),
            ("download.py", "torch.org"),
        ]
    )
)


def repository_files() -> list[Path]:
    """What is or would be committed; without git (an unpacked archive) all but hidden folders."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    else:
        paths = (
            path
            for path in ROOT.rglob("*")
            if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
        )
    return [path for path in paths if path.is_file()]


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    found = []
    for path in repository_files():
        content = path.read_bytes()
        if b"\0" in content[:8192]:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
            if match := FORBIDDEN.search(line):
                found.append(f"{name_of(path)}:{number}: {match.group()}")
    assert not found
