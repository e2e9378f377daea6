from django.urls import URLPattern, URLResolver, path

from intake.views import public, staff

app_name = "intake"
urlpatterns: list[URLPattern | URLResolver] = [
    path("i/<str:token>/", public.Start.as_view(), name="start"),
    path("i/<str:token>/sent/", public.Thanks.as_view(), name="thanks"),
    path("i/<str:token>/link/new/", public.NewLink.as_view(), name="new_link"),
    path("i/<str:token>/<slug:page>/", public.AnswerPage.as_view(), name="page"),
    path("i/<str:token>/<slug:page>/save/", public.Save.as_view(), name="save"),
    path("i/<str:token>/<slug:page>/stop/", public.Stop.as_view(), name="stop"),
    path("clients/<uuid:pk>/intake/send/", staff.SendIntake.as_view(), name="send"),
    path("clients/<uuid:pk>/intake/here/", staff.IntakeHere.as_view(), name="here"),
    path("clients/<uuid:pk>/conditions/", staff.Conditions.as_view(), name="answer_condition"),
    path("intakes/requests/<uuid:pk>/revoke/", staff.RevokeIntake.as_view(), name="revoke"),
    path("intakes/<uuid:pk>/", staff.IntakePage.as_view(), name="intake"),
]
