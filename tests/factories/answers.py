"""A questionnaire on its way, through the doors of the portal."""

from discovery.domain.save_answers import Written, save_answers
from discovery.domain.submit_answers import submit_answers
from discovery.questionnaire import questionnaire_of
from discovery.questions.values import Given
from engagements.models import Engagement


def write(engagement, *, actor, **answers):
    """Answers as the latest reader would write them: a value, or a Given."""
    fresh = Engagement.objects.get(pk=engagement.pk)
    shown = questionnaire_of(fresh, actor)
    written = {}
    for name, value in answers.items():
        row = shown.find(name)
        version = row.answer.version if row.answer else 0
        written[name] = Written(value if isinstance(value, Given) else Given(value), version)
    return save_answers(fresh, actor=actor, written=written)


def answer_all(engagement, *, actor, **answers):
    """These answers; whatever else is asked is not known."""
    write(engagement, actor=actor, **answers)
    while missing := questionnaire_of(engagement, actor).missing:
        write(engagement, actor=actor, **{row.question.id: Given(is_unknown=True) for row in missing})


def submit(engagement, *, actor):
    fresh = Engagement.objects.get(pk=engagement.pk)
    return submit_answers(fresh, actor=actor, version=questionnaire_of(fresh, actor).version)


def submitted(engagement, *, actor, **answers):
    answer_all(engagement, actor=actor, **answers)
    return submit(engagement, actor=actor)
