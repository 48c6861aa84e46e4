from allauth.account.forms import LoginForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def sign_in(request: HttpRequest, *, email: str, password: str, to: str) -> HttpResponse:
    """Sign somebody in through allauth's own form, so that the session knows how and when they proved who they are.

    When allauth says no (too many attempts from this address), the sign-in page asks for the password again.
    """
    form = LoginForm({"login": email, "password": password}, request=request)
    if not form.is_valid():
        return redirect("account_login")
    response: HttpResponse = form.login(request, redirect_url=to)
    return response
