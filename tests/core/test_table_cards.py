"""Tables of few columns say on every cell which column it belongs to; wider ones say that there is more."""

from django.template import Context, Template

FEW = (
    '<table class="table"><thead><tr><th scope="col">Name &amp; kind</th><th scope="col" class="num"><b>Rows</b></th>'
    "</tr></thead><tbody>{rows}</tbody></table>"
)


WIDE = f'<table class="table"><thead><tr>{"<th>x</th>" * 5}</tr></thead><tbody><tr>{"<td>1</td>" * 5}</tr></tbody>'


def drawn(table, asked=""):
    return Template('{% table_scroll "Table: rows" ' + asked + "%}" + table + "{% endtable_scroll %}").render(Context())


def test_a_table_of_few_columns_becomes_cards():
    found = drawn(FEW.format(rows='<tr><th scope="row">a</th><td class="num">1</td></tr><tr><td>b</td><td>2</td></tr>'))

    assert '<table class="table table--cards">' in found
    assert '<th scope="row" data-label="Name &amp; kind">a</th><td class="num" data-label="Rows">1</td>' in found
    assert '<td data-label="Name &amp; kind">b</td><td data-label="Rows">2</td>' in found
    assert '<th scope="col">Name &amp; kind</th>' in found
    assert "scroll sideways" not in found


def test_a_table_that_is_cards_already_stays_so_and_a_cell_keeps_the_label_it_brings():
    table = FEW.replace('"table"', '"table table--cards wide"').format(
        rows='<tr><td class="num" data-label="Its own">a</td><td>1</td></tr>'
    )

    found = drawn(table)

    assert '<table class="table table--cards wide">' in found
    assert '<td class="num" data-label="Its own">a</td><td data-label="Rows">1</td>' in found


def test_a_cell_that_holds_only_blanks_is_empty():
    assert '<td data-label="Name &amp; kind"></td>' in drawn(FEW.format(rows="<tr><td>\n  </td><td>2</td></tr>"))


def test_a_wide_table_says_that_there_is_more_and_keeps_its_shape():
    found = drawn(WIDE)

    assert "scroll sideways" in found
    assert "table--cards" not in found
    assert "data-label" not in found
    assert 'role="region" tabindex="0" aria-label="Table: rows"' in found


def test_a_page_can_ask_for_cards_of_a_wide_table():
    found = drawn(WIDE, "is_cards=True ")

    assert '<table class="table table--cards">' in found
    assert found.count('<td data-label="x">') == 5
    assert "scroll sideways" not in found


def test_a_table_without_a_head_is_left_as_it_is():
    table = "<table class='table'><tr><td>1</td></tr></table>"

    assert table in drawn(table)


def test_each_table_of_a_document_says_the_columns_of_its_own_head():
    headed = (
        '<table class="document-table"><thead><tr><th>{0}</th><th>{1}</th></tr></thead>'
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    )
    page = (
        f"{headed.format('File', 'Bytes')}<p>and</p>{headed.format('Host', 'Rôle')}<table><tr><td>3</td></tr></table>"
    )

    found = Template("{% labelled %}" + page + "{% endlabelled %}").render(Context())

    assert '<td data-label="File">1</td><td data-label="Bytes">2</td>' in found
    assert '<td data-label="Host">1</td><td data-label="Rôle">2</td>' in found
    assert "<p>and</p>" in found
    assert "<table><tr><td>3</td></tr></table>" in found
