from django.urls import URLPattern, URLResolver, path

from intake.views import public, rescreen, staff
from intake.views.builder import editing, lists, preview, publishing, words

app_name = "intake"
urlpatterns: list[URLPattern | URLResolver] = [
    path("i/<str:token>/", public.Start.as_view(), name="start"),
    path("i/<str:token>/sent/", public.Thanks.as_view(), name="thanks"),
    path("i/<str:token>/link/new/", public.NewLink.as_view(), name="new_link"),
    path("i/<str:token>/<slug:page>/", public.AnswerPage.as_view(), name="page"),
    path("i/<str:token>/<slug:page>/save/", public.Save.as_view(), name="save"),
    path("i/<str:token>/<slug:page>/stop/", public.Stop.as_view(), name="stop"),
    path("p/<str:token>/new/", rescreen.AskAgain.as_view(), name="rescreen"),
    path("p/<str:token>/new/<uuid:pk>/", rescreen.Said.as_view(), name="rescreen_said"),
    path("rescreens/<uuid:pk>/", rescreen.ReadAgain.as_view(), name="rescreen_read"),
    path("clients/<uuid:pk>/intake/send/", staff.SendIntake.as_view(), name="send"),
    path("clients/<uuid:pk>/intake/choose/", staff.ChooseForm.as_view(), name="choose_form"),
    path("clients/<uuid:pk>/intake/here/", staff.IntakeHere.as_view(), name="here"),
    path("clients/<uuid:pk>/conditions/", staff.Conditions.as_view(), name="answer_condition"),
    path("intakes/requests/<uuid:pk>/revoke/", staff.RevokeIntake.as_view(), name="revoke"),
    path("intakes/<uuid:pk>/", staff.IntakePage.as_view(), name="intake"),
    path("forms/", lists.Forms.as_view(), name="forms"),
    path("forms/new/", lists.NewForm.as_view(), name="new_form"),
    path("forms/shipped/default/", lists.MakeShippedDefault.as_view(), name="shipped_default"),
    path("forms/versions/<uuid:pk>/", lists.Version.as_view(), name="form_version"),
    path("forms/<uuid:pk>/", editing.Form.as_view(), name="form"),
    path("forms/<uuid:pk>/p/<slug:page>/", editing.FormPage.as_view(), name="form_page"),
    path("forms/<uuid:pk>/p/<slug:page>/autosave/", editing.KeepPage.as_view(), name="keep_form_page"),
    path("forms/<uuid:pk>/put-back/", editing.PutBack.as_view(), name="put_back"),
    path("forms/shipped/<slug:shipped>/preview/", preview.Preview.as_view(), name="preview_shipped"),
    path(
        "forms/shipped/<slug:shipped>/preview/<slug:page>/",
        preview.PreviewPage.as_view(),
        name="preview_shipped_page",
    ),
    path("forms/<uuid:pk>/preview/", preview.Preview.as_view(), name="preview_form"),
    path("forms/<uuid:pk>/preview/<slug:page>/", preview.PreviewPage.as_view(), name="preview_form_page"),
    path("forms/<uuid:pk>/scores/", words.Scores.as_view(), name="form_scores"),
    path("forms/<uuid:pk>/scores/autosave/", words.KeepScores.as_view(), name="keep_form_scores"),
    path("forms/<uuid:pk>/translate/<slug:language>/", words.Translate.as_view(), name="translate_form"),
    path(
        "forms/<uuid:pk>/translate/<slug:language>/autosave/",
        words.KeepTranslation.as_view(),
        name="keep_form_words",
    ),
    path("forms/<uuid:pk>/publish/", publishing.Publish.as_view(), name="publish_form"),
    path("forms/<uuid:pk>/versions/", lists.Versions.as_view(), name="form_versions"),
    path("forms/<uuid:pk>/default/", lists.MakeDefault.as_view(), name="default_form"),
    path("forms/<uuid:pk>/retire/", lists.Retire.as_view(), name="retire_form"),
    path("forms/<uuid:pk>/use-again/", lists.UseAgain.as_view(), name="use_form_again"),
]
