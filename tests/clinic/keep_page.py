"""A page with nothing but a form that keeps itself, and a server that does as it is told."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import include, path

from clinic import keeping

PAGE = """<!doctype html><title>Kept</title><main id="content">
<form method="post" action="/kept/" data-keep="{key}" data-keep-user="{user}" data-keep-url="/kept/autosave/">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}"><input type="hidden" name="revision" value="{revision}">
<label>Words <input name="words" value="{words}"></label>
<input type="hidden" name="strokes" value="{strokes}">
<label><input type="checkbox" name="kind" value="a">A</label>
<label><input type="checkbox" name="kind" value="b">B</label>
<button type="submit">Save</button></form>
<form method="post" action="/log-out/" data-logs-out="{user}"><input type="hidden" name="csrfmiddlewaretoken"
value="{token}"><button>Sign out</button></form></main><script src="/static/clinic/js/keep.js" defer></script>"""


class Store:
    """What the server has, and what it shall answer next."""

    def __init__(self) -> None:
        self.revision, self.words, self.strokes, self.tab = 1, "", "", ""
        self.answer: HttpResponse | None = None
        self.posts: list[dict] = []


store = Store()


@login_required
def page(request):
    if request.method == "POST":
        store.words = request.POST["words"]
        return keeping.done(redirect("/saved/"), keeping.key(request.user, "kept", 1))
    key = keeping.key(request.user, "kept", 1)
    told = {"token": get_token(request), "user": request.user.pk, "key": key, **vars(store)}
    return HttpResponse(PAGE.format(**told))


def saved(request):
    return HttpResponse('<title>Done</title><script src="/static/clinic/js/keep.js"></script>')


@login_required
def autosave(request):
    refusal = keeping.somebody_else(request) or store.answer
    if refusal:
        return refusal
    if int(request.POST["revision"]) != store.revision and keeping.tab_of(request) != store.tab:
        return keeping.changed("/merge/")
    store.posts.append(request.POST.dict() | {"kinds": request.POST.getlist("kind")})
    store.revision += 1
    store.words, store.strokes, store.tab = request.POST["words"], request.POST["strokes"], keeping.tab_of(request)
    return keeping.saved(revision=store.revision)


def merge(request):
    return HttpResponse(f"<pre>{json.dumps([store.words, request.POST['words']])}</pre>", status=409)


urlpatterns = [
    path("kept/", page),
    path("kept/autosave/", autosave),
    path("saved/", saved),
    path("merge/", merge),
    path("log-out/", saved),
    path("", include("clinic.config.urls")),
]
