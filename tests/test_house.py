"""The rules of the house: who may import whom, what stays behind which fence, how long a thing may be."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import re._constants as parts_of  # type: ignore[import-not-found]
import subprocess
from functools import cache
from pathlib import Path
from re._parser import SubPattern, parse  # type: ignore[import-not-found]

import click
import pytest

from kbengine import errors
from kbengine.cli import main

ROOT = Path(__file__).parent.parent

# Imports go strictly downward: a room knows only the rooms on the lines above its own.
ORDER = (
    {"errors"},
    {"settings", "article"},
    {"period"},
    {"history"},
    {"vouching"},
    {"language", "markup", "privacy"},
    {"validate", "channels"},
    {"translation", "triage", "reply"},
    {"journal"},
    {"folder", "search", "suggest", "neighbours"},
    {"checks", "corpus", "evaluate"},
    {"edition"},
    {"engine"},
    {"cli"},
)
FLOOR = {room: floor for floor, rooms in enumerate(ORDER) for room in rooms}

# What the pages may know of the engine besides its doors: values, and where they are served.
PUBLIC_VALUES = {"article", "channels", "errors", "history", "settings"}

# Each dependency is used in one room, so that it can be replaced there.
FENCES = {
    "whoosh": {"search"},
    "numpy": {"suggest"},
    "sentence_transformers": {"suggest"},
    "huggingface_hub": {"suggest"},
    "transformers": {"suggest"},
    "torch": {"suggest"},
    "sqlite_utils": {"corpus"},
    "sqlalchemy": {"journal"},
    "alembic": {"journal"},
    "markdown": {"markup"},
    "nh3": {"markup"},
    "linkify_it": {"markup"},
    "click": {"cli"},
    "yaml": {"article"},
    "simplemma": {"language"},
    "snowballstemmer": {"language"},
    "subprocess": {"cli"},
    "flask": {"web"},
    "flask_babel": {"web"},
    "flask_wtf": {"web"},
    "jinja2": {"web"},
    "markupsafe": {"web"},
    "werkzeug": {"web"},
    "wtforms": {"web"},
}

# What else is not written anywhere, but for these files and their reasons.
ENVIRONMENT = {
    "kbengine/settings.py": "the one reader",
    "kbengine/cli/serve.py": "hands the environment on to the processes it starts",
}
EXTRAS = {"kbengine/suggest/semantic.py": "an optional extra, imported when it is used"}
MARKUP = {"web/show.py": "shows what kbengine.markup cleaned, and marks words in escaped text"}
PERCENT = {"web/messages.py": "gettext's own form, of texts that are ours"}
LONG_FILES = {
    "kbengine/search.py": "one fence round Whoosh, whose quirks are explained where they bite",
    "kbengine/evaluate.py": "the rules of one measure, read in one go",
}

# Codes that only the command line or the server's own log can meet: of files, stores and figures.
NOT_IN_PAGES = (
    "backup.",
    "corpus.",
    "encoder.",
    "export.",
    "file.misplaced",
    "file.unreadable",
    "import.",
    "labelled.",
    "name.twice",
    "restore.",
    "serve.",
    "suggest.",
)


@cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(path):
    """Every node of a file, walked once."""
    return tuple(ast.walk(tree(path)))


def name_of(path):
    """kbengine.edition.files of a path; the face of a room is the room."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


SOURCES = tuple(sorted([*(ROOT / "kbengine").rglob("*.py"), *(ROOT / "web").rglob("*.py")]))
MODULES = {name_of(path): path for path in SOURCES}


def room_of(module):
    """edition of kbengine.edition.files; web of anything in web."""
    first, *rest = module.split(".")
    return rest[0] if first == "kbengine" and rest else first


@cache
def imports(path):
    """Every module that a file imports; of another room only its face, whatever that has of the same name."""
    return tuple(_imports(path))


def _imports(path):
    room = room_of(name_of(path))
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                inner = whole in MODULES and (node.module == "kbengine" or room_of(whole) == room)
                yield whole if inner else node.module


def ours(path):
    return {module for module in imports(path) if module.split(".")[0] in ("kbengine", "web")}


