from django.urls import URLPattern, URLResolver, path

from treatments.views import portal, programmes

app_name = "treatments"
urlpatterns: list[URLPattern | URLResolver] = [
    path("clients/<uuid:pk>/programme/new/", programmes.NewProgramme.as_view(), name="new_programme"),
    path("programmes/<uuid:pk>/", programmes.ProgrammePage.as_view(), name="programme"),
    path("programmes/<uuid:pk>/preview/", programmes.Preview.as_view(), name="preview"),
    path("programmes/<uuid:pk>/add/", programmes.AddItem.as_view(), name="add_item"),
    path("programmes/<uuid:pk>/publish/", programmes.Publish.as_view(), name="publish"),
    path("programmes/<uuid:pk>/end/", programmes.End.as_view(), name="end"),
    path("programme-items/<uuid:pk>/", programmes.ChangeItem.as_view(), name="change_item"),
    path("programme-items/<uuid:pk>/remove/", programmes.RemoveItem.as_view(), name="remove_item"),
    path("programme-items/<uuid:pk>/swap/", programmes.SwapItem.as_view(), name="swap_item"),
    path("home-logs/<uuid:pk>/seen/", programmes.MarkSeen.as_view(), name="mark_seen"),
    path("p/<str:token>/", portal.Portal.as_view(), name="portal"),
    path("p/<str:token>/time/", portal.PortalTime.as_view(), name="portal_time"),
    path("p/<str:token>/<uuid:item>/", portal.PortalItem.as_view(), name="portal_item"),
]
