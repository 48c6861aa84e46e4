from django.db import transaction
from django.urls import reverse

from accounts.models import User
from engagements.domain.ask_question import About, ask_question
from engagements.models import Question
from pricing.domain.announce import announce_question
from pricing.models import Quote
from pricing.people import owner_or_leads


@transaction.atomic
def ask_about_quote(quote: Quote, *, actor: User, text: str) -> Question:
    """“Something changed”: a question to whoever answers for the request. Accepts and changes nothing."""
    engagement = quote.engagement
    about_url = reverse("pricing:quote", args=[quote.reference])
    people = [person for person in owner_or_leads(engagement.request) if person != actor]
    about = About(str(quote), about_url)
    question = ask_question(engagement, actor=actor, text=text, about=about, told_otherwise=people)
    announce_question(
        quote, people, asker=actor, url=reverse("engagements:question", args=[engagement.code, question.number])
    )
    return question
