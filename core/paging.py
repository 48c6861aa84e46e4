"""Lists of the API, a page at a time."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`?page=2`, and `?per_page=200` for fewer requests."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "per_page"
