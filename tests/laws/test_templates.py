"""What holds for every template: pages work under the content security policy, and no form acts without its token."""

import re

import pytest

from tests.laws.sources import lines_with, name_of, over, project_files, templates

INLINE_STYLE = re.compile(r"""\sstyle\s*=|<style\b""", re.IGNORECASE)
# Without an address; a block of JSON is no script, and the policy lets it stand.
INLINE_SCRIPT = re.compile(r"""<script\b(?![^>]*\b(?:src\s*=|type\s*=\s*["']application/json))""", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"""<[a-z][^>]*\son[a-z]+\s*=\s*["'{]|\bjavascript:""", re.IGNORECASE)
SAFE = re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off")
REASON = re.compile(r"{#\s*(?P<words>[^#]*?)\s*#}")
FORM = re.compile(r"<form\b(?P<attributes>[^>]*)>(?P<inside>.*?)</form>", re.IGNORECASE | re.DOTALL)
POSTS = re.compile(r"""\bmethod\s*=\s*["']?post""", re.IGNORECASE)

DRAWN_WHOLE = re.compile(r"{{\s*(\w+)\s*}}")
SUMMARY = re.compile(r"{%\s*error_summary\s+([\w\s]+?)\s*%}")
# As `data-hx-...` they are valid HTML, and htmx reads both.
HTMX_UNDRESSED = re.compile(r"\shx-[a-z-]+\s*=")

# Attributes and rules that make a browser fetch something by itself; a link that a reader follows is not among them.
LOADS = re.compile(
    r"""(?:\b(?:src|srcset|poster|data|action|formaction|hx-(?:get|post|put|delete))\s*=\s*["']?"""
    r"""|<(?:link|use|image)\b[^>]*\b(?:xlink:)?href\s*=\s*["']?"""
    r"""|url\(\s*["']?|@import\s+["']?|\bfrom\s+["']|\b(?:fetch|import|open)\(\s*["'`])"""
    r"""\s*(?:https?:)?//""",
    re.IGNORECASE,
)

# Paper is no page: its style stands in its head, because a document is one file.
ON_PAPER = re.compile(r"(^|/)templates/documents/")
# A mail reader knows no style sheet: its colours stand beside the words.
IN_MAIL = re.compile(r"(^|/)templates/emails/")

each_template = over(list(templates(".html", ".svg")))
each_page = over([path for path in templates(".html", ".svg") if not IN_MAIL.search(name_of(path))])


@each_page
def test_no_inline_style(path):
    assert lines_with(path, INLINE_STYLE) == []


@each_template
def test_no_inline_script(path):
    assert lines_with(path, INLINE_SCRIPT) == []
    assert lines_with(path, INLINE_HANDLER) == []


@each_template
def test_attributes_of_htmx_are_valid_html(path):
    assert lines_with(path, HTMX_UNDRESSED) == []


@each_template
def test_what_is_not_escaped_says_why_on_its_line(path):
    silent = [line for line in lines_with(path, SAFE) if not reason_in(line)]

    assert silent == []


def reason_in(line):
    return any(len(found["words"].split()) > 1 for found in REASON.finditer(line))


@each_template
def test_every_form_that_posts_carries_its_token(path):
    text = path.read_text(encoding="utf-8")

    bare = [
        f"{name_of(path)}:{text[: form.start()].count(chr(10)) + 1}"
        for form in FORM.finditer(text)
        if POSTS.search(form["attributes"]) and "{% csrf_token %}" not in form["inside"]
    ]

    assert bare == []


def test_the_errors_of_a_form_are_told_once():
    found = {name_of(path): told_twice(path.read_text(encoding="utf-8")) for path in templates(".html")}

    assert {name: forms for name, forms in found.items() if forms} == {}


def told_twice(text):
    """Names of forms that are drawn whole, which tells their errors, beside a summary that tells them too."""
    summed_up = {name for names in SUMMARY.findall(text) for name in names.split()}
    return set(DRAWN_WHOLE.findall(text)) & summed_up


def test_the_law_on_errors_sees_what_it_forbids():
    assert told_twice("{% error_summary form %}<form>{{ form }}</form>") == {"form"}
    assert told_twice("{% error_summary first second %}<form>{{ second }}</form>") == {"second"}
    assert told_twice("{% error_summary form %}{{ form.reason.as_field_group }}{{ other_form }}") == set()


@each_template
def test_every_form_that_is_opened_is_closed(path):
    text = path.read_text(encoding="utf-8").lower()

    assert len(re.findall(r"<form\b", text)) == text.count("</form>")


@each_template
def test_a_template_fetches_nothing_from_elsewhere(path):
    assert lines_with(path, LOADS) == []


@over([path for path in project_files() if path.suffix in {".css", ".js"}])
def test_styles_and_scripts_fetch_nothing_from_elsewhere(path):
    assert lines_with(path, LOADS) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (INLINE_STYLE, '<p style="color: red">'),
        (INLINE_STYLE, "<style>"),
        (INLINE_SCRIPT, "<script>alert(1)</script>"),
        (INLINE_SCRIPT, '<script type="module">'),
        (INLINE_HANDLER, '<button class="x" onclick="go()">'),
        (INLINE_HANDLER, '<a href="javascript:go()">'),
        (LOADS, '<img src="https://elsewhere.example/x.png">'),
        (LOADS, '<script src="//elsewhere.example/x.js">'),
        (LOADS, '<link rel="stylesheet" href="http://elsewhere.example/x.css">'),
        (LOADS, "background: url('https://elsewhere.example/x.png')"),
        (LOADS, 'fetch("https://elsewhere.example/")'),
        (LOADS, 'import { x } from "https://elsewhere.example/x.js";'),
        (SAFE, "{{ text|safe }}"),
    ],
)
def test_the_laws_see_what_they_forbid(pattern, text):
    assert pattern.search(text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (INLINE_STYLE, '<p class="style">'),
        (INLINE_SCRIPT, '<script src="{% static "js/copy.js" %}" type="module"></script>'),
        (INLINE_SCRIPT, '<script id="facts" type="application/json">{"a": 1}</script>'),
        (INLINE_HANDLER, '<svg width="14" aria-hidden="true" focusable="false">'),
        (LOADS, '<svg xmlns="http://www.w3.org/2000/svg">'),
        (LOADS, '<a href="https://practice.example/">the practice</a>'),
        (LOADS, '<img src="data:image/png;base64,AA">'),
        (SAFE, "{{ text|safeseq_is_not_a_filter }}"),
    ],
)
def test_the_laws_let_the_rest_pass(pattern, text):
    assert not pattern.search(text)