def functions(path):
    return [node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def calls(path):
    return [node for node in nodes(path) if isinstance(node, ast.Call)]


def callee(call):
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def place(path, node):
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def with_allowed(found, allowed):
    """The places outside the files that are allowed to, and the allowances that nobody needs any more."""
    files = {where.split(":")[0] for where in found}
    return [where for where in found if where.split(":")[0] not in allowed], sorted(set(allowed) - files)


# --- layers ---


def test_room_when_it_exists_has_a_floor():
    """Every module of the engine stands in the order, and the order names no room that is gone."""
    rooms = {room_of(module) for module in MODULES if module.startswith("kbengine.")}

    assert rooms == set(FLOOR)


def test_import_when_between_rooms_goes_down():
    """No room knows one above it, or beside it."""
    upward = [
        f"{module} -> {target}"
        for module, path in MODULES.items()
        if module.startswith("kbengine.")
        for target in ours(path)
        if room_of(target) != room_of(module) and FLOOR.get(room_of(target), 99) >= FLOOR[room_of(module)]
    ]

    assert upward == []


def test_import_when_between_rooms_uses_the_front_door():
    """What a room does not show on its face, no other room uses."""
    behind = [
        f"{module} -> {target}"
        for module, path in MODULES.items()
        for target in ours(path)
        if target.startswith("kbengine.") and room_of(target) != room_of(module) and target.count(".") > 1
    ]

    assert behind == []


def test_import_when_followed_never_comes_back():
    """There is no cycle, not even inside a room."""
    graph = {module: {target for target in ours(path) if target != module} for module, path in MODULES.items()}
    while free := [module for module, targets in graph.items() if not targets & set(graph)]:
        for module in free:
            del graph[module]

    assert sorted(graph) == []


def test_import_when_made_stands_at_the_top():
    """No import hides in a function, but that of an optional extra; and none is for the type checker only."""
    hidden = [
        place(path, node)
        for path in SOURCES
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    typed = [str(path) for path in SOURCES if "TYPE_CHECKING" in path.read_text(encoding="utf-8")]

    assert with_allowed(hidden, EXTRAS) == ([], [])
    assert typed == []


def test_pages_when_they_use_the_engine_take_doors_and_values_only():
    """web imports kbengine.engine and the public values, nothing deeper."""
    allowed = {f"kbengine.{room}" for room in {"engine", *PUBLIC_VALUES}}
    deeper = [
        f"{module} -> {target}"
        for module, path in MODULES.items()
        if room_of(module) == "web"
        for target in ours(path)
        if target.startswith("kbengine") and target not in allowed
    ]

    assert deeper == []


# --- fences ---


@pytest.mark.parametrize("library", FENCES)
def test_library_when_used_stays_behind_its_fence(library):
    """Each dependency is imported in its own room, and nowhere else."""
    users = {room_of(name) for name, path in MODULES.items() if library in {m.split(".")[0] for m in imports(path)}}

    assert users <= FENCES[library]


def test_environment_when_read_is_read_by_the_settings():
    """Nothing else in the house depends on how the process was started."""
    found = [
        place(path, node)
        for path in SOURCES
        for node in nodes(path)
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "putenv"))
        or (isinstance(node, ast.ImportFrom) and node.module == "os")
    ]

    assert with_allowed(found, ENVIRONMENT) == ([], [])


