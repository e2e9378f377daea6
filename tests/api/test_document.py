"""The OpenAPI document is valid, complete, and says how every operation refuses."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from clinic.config.api import router, urlpatterns

PUBLIC = {("post", "/api/v1/token/")}


@pytest.fixture(scope="module")
def document() -> dict:
    with GENERATOR_STATS.silence():
        return SchemaGenerator().get_schema(request=None, public=True)


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def answers(document, code):
    return {(method, path) for method, path, operation in operations(document) if code in operation["responses"]}


def body_of(operation, code):
    return operation["responses"][code]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]


def test_it_validates_without_a_warning():
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        made = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(made)
    assert not GENERATOR_STATS


def test_it_names_every_route_and_method(document):
    """As the resolver sees them: the same address, the same methods."""
    made = router()
    routed = set()
    for prefix, viewset, _ in made.registry:
        for route in made.get_routes(viewset):
            mapping = made.get_method_map(viewset, route.mapping)
            url = route.url.format(prefix=prefix, lookup="{id}", trailing_slash="/").strip("^$")
            routed |= {(method, f"/api/v1/{url}") for method in mapping}
    assert {part.name for part in urlpatterns if hasattr(part, "name")} == {"schema", "docs", "token"}
    routed |= PUBLIC  # the document and its viewer describe themselves
    assert {(method, path) for method, path, _ in operations(document)} == routed
    assert len(routed) > 20


def test_every_operation_but_the_log_in_needs_a_token(document):
    open_ = {(method, path) for method, path, operation in operations(document) if not operation.get("security")}
    assert open_ == PUBLIC
    assert answers(document, "401") == {(method, path) for method, path, _ in operations(document)} - PUBLIC


def test_whoever_writes_is_told_403_and_400(document):
    writes = {(method, path) for method, path, _ in operations(document) if method != "get"}
    assert answers(document, "403") == writes - PUBLIC
    assert writes <= answers(document, "400")


def test_rows_pages_and_named_things_can_be_missing(document):
    rows = {(method, path) for method, path, _ in operations(document) if "{id}" in path}
    lists = {(method, path) for method, path, _ in operations(document) if method == "get" and "{id}" not in path}
    named = {("post", "/api/v1/programmes/"), ("post", "/api/v1/adherence/"), ("post", "/api/v1/programme-items/")}
    named |= {("post", "/api/v1/session-notes/")}
    assert answers(document, "404") == rows | lists | named


def test_only_what_two_people_may_change_at_once_conflicts(document):
    acts = ("cancel", "came", "no-show", "restore")
    visits = {("patch", "/api/v1/visits/{id}/")} | {("post", f"/api/v1/visits/{{id}}/{act}/") for act in acts}
    visits |= {("patch", "/api/v1/session-notes/{id}/")}
    assert answers(document, "409") - visits == {("put", "/api/v1/assessments/{id}/"), ("post", "/api/v1/protocol/")}


def test_refusals_have_two_shapes(document):
    for _, path, operation in operations(document):
        for code in operation["responses"]:
            if code in ("400", "409"):
                assert body_of(operation, code) == "Problems", path
            elif code >= "400":
                assert body_of(operation, code) == "Refusal", path
    shapes = document["components"]["schemas"]
    assert set(shapes["Problems"]["properties"]) == {"problems"}
    assert set(shapes["Problem"]["properties"]) == {"path", "message"}
    assert set(shapes["Refusal"]["properties"]) == {"detail"}


def test_what_only_clinicians_read_is_marked_and_may_be_missing(document):
    shapes = document["components"]["schemas"]
    for shape, names in (("Item", ("suggested", "for_findings", "because")), ("Programme", ("left_out",))):
        for name in names:
            assert "Only for clinicians" in shapes[shape]["properties"][name]["description"], name
            assert name not in shapes[shape]["required"]


def test_anybody_may_read_it(client, db):
    answer = client.get("/api/v1/schema/", headers={"accept": "application/json"})
    assert answer.status_code == 200
    assert "/api/v1/clients/" in answer.content.decode()
