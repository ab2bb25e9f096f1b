"""Signing in and out in a browser, for the console.

* The page takes what `POST /v1/sessions` takes, by the same rules and throttles.  It
  never says what was wrong, and keeps the handle.
* Each time there is a new session.  The one that the browser had ends then, so that
  nobody goes on with what was known before.
* One goes on to a page of the console, and where there is none, to a page that says
  until when one is signed in.  That page counts as no use of the session.
* Nothing happens on a GET: signing out is asked for on a page, and done by its form.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError

from registry.api import sign_in_page as page
from registry.api.browser import forget_session, keep_session, read_form
from registry.api.deps import Parts, PartsDep
from registry.api.passwords import MAX_CHARS
from registry.api.problems import respond, status_of
from registry.api.strict import FOR_FORMS, StrictRoute
from registry.console_pages import check_path
from registry.db.operations import Session
from registry.errors import (
    Invalid,
    RegistryError,
    TooLarge,
    TooManyTries,
    Unavailable,
    WrongPassword,
)

MAX_HANDLE_CHARS = 64


class PageRoute(StrictRoute):
    """A route for people: what goes wrong is told on a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except RegistryError as error:
                return _refusal(error)
            except RequestValidationError:
                return _refusal(
                    Invalid("this address is not one of the page's own", hint=_OPEN)
                )
            except HTTPException:
                return _refusal(TooLarge("this form is too large", hint=_OPEN))
            except SQLAlchemyError:
                return _refusal(
                    Unavailable(
                        "the registry cannot read who may sign in",
                        hint="Try again; if it goes on, its own log says why.",
                    )
                )

        return told


router = APIRouter(tags=["sessions"], route_class=PageRoute, include_in_schema=False)

_OPEN = "Open the sign-in page again, and fill it in there."

After = Annotated[str | None, Query(alias="next")]
"""The path of the console to go on to."""


async def _asked_to_sign_in(request: Request, parts: PartsDep) -> dict[str, str]:
    parts.reached.check_own(request)
    return dict(await read_form(request, ("handle", "password", "next")))


async def _asked_to_sign_out(request: Request, parts: PartsDep) -> None:
    parts.reached.check_own(request)
    await read_form(request, ())


@router.get("/sign-in")
def show_sign_in(
    request: Request, parts: PartsDep, after: After = None, again: bool = False
) -> Response:
    elsewhere = parts.reached.elsewhere(request)
    if elsewhere is not None:
        return RedirectResponse(elsewhere, status_code=303)
    path = None if after is None else check_path(after)
    session = parts.access.find_session(parts.reached.cookie(request))
    console = parts.reached.console
    if session is not None and not again:
        onward = None if console is None else console + (path or "/")
        body = page.signed_in(
            handle=session.handle, ends=session.ends, onward=onward, after=path
        )
        return page.answer(body)
    handle = "" if session is None else session.handle
    return page.answer(page.form(handle=handle, after=path), console=console)


@router.post("/sign-in", openapi_extra=FOR_FORMS)
def sign_in(
    form: Annotated[dict[str, str], Depends(_asked_to_sign_in)],
    request: Request,
    parts: PartsDep,
) -> Response:
    path = check_path(form["next"]) if form.get("next") else None
    handle = form.get("handle", "").strip()
    address = request.client.host if request.client else ""
    try:
        password = _password(form, handle)
        secret, session = parts.access.sign_in(handle, password, address=address)
    except (Invalid, TooManyTries, WrongPassword) as error:
        return _form_again(error, parts, handle, path)
    before = parts.reached.cookie(request)
    if parts.access.find_session(before) is not None:
        parts.access.sign_out(before)
    console = parts.reached.console
    onward = "sign-in" if console is None else console + (path or "/")
    answer = RedirectResponse(onward, status_code=303)
    secure = parts.reached.is_secure(request)
    keep_session(answer, secret, session, secure=secure)
    return answer


@router.get("/sign-out")
def show_sign_out(request: Request, parts: PartsDep) -> Response:
    session = parts.access.find_session(parts.reached.cookie(request))
    return page.answer(page.ask_sign_out(_handle(session)))


@router.post(
    "/sign-out", dependencies=[Depends(_asked_to_sign_out)], openapi_extra=FOR_FORMS
)
def sign_out(request: Request, parts: PartsDep) -> Response:
    secret = parts.reached.cookie(request)
    if parts.access.find_session(secret) is not None:
        parts.access.sign_out(secret)
    answer = page.answer(page.signed_out())
    forget_session(answer, secure=parts.reached.is_secure(request))
    return answer


def _handle(session: Session | None) -> str | None:
    return None if session is None else session.handle


def _password(form: dict[str, str], handle: str) -> str:
    password = form.get("password", "")
    if not handle or not password:
        raise Invalid("it takes a handle and a password", hint="Say both.")
    if len(handle) > MAX_HANDLE_CHARS or len(password) > MAX_CHARS:
        raise WrongPassword("this handle and this password do not belong together")
    return password


def _form_again(
    error: RegistryError, parts: Parts, handle: str, path: str | None
) -> Response:
    body = page.form(
        handle=handle[:MAX_HANDLE_CHARS],
        after=path,
        wrong=_sentence(error),
        hint=error.hint,
    )
    headers = _headers(error)
    return page.answer(
        body, status=status_of(error), console=parts.reached.console, headers=headers
    )


def _refusal(error: RegistryError) -> Response:
    body = page.refusal(_sentence(error), error.hint)
    return page.answer(body, status=status_of(error), headers=_headers(error))


def _headers(error: RegistryError) -> dict[str, str]:
    """Those that the same error has as a problem."""
    told = respond(error).headers
    return {
        name: told[name] for name in ("Retry-After", "WWW-Authenticate") if name in told
    }


def _sentence(error: RegistryError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + "."