def compiled_patterns():
    """Each pattern that a module of ours keeps, by module and name."""
    names = [found.name for found in pkgutil.walk_packages(["kbengine"], "kbengine.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith(("__main__", "migrations.env"))]
    return {
        f"{module.__name__}.{name}": kept
        for module in modules
        for name, kept in vars(module).items()
        if isinstance(kept, re.Pattern) and isinstance(kept.pattern, str)
    }


def keeps_too_much(parts):
    """Whether a repeat that gives nothing back holds more than one character's choice."""
    for kind, inside in parts:
        if kind is parts_of.POSSESSIVE_REPEAT and [one for one, _ in inside[2]] not in ONE_CHARACTER:
            return True
        if any(keeps_too_much(part) for part in subpatterns(inside)):
            return True
    return False


ONE_CHARACTER = [[kind] for kind in (parts_of.IN, parts_of.LITERAL, parts_of.NOT_LITERAL, parts_of.ANY)]


def subpatterns(inside):
    """The patterns within a part of a pattern, however they lie there."""
    if isinstance(inside, SubPattern):
        return [inside]
    return [found for part in inside for found in subpatterns(part)] if isinstance(inside, tuple | list) else []


def test_patterns_when_compiled_mean_the_same_to_every_python():
    """Python 3.11.0 to 3.11.4 read a group that is repeated possessively wrong: write (?>(?:…)*), not (?:…)*+."""
    found = compiled_patterns()

    assert all(keeps_too_much(parse(one)) for one in ("(?:ab)*+", "x(?>a|bc)?+"))
    assert not any(keeps_too_much(parse(one)) for one in ("[ab]*+c?+", "(?>(?:ab)*)"))
    assert len(found) > 100
    assert [name for name, pattern in found.items() if keeps_too_much(parse(pattern.pattern, pattern.flags))] == []


def test_text_when_put_together_is_never_formatted_by_itself():
    """No str.format, which reads any attribute; Markup's own escapes and is web/show's."""
    found = [place(path, call) for path in SOURCES for call in calls(path) if callee(call) in ("format", "format_map")]

    assert with_allowed(found, MARKUP) == ([], [])


def test_text_when_put_together_is_not_formatted_with_percent():
    """No % on texts: a wide field in a text that came from outside costs seconds."""
    found = [
        place(path, node)
        for path in SOURCES
        for node in nodes(path)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and _is_text(node.left)
    ]

    assert with_allowed(found, PERCENT) == ([], [])


def _is_text(node):
    text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    return text or (isinstance(node, ast.Call) and callee(node) == "str")


def test_html_when_declared_safe_is_declared_in_one_place():
    """Only web/show says that a text is HTML already."""
    found = [
        place(path, call) for path in SOURCES for call in calls(path) if callee(call) in ("Markup", "escape_silent")
    ]

    assert with_allowed(found, MARKUP) == ([], [])


@pytest.mark.parametrize("path", sorted((ROOT / "web").rglob("*.html")), ids=lambda path: path.name)
def test_template_when_rendered_escapes_everything(path):
    """No template switches escaping off, holds a script or style of its own, or an event handler."""
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"\|\s*safe\b|autoescape|<style|\sstyle=|\son[a-z]+=|javascript:", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []


def test_code_when_run_is_only_our_own():
    """No eval, exec, pickle, marshal, shelve or shell anywhere."""
    modules = {"pickle", "marshal", "shelve", "dill", "jsonpickle"}
    found = [f"{name}: {module}" for name, path in MODULES.items() for module in imports(path) if module in modules]
    for path in SOURCES:
        for call in calls(path):
            shell = any(word.arg == "shell" for word in call.keywords)
            plain = isinstance(call.func, ast.Name) and call.func.id in ("eval", "exec", "compile", "__import__")
            if plain or shell or callee(call) in ("system", "popen"):
                found.append(place(path, call))

    assert found == []


def test_arrays_when_loaded_are_no_pickles():
    """numpy may not unpickle: every load says so."""
    loads = [call for path in SOURCES for call in calls(path) if ast.unparse(call.func) in ("np.load", "np.save")]
    refusing = [call for call in loads if any(ast.unparse(k) == "allow_pickle=False" for k in call.keywords)]

    assert loads
    assert refusing == loads


def test_output_when_printed_comes_from_the_command_line():
    """Only cli prints and exits."""
    found = [
        place(path, node)
        for name, path in MODULES.items()
        if room_of(name) != "cli"
        for node in nodes(path)
        if (isinstance(node, ast.Call) and (callee(node) in ("print", "_exit") or ast.unparse(node.func) == "sys.exit"))
        or (isinstance(node, ast.Name) and node.id == "SystemExit")
    ]

    assert found == []


# --- faces and sizes ---


def _sorted_as_ruff_does(names):
    return sorted(names, key=lambda name: (0 if name.isupper() else 1 if name[:1].isupper() else 2, name))


FACES = [name for name, path in MODULES.items() if path.name == "__init__.py" and "__all__" in path.read_text("utf-8")]


@pytest.mark.parametrize("name", FACES)
def test_face_when_listed_is_sorted_and_there(name):
    """`__all__` is sorted, has no name twice, and every name exists."""
    module = importlib.import_module(name)

    assert module.__all__ == _sorted_as_ruff_does(set(module.__all__))
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_functions_when_measured_are_short():
    """None is over 60 lines, and nine of ten are at most 30."""
    lengths = sorted(f.end_lineno - f.lineno + 1 for path in SOURCES for f in functions(path))
    long = [place(path, f) for path in SOURCES for f in functions(path) if f.end_lineno - f.lineno + 1 > 60]

    assert long == []
    assert lengths[int(len(lengths) * 0.9)] <= 30


def test_files_when_measured_are_short():
    """A module that outgrows 300 lines becomes a folder, unless it is named with its reason."""
    long = {str(path.relative_to(ROOT)) for path in SOURCES if len(path.read_text("utf-8").splitlines()) > 300}

    assert sorted(long - set(LONG_FILES)) == []


def test_functions_when_written_are_typed():
    """Every argument and every result has a type."""
    untyped = [
        f"{place(path, function)} {function.name}"
        for path in SOURCES
        for function in functions(path)
        if function.returns is None or any(a.annotation is None for a in _arguments(function))
    ]

    assert untyped == []


def _arguments(function):
    given = function.args
    rest = [argument for argument in (given.vararg, given.kwarg) if argument is not None]
    return [a for a in (*given.posonlyargs, *given.args, *given.kwonlyargs, *rest) if a.arg not in ("self", "cls")]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_module_when_opened_says_what_it_is_for(path):
    """Each module has a docstring, and so has each public class and function in it."""
    nodes = [node for node in tree(path).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    silent = [node.name for node in nodes if not node.name.startswith("_") and not ast.get_docstring(node)]

    assert ast.get_docstring(tree(path))
    assert silent == []


# --- the repository ---


@cache
def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout: what belongs to the repository is not known")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


REGISTRIES = [("pypi", "org"), ("python", "hosted.org"), ("npm", "js."), ("crates", ".io"), ("proxy.golang", ".org")]
HOMES = re.compile(r"(?<![\w.~}-])/(work|root|home|Users)/")


def test_repository_when_searched_names_no_registry():
    """Packages come from wherever the machine is configured to look: no file names a host."""
    hosts = re.compile("|".join(rf"\b{re.escape(a)}\.?{re.escape(b)}" for a, b in REGISTRIES), re.IGNORECASE)
    found = [str(path) for path in tracked() if hosts.search(path.read_text("utf-8", "replace"))]

    assert found == []


def test_repository_when_searched_names_no_folder_of_a_machine():
    """Nothing points at the machine that it was written on."""
    here = Path(__file__)
    found = [str(path) for path in tracked() if path != here and HOMES.search(path.read_text("utf-8", "replace"))]

    assert found == []


# --- commands and codes ---


def commands(group, path=()):
    for name, command in sorted(group.commands.items()):
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


COMMANDS = dict(commands(main))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_command_when_asked_for_help_gives_an_example(path):
    """Every command says what it does, and shows itself at work."""
    words = COMMANDS[path].help

    assert re.search(rf"\n *Example: kb (--home \S+ )?{' '.join(path)}( |$)", words, re.MULTILINE)
    assert words.split("\n\n")[0].endswith(".")


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_option_when_listed_has_help(path):
    """Every option says what it is for."""
    options = [option for option in COMMANDS[path].params if isinstance(option, click.Option)]

    assert [option.name for option in options if not option.help] == []


def codes():
    """Every code that the engine gives to an error or a problem."""
    kinds = {name for name in vars(errors) if isinstance(getattr(errors, name), type)}
    makers = kinds | {"_error", "_problem", "problem", "_unreadable", "_refused"}
    for path in SOURCES:
        if path.is_relative_to(ROOT / "kbengine"):
            for call in calls(path):
                first = call.args[0] if call.args else None
                if (
                    callee(call) in makers
                    and isinstance(first, ast.Constant)
                    and re.search(r"\w[.-]\w", str(first.value))
                ):
                    yield first.value


def test_codes_when_collected_are_many():
    """The collecting itself works: the well-known ones are found."""
    assert {"move.own-text", "limit.too-long", "store.missing", "danger-phrase", "file.bom"} <= set(codes())


def test_code_when_raised_has_a_dutch_text():
    """Whatever the engine refuses, the pages say so in words."""
    messages = pytest.importorskip("web.messages", reason="there are no pages yet")
    silent = {code for code in codes() if not code.startswith(NOT_IN_PAGES)} - set(messages.MESSAGES)

    assert sorted(silent) == []


def test_error_tree_when_drawn_is_the_tree():
    """The drawing in the docstring of errors names every error, and nothing else."""
    names = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}

    assert set(re.findall(r"\b(?:[A-Z]+[a-z]*){2,}\b|Conflict|^KBError", errors.__doc__, re.MULTILINE)) == names
