"""What a request of the API says is read as its schema says, and no more leniently."""

import pytest
from django.http import QueryDict
from rest_framework import serializers

from core.asked import checked


class Note(serializers.Serializer):
    text = serializers.CharField(required=False, allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    count = serializers.IntegerField(required=False)


class Notes(serializers.Serializer):
    notes = Note(many=True)


@pytest.mark.parametrize("number", [5, 5.5, 0])
def test_a_number_is_no_text(number):
    with pytest.raises(serializers.ValidationError) as refused:
        checked(Note, {"text": number, "count": 3})

    assert refused.value.detail == {"text": ["This is a number where text belongs. Send it in quotes."]}


def test_a_number_is_no_text_in_a_list_either_and_its_place_is_told():
    with pytest.raises(serializers.ValidationError) as refused:
        checked(Notes, {"notes": [{"text": "5", "tags": ["a", "b"]}, {"tags": ["a", 7]}]})

    (_, second) = refused.value.detail["notes"]
    assert list(second) == ["tags"]
    assert [bool(wrong) for wrong in second["tags"]] == [False, True]


def test_what_is_of_another_kind_is_still_refused_in_the_words_of_its_field():
    for wrong in ({"text": True}, {"text": ["a"]}, {"tags": 5}, {"count": "many"}):
        with pytest.raises(serializers.ValidationError) as refused:
            checked(Note, wrong)

        assert list(refused.value.detail) == list(wrong)


def test_text_stays_as_it_was_and_a_number_stays_one():
    assert checked(Note, {"text": "5", "tags": ["6"], "count": 7}) == {"text": "5", "tags": ["6"], "count": 7}


def test_in_a_form_digits_are_text():
    assert checked(Note, QueryDict("text=5&tags=6&count=7")) == {"text": "5", "tags": ["6"], "count": 7}
