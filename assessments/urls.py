from django.urls import path

from assessments import views
from assessments.views import asked, portal, protocol, protocol_change

app_name = "assessments"
urlpatterns = [
    path("clients/<uuid:pk>/assessments/new/", views.NewAssessment.as_view(), name="new"),
    path("clients/<uuid:pk>/assessments/preview/", views.PreviewNew.as_view(), name="preview_new"),
    path("clients/<uuid:pk>/assessments/autosave/", views.AutosaveNew.as_view(), name="autosave_new"),
    path("clients/<uuid:pk>/progress/", views.Progress.as_view(), name="progress"),
    path("clients/<uuid:pk>/questionnaires/<slug:key>/", views.FillQuestionnaire.as_view(), name="fill_questionnaire"),
    path("clients/<uuid:pk>/questionnaires/", asked.AskForQuestionnaires.as_view(), name="ask_questionnaires"),
    path("asked/<uuid:pk>/withdraw/", asked.WithdrawQuestionnaire.as_view(), name="withdraw_questionnaire"),
    path("p/<str:token>/questions/<uuid:pk>/", portal.PortalQuestionnaire.as_view(), name="portal_questionnaire"),
    path("p/<str:token>/questions/<uuid:pk>/<int:number>/", portal.PortalQuestion.as_view(), name="portal_question"),
    path("questionnaires/<uuid:pk>/", views.QuestionnairePage.as_view(), name="questionnaire"),
    path(
        "questionnaires/<uuid:pk>/entered-in-error/",
        views.QuestionnaireInError.as_view(),
        name="questionnaire_in_error",
    ),
    path("assessments/<uuid:pk>/", views.AssessmentPage.as_view(), name="assessment"),
    path("assessments/<uuid:pk>/edit/", views.EditAssessment.as_view(), name="edit"),
    path("assessments/<uuid:pk>/preview/", views.PreviewEdit.as_view(), name="preview_edit"),
    path("assessments/<uuid:pk>/autosave/", views.AutosaveEdit.as_view(), name="autosave"),
    path("assessments/<uuid:pk>/sign/", views.Sign.as_view(), name="sign"),
    path("assessments/<uuid:pk>/accept/", views.AcceptUndecided.as_view(), name="accept"),
    path("assessments/<uuid:pk>/entered-in-error/", views.EnteredInError.as_view(), name="entered_in_error"),
    path("findings/<uuid:pk>/decision/", views.Decide.as_view(), name="decide"),
    path("import/", views.Import.as_view(), name="import"),
    path("protocol/", protocol.Protocol.as_view(), name="protocol"),
    path("protocol/findings/<slug:code>/", protocol_change.ChangeFinding.as_view(), name="protocol_finding"),
    path("protocol/pack/", protocol_change.ChangePack.as_view(), name="protocol_pack"),
    path("protocol/shipped/", protocol_change.BackToShipped.as_view(), name="protocol_shipped"),
    path("protocol/versions/", protocol.Versions.as_view(), name="protocol_versions"),
    path("protocol/versions/<uuid:pk>/", protocol.Version.as_view(), name="protocol_version"),
    path("protocol/versions/<uuid:pk>/pack.json", protocol.Download.as_view(), name="protocol_download"),
]
