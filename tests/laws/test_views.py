"""Whoever fetches a customer's row in a view begins with what this reader may see; only pages know the pages' room."""

import ast

import pytest

from tests.laws.models import customer_models
from tests.laws.sources import APPS, comments_of, name_of, over, python_files, tree_of

GUARDED = {model.__name__ for model in customer_models()}
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404", "aget_list_or_404"}
# What a fetch has to pass through. The consultancy is one, it is no customer, and everybody deals with it.
GUARDS = {"visible_to", "consultancy"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}

# On the line of a fetch that is right without it, followed by the reason.
EXCUSE = "# visible to all:"


def rooms_of(name):
    """The word with which each part of a path or a module ends: `reports/days_views.py` is a room of views."""
    return {part.rpartition("_")[2] for part in name.removesuffix(".py").replace("/", ".").split(".")}


def view_files():
    """Pages, the API, and where both find what an address names: views.py, days_api.py, whatever is in a folder api."""
    return [path for path in python_files(*APPS) if rooms_of(name_of(path)) & {"views", "api", "found"}]


def files_without_pages():
    """All but the pages and the addresses that lead to them."""
    return [path for path in python_files(*APPS) if not rooms_of(name_of(path)) & {"views", "urls"}]


def pages_imported(tree):
    """(line, module) of every import out of a room of views of ours."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module or ''}.{each.name}" for each in node.names]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        else:
            continue
        ours = [name for name in names if node_is_near(node) or name.partition(".")[0] in APPS]
        yield from ((node.lineno, name) for name in ours if "views" in rooms_of(name))


def node_is_near(node):
    return getattr(node, "level", 0) > 0


def parents_of(tree):
    return {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}


def chain_from(node, parents):
    """The names called one after the other on an expression: Model.objects.open().first() gives open, first."""
    while (parent := parents.get(node)) is not None:
        if isinstance(parent, ast.Attribute):
            yield parent.attr
        elif not (isinstance(parent, ast.Call) and parent.func is node):
            return
        node = parent


def model_named(node):
    """The customer's model that an expression names, also as `models.Gate`."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name if name in GUARDED else ""


def unguarded(tree):
    """(line, model) of every fetch that does not pass through visible_to()."""
    parents = parents_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and (model := model_named(node.value)):
            if GUARDS.isdisjoint(chain_from(node, parents)):
                yield node.lineno, model
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in SHORTCUTS and model_named(node.args[0]):
            yield node.lineno, model_named(node.args[0])


def excused_lines(path):
    return {line for line, comment in comments_of(path) if EXCUSE in comment and comment.partition(EXCUSE)[2].strip()}


@over(list(view_files()))
def test_every_fetch_in_a_view_passes_through_visible_to(path):
    excused = excused_lines(path)

    found = [f"{name_of(path)}:{line}: {model}" for line, model in unguarded(tree_of(path)) if line not in excused]

    assert found == []


@over(files_without_pages())
def test_only_pages_and_their_addresses_import_from_the_room_of_pages(path):
    found = [f"{name_of(path)}:{line}: {module}" for line, module in pages_imported(tree_of(path))]

    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "from discovery.views.streams import find_stream",
        "from discovery.views import streams",
        "from discovery import views",
        "import discovery.views.streams",
        "from reports.days_views import days",
        "from . import views",
        "def late():\n    from .views import streams",
    ],
)
def test_the_law_sees_an_import_from_the_room_of_pages(code):
    assert len(list(pages_imported(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code", ["from django.views.decorators.http import require_POST", "from discovery.reviews import row"]
)
def test_the_law_lets_other_imports_pass(code):
    assert list(pages_imported(ast.parse(code))) == []


def test_there_are_views_to_look_at():
    known = {"accounts/views.py", "engagements/views/work.py", "engagements/gate_api.py", "pricing/found.py"}
    assert known <= {name_of(path) for path in view_files()}


def test_there_are_files_that_must_not_know_the_pages():
    known = {"discovery/found.py", "discovery/api/streams.py", "engagements/gate_api.py", "reports/days_found.py"}
    assert known <= {name_of(path) for path in files_without_pages()}


@pytest.mark.parametrize(
    "code",
    [
        "Gate.objects.get(pk=pk)",
        "Gate.objects.select_related('engagement').filter(pk=pk).first()",
        "models.Gate.objects.all()",
        "get_object_or_404(Gate, pk=pk)",
        "Gate._default_manager.count()",
        "rows = Gate.objects\nrows.visible_to(user)",
    ],
)
def test_the_law_sees_a_fetch_without_it(code):
    assert [model for _, model in unguarded(ast.parse(code))] == ["Gate"]


@pytest.mark.parametrize(
    "code",
    [
        "Gate.objects.visible_to(user)",
        "Gate.objects.select_related('engagement').visible_to(user).get(pk=pk)",
        "get_object_or_404(Gate.objects.visible_to(user), pk=pk)",
        "engagement.gates.all()",
        "Organization.objects.consultancy()",
        "User.objects.get(pk=pk)",
        "Gate.DoesNotExist",
    ],
)
def test_the_law_lets_the_rest_pass(code):
    assert list(unguarded(ast.parse(code))) == []
