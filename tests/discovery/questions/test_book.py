"""The questionnaire as it is shipped, and what a wrong one is refused for."""

from dataclasses import replace

import pytest

from discovery.postfix.rule_packs import load_rules
from discovery.questions.book import Book, BookError, Condition, Dispute, Section
from discovery.questions.checking import problems_of
from discovery.questions.loading import known_facts, load_book, question_of, section_of

BOOK = load_book()
PLAIN = {"id": "first", "version": 1, "kind": "yesno", "ask": "Is it so?", "why": "It decides."}
NUMBER = PLAIN | {"kind": "number", "unit": "hosts", "unit_of_one": "host", "least": 1, "most": 9}


def book_of(*rows):
    return Book((Section("one", "One", "", tuple(question_of(row, "one") for row in rows)),))


def problems(*rows):
    return list(problems_of(book_of(*rows), known_facts()))


def test_the_questionnaire_is_in_order():
    assert list(problems_of(BOOK, known_facts())) == []
    assert len(BOOK.questions) > 40
    assert len(BOOK.sections) == 9


def test_every_question_is_a_sentence_with_its_reason():
    plain = [
        question.id for question in BOOK.questions if not question.ask.endswith("?") or not question.why.endswith(".")
    ]

    assert plain == []


def test_every_fact_answers_a_question_or_makes_one_be_asked():
    used = {question.answered_by for question in BOOK.questions}
    conditions = [question.asked_when for question in BOOK.questions if question.asked_when]
    used |= {leaf.fact for condition in conditions for leaf in condition.leaves}

    assert known_facts().keys() == used - {""}


def test_every_rule_about_answers_belongs_to_one_question():
    rules = sorted(rule.id for rule in load_rules() if rule.pack == "70_answers")

    assert sorted(question.dispute.rule for question in BOOK.questions if question.dispute) == rules


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([PLAIN, PLAIN], "first stands there twice"),
        ([PLAIN | {"kind": "colour"}], "colour is no kind of answer"),
        ([PLAIN | {"kind": "choice"}], "choices belong to"),
        ([PLAIN | {"kind": "number"}], "a number has a unit"),
        ([NUMBER | {"least": 9}], "its least is not below its most"),
        ([PLAIN | {"version": 0}], "versions begin at 1"),
        ([PLAIN | {"answered_by": "weather"}], "there is no fact weather"),
        ([PLAIN | {"answered_by": "hosts"}], "hosts answers a number, not a yesno"),
        ([PLAIN | {"dispute": {"rule": "x", "when": "differs"}}], "without a fact nothing can contradict"),
        (
            [PLAIN | {"answered_by": "milters", "dispute": {"rule": "x", "when": "sounds"}}],
            "nobody knows how to compare by sounds",
        ),
        ([PLAIN | {"asked_when": {"question": "second", "is": ["yes"]}}], "second, which is not asked before it"),
        ([PLAIN | {"asked_when": {"question": "first", "is": ["yes"]}}], "first, which is not asked before it"),
        ([PLAIN | {"asked_when": {"fact": "weather", "above": 1}}], "the fact weather, which nobody knows"),
        ([PLAIN | {"asked_when": {"fact": "hosts"}}], "either which answers or above which number"),
        ([PLAIN | {"asked_when": {"above": 1}}], "about one question or one fact"),
        ([PLAIN, PLAIN | {"id": "b", "asked_when": {"question": "first", "is": ["red"]}}], "red is no answer to first"),
        ([PLAIN, PLAIN | {"id": "b", "asked_when": {"question": "first", "above": 1}}], "first is no number"),
        ([NUMBER, PLAIN | {"id": "b", "asked_when": {"question": "first", "is": ["1"]}}], "first has no choices"),
    ],
)
def test_what_does_not_fit_is_named(rows, said):
    assert said in " ".join(problems(*rows))


def test_conditions_are_looked_into_however_deep_they_are():
    deep = {"any": [{"fact": "hosts", "above": 1}, {"all": [{"question": "never", "is": ["yes"]}]}]}

    assert ["never, which is not asked before it" in said for said in problems(PLAIN | {"asked_when": deep})] == [True]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "first"}, "The question first has no ask, kind, version, why."),
        (PLAIN | {"hint": "x"}, "The question first has keys that nobody knows: hint."),
        (PLAIN | {"asked_when": {"when": "x"}}, "A condition has keys that nobody knows: when."),
    ],
)
def test_keys_are_known_ones(row, said):
    with pytest.raises(BookError) as refused:
        question_of(row, "one")

    assert str(refused.value) == said


def test_a_section_names_its_questions():
    with pytest.raises(BookError, match="The section has no intro"):
        section_of({"slug": "one", "title": "One", "questions": []})


def test_a_book_is_never_changed():
    question = BOOK.questions[0]

    with pytest.raises(AttributeError):
        question.ask = "Other?"
    assert replace(question, asked_when=Condition(fact="hosts", above=1), dispute=Dispute("x", "below")) != question
